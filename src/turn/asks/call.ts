/** Calls of connectors. A write is repeated only where the connector takes an idempotency key. */
import type { CallResult } from "../../domain/call.ts";
import { type ConnectorManifest, operationOf } from "../../domain/connector-schema.ts";
import type { CallAsk } from "../core/ask.ts";
import { type AskHandler, failedAnswer, mayLeave, type PreparedAsk } from "./kind.ts";

/** Calls one operation of a connector; never throws. */
export type CallOperation = (
  manifest: ConnectorManifest,
  request: CallAsk & { signal: AbortSignal; mayLeave: () => boolean },
) => Promise<{ result: CallResult; uncertain: boolean }>;

/** Finds out what came of a write of unknown outcome; null: nobody can tell. Never throws. */
export type SettleWrite = (
  manifest: ConnectorManifest,
  request: CallAsk & { signal: AbortSignal },
) => Promise<CallResult | null>;

export interface CallHandlerOptions {
  /** The connector of that name in that release; null where there is none. */
  connector: (release: number, id: string) => Promise<ConnectorManifest | null>;
  call: CallOperation;
  settle: SettleWrite;
}

/** Added to a request's time-out: its end may be noticed late on a busy machine. */
const IN_FLIGHT_MARGIN_MS = 1_000;

export const callHandler = ({ connector, call, settle }: CallHandlerOptions): AskHandler<"call"> => ({
  async prepare(request, release) {
    const manifest = await connector(release, request.connector);
    const operation = manifest === null ? undefined : operationOf(manifest, request.operation);
    const name = `${request.connector}.${request.operation}`;
    if (manifest === null || operation === undefined) return missing(name);
    const { repeatable } = operation;
    return {
      effect: { operation: name, write: operation.kind === "write" },
      inFlightMs: repeatable ? null : (request.timeoutMs ?? operation.timeoutMs) + IN_FLIGHT_MARGIN_MS,
      ...(operation.readBack === null ? {} : { settle: (signal) => settle(manifest, { ...request, signal }) }),
      run(attempt) {
        // A write that may not be repeated is left to end when the claim lapses: once it left, only its answer tells what
        // came of it, and nobody takes it over meanwhile. What has not left is held back by `mayLeave`.
        const signal = repeatable ? AbortSignal.any([attempt.signal, attempt.fence.signal]) : attempt.signal;
        return call(manifest, { ...request, signal, mayLeave: () => mayLeave(attempt) });
      },
    };
  },
});

const missing = (name: string): PreparedAsk<"call"> => ({
  effect: null,
  inFlightMs: null,
  run: async () => ({
    result: failedAnswer("bad_input", `There is no ${name} in this release.`),
    uncertain: false,
  }),
});
