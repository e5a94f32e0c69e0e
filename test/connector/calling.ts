/** Calls of operations of a manifest, as a worker makes them. */
import {
  type CallMemory,
  type CallOptions,
  type CallRecord,
  callOperation,
  createCallMemory,
} from "../../src/connector/call.ts";
import { parseManifest } from "../../src/connector/manifest.ts";
import { secretsFrom } from "../../src/connector/secret.ts";
import type { ConnectorManifest } from "../../src/domain/connector-schema.ts";

/** Parses a manifest. Throws with its faults; warnings are allowed. */
export function manifestOf(source: string): ConnectorManifest {
  const { manifest, diagnostics } = parseManifest(source, "connectors/x.yaml");
  if (manifest === null) throw new Error(JSON.stringify(diagnostics));
  return manifest;
}

export interface Caller {
  memory: CallMemory;
  /** Time of the clock of its calls, in ms. */
  nowMs: number;
  call: (name: string, change?: Partial<CallOptions>) => Promise<CallRecord>;
  options: (change?: Partial<CallOptions>) => CallOptions;
}

/** A process that calls the operations of one connector. */
export function callerOf(
  manifest: ConnectorManifest,
  { env = {}, home = "/nowhere" }: { env?: Readonly<Record<string, string>>; home?: string } = {},
): Caller {
  const allowed = Object.keys(env).map((name) => `env:${name}`);
  const caller: Caller = {
    memory: createCallMemory({ home }),
    nowMs: 0,
    options: (change = {}) => ({
      input: {},
      key: "k1",
      secrets: secretsFrom({ connector: manifest.id, allowed, env }),
      memory: caller.memory,
      nowMs: () => caller.nowMs,
      ...change,
    }),
    call: (name, change) => callOperation(manifest, name, caller.options(change)),
  };
  return caller;
}
