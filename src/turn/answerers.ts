/**
 * Runs asks and journals their answers (T3). An ask is leased, its attempt is stamped before anything leaves, and its
 * answer is an event with a name of its own, so that it is journalled once (T5).
 */
import type { ConnectorManifest } from "../domain/connector-schema.ts";
import type { Lanes } from "../jobs/lanes.ts";
import type { Logger } from "../lib/logger.ts";
import type { Meter } from "../lib/meter.ts";
import { answerAsk, type ClaimedAsk, claimAsk } from "../store/asks.ts";
import type { Db } from "../store/db.ts";
import { startHeartbeat } from "../store/heartbeat.ts";
import { renewAsks } from "../store/leases.ts";
import { persist } from "../store/persist.ts";
import type { CallResult } from "../workflow/run.ts";
import type { CallRequest } from "./core/outcome.ts";

/** Calls one operation of a connector; never throws. */
export type CallOperation = (
  manifest: ConnectorManifest,
  request: CallRequest & { signal: AbortSignal },
) => Promise<CallResult>;

interface AnswerersOptions {
  db: Db;
  lanes: Lanes;
  log: Logger;
  meter: Meter;
  /** The connector as it stood in that release; null where there is none of that name. */
  connector: (release: number, id: string) => Promise<ConnectorManifest | null>;
  call: CallOperation;
}

/** The handler of the answer lane. */
export function createAnswerers(o: AnswerersOptions): (ask: string, signal: AbortSignal) => Promise<void> {
  const heartbeat = startHeartbeat<string>((ids) => renewAsks(o.db, ids));
  return async (id, signal) => {
    const ask = await claimAsk(o.db, id);
    if (ask === null) return;
    const started = performance.now();
    const result = await heartbeat.during(id, () => answer(o, ask, signal));
    const tookMs = performance.now() - started;
    const conversation = await persist(() => answerAsk(o.db, id, { result, tookMs }));
    o.meter.stage("answer", { ms: tookMs });
    o.log.debug(
      { conversation: ask.conversation, ask: id, lane: "answer", ms: Math.round(tookMs), ok: result.ok },
      "ask answered",
    );
    if (conversation !== null) o.lanes.wake("turn", String(conversation));
  };
}

async function answer(o: AnswerersOptions, ask: ClaimedAsk, signal: AbortSignal): Promise<CallResult> {
  const request = ask.request as CallRequest;
  const manifest = await o.connector(ask.release, request.connector);
  const operation = manifest?.operations[request.operation];
  if (manifest === null || operation === undefined) {
    return unanswered("bad_input", `There is no ${request.connector}.${request.operation} in this release.`);
  }
  const unsafe = operation.kind === "write" && operation.idempotencyHeader === null;
  if (ask.attemptedBefore !== null && unsafe) {
    return unanswered("ambiguous", "The process that made this call died; it may or may not have taken effect.");
  }
  return o.call(manifest, { ...request, signal });
}

const unanswered = (reason: "bad_input" | "ambiguous", says: string): CallResult => ({
  ok: false,
  error: { reason, says, retryable: false },
});
