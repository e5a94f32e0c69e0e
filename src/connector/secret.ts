import { type SecretRef, secretName } from "../domain/connector-schema.ts";
import { fail, ok, type Result } from "../lib/result.ts";
import { resolveSecrets } from "../lib/secret.ts";

/** Looks up a secret; the fault is one sentence with the problem and its fix. */
export type Secrets = (ref: SecretRef) => Result<string, string>;

interface SecretsOptions {
  /** The connector's id. */
  connector: string;
  /** The secrets that `frontdesk.yaml` lists for it under `secrets:`. */
  allowed: readonly string[];
  env: Readonly<Record<string, string | undefined>>;
}

/** Creates the look-up of one connector: only secrets listed for it, from the environment and from files. */
export function secretsFrom({ connector, allowed, env }: SecretsOptions): Secrets {
  return (ref) => {
    const name = secretName(ref);
    if (!allowed.includes(name)) {
      return fail(
        `The connector ${connector} may not use ${name}: add it under "secrets: ${connector}:" in frontdesk.yaml.`,
      );
    }
    const found = resolveSecrets(name, { env });
    if (found.ok) return ok(String(found.value));
    return fail(`The secret ${name} ${found.fault[0]?.problem ?? "is missing"}.`);
  };
}
