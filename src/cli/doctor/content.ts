import { readEntry } from "../../compose/channel-entry.ts";
import type { Config, Environment } from "../../config.ts";
import { secretsFrom } from "../../connector/secret.ts";
import type { CompiledContent } from "../../content/compile.ts";
import { formatDiagnostic } from "../../content/print.ts";
import { readContent } from "../../content/read.ts";
import { parseSettings, SETTINGS_FILE, type Settings } from "../../content/settings.ts";
import { allowedSecrets } from "../../content/settings-secrets.ts";
import { secretName, secretsOf } from "../../domain/connector-schema.ts";
import type { Diagnostic } from "../../language/diagnostic.ts";
import { compileTexts, loadNamed } from "../content-check.ts";
import { CRM_VARIABLES } from "../example.ts";
import type { World } from "../world.ts";
import { type Finding, fine, problem, warning } from "./finding.ts";
import { checkWebhooks } from "./webhooks.ts";

interface Given {
  config: Config;
  env: Environment;
  world: World;
}

/** Does the content check, are its secrets here, and where do platforms have to send what they have. */
export async function checkContent({ config, env, world }: Given): Promise<Finding[]> {
  const { files, diagnostics: unread } = await readContent(config.home);
  const compiled = await compileTexts(files, world.adapters);
  const { settings } = parseSettings(files[SETTINGS_FILE] ?? "");
  const faults = [...unread, ...compiled.diagnostics].filter(({ severity }) => severity === "error");
  const first = faults[0];
  const found =
    first === undefined
      ? fine("content", `${Object.keys(files).length} files, no faults`)
      : problem(
          "content",
          `${faults.length} faults, first ${formatDiagnostic(first)}`,
          "Run frontdesk check and mend them.",
        );
  if (settings === null) return [found];
  return [
    found,
    ...compiled.diagnostics.filter(({ code }) => code === "F110").map(unseen),
    ...(await channelSecrets(settings, { env, world })),
    ...connectorSecrets(compiled.content, env),
    ...(await checkWebhooks(settings, { config, world })),
  ];
}

function unseen({ message }: Diagnostic): Finding {
  return warning("channels", message, "Put the desk where your team is: see channels/slack/README.md.");
}

/** Made by the program where it is not set: the page and its channels are one program. */
const OWN_SECRETS: ReadonlySet<string> = new Set(["env:PLAYGROUND_SECRET"]);

async function channelSecrets(settings: Settings, { env, world }: Omit<Given, "config">): Promise<Finding[]> {
  const channels = Object.values(settings.channels);
  const adapters = await loadNamed(new Set(channels.map(({ adapter }) => adapter)), world.adapters);
  return channels.flatMap(({ name, adapter, entry }) => {
    const found = adapters.get(adapter);
    if (found === undefined) return [];
    const missing = readEntry(found, entry, env).missing.filter(({ ref }) => !OWN_SECRETS.has(ref));
    if (missing.length === 0) return [fine("secrets", `channel ${name}: all there`)];
    return missing.map(({ at, ref, problem: message }) =>
      problem(
        "secrets",
        `channel ${name}, ${at}: ${ref} ${message}`,
        `Provide ${ref}; see channels/${adapter}/README.md.`,
      ),
    );
  });
}

function connectorSecrets(content: CompiledContent | null, env: Environment): Finding[] {
  if (content === null) return [];
  return Object.values(content.connectors).flatMap((manifest) => {
    const { id } = manifest;
    const lookUp = secretsFrom({ connector: id, allowed: allowedSecrets(content.settings, id), env });
    const missing = secretsOf(manifest).flatMap(({ ref }) => {
      const found = lookUp(ref);
      return found.ok ? [] : [{ name: secretName(ref), message: found.fault }];
    });
    if (missing.length === 0) return [fine("secrets", `connector ${id}: all there`)];
    // `start` runs the example's own account system where nothing else is named.
    if (missing.every(({ name }) => CRM_VARIABLES.some((variable) => name === `env:${variable}`))) {
      return [fine("secrets", `connector ${id}: start runs the example's account system for it`)];
    }
    return missing.map(({ name, message }) =>
      problem("secrets", `connector ${id}: ${message}`, `Provide ${name}, and start again.`),
    );
  });
}
