/** A channel's entry in frontdesk.yaml, as far as it can be read on a machine that may not have its secrets. */
import { z } from "zod";
import type { ChannelAdapter } from "../adapter/adapter.ts";
import type { Capabilities } from "../adapter/capabilities.ts";
import type { Environment } from "../config.ts";
import { resolveSecrets, type SecretFault } from "../lib/secret.ts";

export interface ReadEntry {
  /** What the adapter made of it, with stand-ins for secrets that are not here; the entry as written where it refused that. */
  config: unknown;
  /** Secrets that are not here. */
  missing: readonly SecretFault[];
  /** What the adapter finds wrong, not counting the places of missing secrets. */
  faults: readonly string[];
}

/** Stands for a secret that is not here; long enough for what only asks for length. */
const STAND_IN = "0".repeat(32);

/** Reads an entry. Never throws. */
export function readEntry(adapter: ChannelAdapter, entry: unknown, env: Environment): ReadEntry {
  const secrets = resolveSecrets(entry, { env });
  const missing = secrets.ok ? [] : secrets.fault;
  try {
    return { config: adapter.config.parse(secrets.ok ? secrets.value : standIn(entry, missing)), missing, faults: [] };
  } catch (error) {
    return { config: entry, missing, faults: faultsOf(error, new Set(missing.map(({ at }) => at))) };
  }
}

function standIn(entry: unknown, missing: readonly SecretFault[]): unknown {
  const refs = new Set(missing.map(({ ref }) => ref));
  return JSON.parse(JSON.stringify(entry), (_, value) => (refs.has(value) ? STAND_IN : value));
}

/** What a channel can show; that never depends on a secret. Throws Error with what its adapter finds wrong. */
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
