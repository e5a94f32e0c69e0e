/**
 * Runs asks and journals their answers (T3). An ask is leased, its attempt is recorded before anything is sent, and its
 * answer is an event with a unique key, so that it is journalled once (T5).
 */

import { z } from "zod";
import type { CallResult } from "../domain/call.ts";
import type { ConnectorManifest } from "../domain/connector-schema.ts";
import type { Lanes } from "../jobs/lanes.ts";
import { moment } from "../lib/fence.ts";
import type { Logger } from "../lib/logger.ts";
import type { Meter } from "../lib/meter.ts";
import { own } from "../lib/own.ts";
import { answerAsk, type ClaimedAsk, claimAsk, readAsk } from "../store/asks.ts";
import { LEASE_MS } from "../store/claim-parts.ts";
import type { Db } from "../store/db.ts";
import { startHeartbeat } from "../store/heartbeat.ts";
import { renewAsks } from "../store/leases.ts";
import { retryUntilStored } from "../store/retry-until-stored.ts";
import {
  type AskAnswer,
  type AskKind,
  type AskRequest,
  type CallAsk,
  type FetchAsk,
  readRequest,
  UnknownAskKind,
} from "./core/ask.ts";

/** Calls one operation of a connector; never throws. */
export type CallOperation = (
  manifest: ConnectorManifest,
  request: CallAsk & { signal: AbortSignal },
) => Promise<CallResult>;

interface AskHandlersOptions {
  db: Db;
  lanes: Lanes;
  log: Logger;
  meter: Meter;
  /** The connector of that name in that release; null where there is none. */
  connector: (release: number, id: string) => Promise<ConnectorManifest | null>;
  call: CallOperation;
  fetch: FetchFile;
}

/** Fetches and stores a file; repeating it is harmless. */
export type FetchFile = (
  request: FetchAsk & { conversation: number; ask: string; signal: AbortSignal },
) => Promise<AskAnswer<"fetch">>;

/** Answers asks of one kind. */
interface AskHandler<Kind extends AskKind> {
  /**
   * Loads what the ask needs before it is claimed. The claim records that the effect may have taken place, so nothing
   * else may fail after it.
   */
  prepare(request: AskRequest<Kind>, release: number): Promise<Run<Kind>>;
}

/**
 * Runs the ask. null: our own shutdown interrupted it and it may be repeated, so it is left until the lease expires.
 */
type Run<Kind extends AskKind> = (ask: ClaimedAsk, signal: AbortSignal) => Promise<AskAnswer<Kind> | null>;

type AskHandlers = { readonly [Kind in AskKind]: AskHandler<Kind> };

/** Creates the handler of the answer lane. */
export function createAskHandlers(o: AskHandlersOptions): (ask: string, signal: AbortSignal) => Promise<void> {
  const heartbeat = startHeartbeat<string>({ leaseMs: LEASE_MS, renew: (claims) => renewAsks(o.db, claims) });
  const handlers: AskHandlers = { call: callHandler(o), fetch: fetchHandler(o) };
  return async (id, signal) => {
    const waiting = await readAsk(o.db, id);
    if (waiting === null) return;
    const run = await prepare(handlers, waiting);
    const since = moment();
    const ask = await claimAsk(o.db, id);
    if (ask === null) return;
    await heartbeat.during({ id, attempt: ask.attempts, since }, () => answer(o, { ask, run, signal }));
  };
}

async function prepare(handlers: AskHandlers, waiting: Pick<ClaimedAsk, "request" | "release">): Promise<Run<AskKind>> {
  try {
    return await prepareOf(handlers, readRequest(waiting.request), waiting.release);
  } catch (error) {
    // A process of its own version answers it; thrown, so that it stays pending.
    if (error instanceof UnknownAskKind || !(error instanceof z.ZodError)) throw error;
    const message = `The request can't be read: ${z.prettifyError(error)}`;
    return async () => failedAnswer("bad_input", message);
  }
}

const prepareOf = <Kind extends AskKind>(
  handlers: AskHandlers,
  request: AskRequest<Kind>,
  release: number,
): Promise<Run<AskKind>> => (handlers[request.kind as Kind] as AskHandler<Kind>).prepare(request, release);

interface Claimed {
  ask: ClaimedAsk;
  run: Run<AskKind>;
  signal: AbortSignal;
}

/** Runs the ask and journals its answer; the lease is held until that is stored. */
async function answer(o: AskHandlersOptions, { ask, run, signal }: Claimed): Promise<void> {
  const { id, conversation } = ask;
  const started = performance.now();
  const result = await run(ask, signal);
  const tookMs = performance.now() - started;
  const facts = { conversation, ask: id, lane: "answer", ms: Math.round(tookMs) };
  if (result === null) return o.log.info(facts, "ask left to the next process");
  const woken = await retryUntilStored(() => answerAsk(o.db, id, { result, tookMs }));
  o.meter.observeStage("answer", { ms: tookMs });
  o.log.debug({ ...facts, ok: result.ok }, "ask answered");
  if (woken !== null) o.lanes.wake("turn", String(woken));
}

/** Calls connectors. A write is repeated only where the connector takes an idempotency key. */
const callHandler = (o: AskHandlersOptions): AskHandler<"call"> => ({
  async prepare(request, release) {
    const manifest = await o.connector(release, request.connector);
    const operation = manifest === null ? undefined : own(manifest.operations, request.operation);
    if (manifest === null || operation === undefined) {
      const message = `There is no ${request.connector}.${request.operation} in this release.`;
      return async () => failedAnswer("bad_input", message);
    }
    const repeatable = operation.kind === "read" || operation.idempotencyHeader !== null;
    return async (ask, signal) => {
      if (ask.attemptedBefore !== null && !repeatable) {
        return failedAnswer("ambiguous", "The process that made this call died; it may or may not have taken effect.");
      }
      const result = await o.call(manifest, { ...request, signal });
      return isAborted(result, signal) && repeatable ? null : result;
    };
  },
});

/** Fetches files. Fetching twice is harmless, so our own shutdown leaves it to the next process. */
const fetchHandler = ({ fetch }: AskHandlersOptions): AskHandler<"fetch"> => ({
  prepare: async (request) => async (ask, signal) => {
    const result = await fetch({ ...request, conversation: ask.conversation, ask: ask.id, signal });
    return isAborted(result, signal) ? null : result;
  },
});

const isAborted = (result: CallResult, signal: AbortSignal): boolean =>
  signal.aborted && !result.ok && result.error.retryable;

const failedAnswer = (reason: "bad_input" | "ambiguous", message: string): AskAnswer<AskKind> & { ok: false } => ({
  ok: false,
  error: { reason, message, retryable: false },
});
