import { type SecretRef, secretName } from "../domain/connector-schema.ts";
import { fail, ok, type Result } from "../lib/result.ts";
import { resolveSecrets } from "../lib/secret.ts";

/** Looks a secret up where it is kept; the fault says in one sentence why there is none, and what to do. */
export type Secrets = (ref: SecretRef) => Result<string, string>;

interface Kept {
  /** The connector that asks. */
  connector: string;
  /** What `frontdesk.yaml` lists for it under `secrets:`. */
  allowed: readonly string[];
  env: Readonly<Record<string, string | undefined>>;
}

/** Secrets from the environment and from files, for one connector: those that are listed for it and no others. */
export function secretsFrom({ connector, allowed, env }: Kept): Secrets {
  return (ref) => {
    const name = secretName(ref);
    if (!allowed.includes(name)) {
      return fail(
        `The connector ${connector} may not use ${name}: add it under "secrets: ${connector}:" in frontdesk.yaml.`,
      );
    }
    const found = resolveSecrets(name, { env });
    if (found.ok) return ok(String(found.value));
    return fail(`The secret ${name} ${found.fault[0]?.problem ?? "is not there"}.`);
  };
}
