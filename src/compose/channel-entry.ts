/** Reads a channel's entry in frontdesk.yaml, also on a machine without its secrets. */
import { z } from "zod";
import type { ChannelAdapter } from "../adapter/adapter.ts";
import type { Capabilities } from "../adapter/capabilities.ts";
import type { Environment } from "../config.ts";
import { resolveSecrets, type SecretFault } from "../lib/secret.ts";

export interface ReadEntry {
  /** The adapter's configuration, with placeholders for missing secrets; the entry itself when the adapter refused it. */
  config: unknown;
  /** Secrets that could not be resolved. */
  missing: readonly SecretFault[];
  /** Faults found by the adapter, except at missing secrets. */
  faults: readonly string[];
}

/** Placeholder for a missing secret, long enough to pass length checks. */
const PLACEHOLDER = "0".repeat(32);

/** Reads an entry. Never throws. */
export function readEntry(adapter: ChannelAdapter, entry: unknown, env: Environment): ReadEntry {
  const secrets = resolveSecrets(entry, { env });
  const missing = secrets.ok ? [] : secrets.fault;
  try {
    return {
      config: adapter.config.parse(secrets.ok ? secrets.value : withPlaceholders(entry, missing)),
      missing,
      faults: [],
    };
  } catch (error) {
    return { config: entry, missing, faults: faultsOf(error, new Set(missing.map(({ at }) => at))) };
  }
}

function withPlaceholders(entry: unknown, missing: readonly SecretFault[]): unknown {
  const refs = new Set(missing.map(({ ref }) => ref));
  return JSON.parse(JSON.stringify(entry), (_, value) => (refs.has(value) ? PLACEHOLDER : value));
}

/** Returns a channel's capabilities, which never depend on a secret. Throws Error listing the faults its adapter finds. */
export function capabilitiesOf(adapter: ChannelAdapter, entry: unknown): Capabilities {
  const { config, faults } = readEntry(adapter, entry, {});
  if (faults.length > 0) throw new Error(faults.join("; "));
  return adapter.capabilities(config);
}

function faultsOf(error: unknown, hidden: ReadonlySet<string>): string[] {
  if (!(error instanceof z.ZodError)) return [error instanceof Error ? error.message : String(error)];
  return error.issues.flatMap(({ path, message }) => {
    const at = path.map(String).join(".");
    if (hidden.has(at)) return [];
    return at === "" ? message : `${at} ${message}`;
  });
}
