/**
 * Runs asks and journals their answers (T3). An ask is leased, its attempt is stamped before anything leaves, and its
 * answer is an event with a name of its own, so that it is journalled once (T5).
 */

import type { ConnectorManifest } from "../domain/connector-schema.ts";
import type { Lanes } from "../jobs/lanes.ts";
import type { Logger } from "../lib/logger.ts";
import type { Meter } from "../lib/meter.ts";
import { own } from "../lib/own.ts";
import { answerAsk, type ClaimedAsk, claimAsk, readAsk } from "../store/asks.ts";
import type { Db } from "../store/db.ts";
import { startHeartbeat } from "../store/heartbeat.ts";
import { renewAsks } from "../store/leases.ts";
import { retryUntilStored } from "../store/retry-until-stored.ts";
import type { CallResult } from "../workflow/run.ts";
import type { CallRequest, FetchRequest } from "./core/outcome.ts";

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
  fetch: FetchFile;
}

/** Fetches a file and keeps it, however often it is asked for. */
export type FetchFile = (
  request: FetchRequest & { conversation: number; ask: string; signal: AbortSignal },
) => Promise<CallResult>;

/** The handler of the answer lane. */
export function createAnswerers(o: AnswerersOptions): (ask: string, signal: AbortSignal) => Promise<void> {
  const heartbeat = startHeartbeat<string>((ids) => renewAsks(o.db, ids));
  return async (id, signal) => {
    const waiting = await readAsk(o.db, id);
    if (waiting === null) return;
    // Before the claim: its mark says that the call may have been made, so nothing else may fail under it.
    const wanted = waiting.request as CallRequest | FetchRequest;
    const manifest = wanted.kind === "fetch" ? null : await o.connector(waiting.release, wanted.connector);
    const ask = await claimAsk(o.db, id);
    if (ask !== null) await heartbeat.during(id, () => answer(o, { ask, manifest, signal }));
  };
}

interface Claimed {
  ask: ClaimedAsk;
  manifest: ConnectorManifest | null;
  signal: AbortSignal;
}

/** Makes the call and journals what came back, under the lease until that is stored. */
async function answer(o: AnswerersOptions, claimed: Claimed): Promise<void> {
  const { id, conversation } = claimed.ask;
  const started = performance.now();
  const result = await resultOf(o, claimed);
  const tookMs = performance.now() - started;
  const facts = { conversation, ask: id, lane: "answer", ms: Math.round(tookMs) };
  if (result === null) return o.log.info(facts, "ask left to the next process");
  const woken = await retryUntilStored(() => answerAsk(o.db, id, { result, tookMs }));
  o.meter.observeStage("answer", { ms: tookMs });
  o.log.debug({ ...facts, ok: result.ok }, "ask answered");
  if (woken !== null) o.lanes.wake("turn", String(woken));
}

/** null where only our own stop kept a call from its answer, and it may be made again: once the lease is over. */
async function resultOf(o: AnswerersOptions, { ask, manifest, signal }: Claimed): Promise<CallResult | null> {
  const wanted = ask.request as CallRequest | FetchRequest;
  if (wanted.kind === "fetch") return fetched(o, { ask, wanted, signal });
  const request = wanted;
  const operation = manifest === null ? undefined : own(manifest.operations, request.operation);
  if (manifest === null || operation === undefined) {
    return unanswered("bad_input", `There is no ${request.connector}.${request.operation} in this release.`);
  }
  const repeatable = operation.kind === "read" || operation.idempotencyHeader !== null;
  if (ask.attemptedBefore !== null && !repeatable) {
    return unanswered("ambiguous", "The process that made this call died; it may or may not have taken effect.");
  }
  const result = await o.call(manifest, { ...request, signal });
  const calledOff = signal.aborted && !result.ok && result.error.retryable;
  return calledOff && repeatable ? null : result;
}

interface Wanted {
  ask: ClaimedAsk;
  wanted: FetchRequest;
  signal: AbortSignal;
}

/** Fetching twice is harmless, so a stop of ours leaves it to the next process. */
async function fetched({ fetch }: AnswerersOptions, { ask, wanted, signal }: Wanted): Promise<CallResult | null> {
  const result = await fetch({ ...wanted, conversation: ask.conversation, ask: ask.id, signal });
  return signal.aborted && !result.ok && result.error.retryable ? null : result;
}

const unanswered = (reason: "bad_input" | "ambiguous", message: string): CallResult => ({
  ok: false,
  error: { reason, message, retryable: false },
});
