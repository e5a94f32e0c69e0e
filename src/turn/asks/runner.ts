/**
 * Runs one ask and journals its answer (T3). The ask is leased, its attempt is recorded before anything is sent, and its
 * answer is an event with a unique key, so that it is journalled once (T5).
 */
import type { Lanes } from "../../jobs/lanes.ts";
import { type Fence, moment } from "../../lib/fence.ts";
import type { Logger } from "../../lib/logger.ts";
import type { Meter } from "../../lib/meter.ts";
import { answerAsk, type ClaimedAsk, claimAsk, handBackAsk } from "../../store/asks.ts";
import { LEASE_MS } from "../../store/claim-parts.ts";
import type { Db } from "../../store/db.ts";
import { type Claimed, startHeartbeat } from "../../store/heartbeat.ts";
import { renewAsks } from "../../store/leases.ts";
import { retryUntilStored } from "../../store/retry-until-stored.ts";
import type { AskKind, AskRequest, AskRules } from "../core/ask.ts";
import { type CallHandlerOptions, callHandler } from "./call.ts";
import { type CodeHandlerOptions, codeHandler } from "./code.ts";
import { type AskEnding, endingOf, givenUp } from "./end.ts";
import { type FetchFile, fetchHandler } from "./fetch.ts";
import { type AskHandler, failedAnswer, mayLeave, type PreparedAsk } from "./kind.ts";
import { type ModelHandlerOptions, modelHandler } from "./model.ts";

export interface AskRunnerOptions extends CallHandlerOptions, CodeHandlerOptions {
  db: Db;
  lanes: Lanes;
  log: Logger;
  meter: Meter;
  fetch: FetchFile;
  model: Omit<ModelHandlerOptions, "db">;
}

/** null: no process runs this kind; its asks are answered from elsewhere, or expire. */
type AskHandlers = { readonly [Kind in AskKind]: AskHandler<Kind> | null };

export interface Asked {
  id: string;
  release: number;
  /** null where it can't be read, for the reason `fault`. */
  request: AskRequest | null;
  fault: string;
  rules: AskRules;
  /** True when it is only to be given up. */
  over: boolean;
  /** Aborted when this process stops. */
  stopping: AbortSignal;
}

/** Claims an ask, runs it or gives it up, and journals its answer. */
export function createAskRunner(o: AskRunnerOptions): (asked: Asked) => Promise<void> {
  const running = new Map<string, AbortController>();
  const heartbeat = startHeartbeat<string>({ leaseMs: LEASE_MS, renew: (claims) => renew(o.db, claims, running) });
  const model = modelHandler({ db: o.db, ...o.model });
  const handlers: AskHandlers = { call: callHandler(o), fetch: fetchHandler(o), code: codeHandler(o), model };
  return async (asked) => {
    const { id, rules, stopping } = asked;
    const prepared = await prepare(handlers, asked);
    const since = moment();
    const ask = await claimAsk(o.db, id, { inFlightMs: prepared.inFlightMs, maxAttempts: rules.attempts });
    if (ask === null) return;
    if (ask.verdict !== "run") return giveUp(o, { ask, prepared, rules, stopping });
    const cancelling = new AbortController();
    running.set(id, cancelling);
    const work = { ask, prepared, stopping, cancelling: cancelling.signal };
    try {
      await heartbeat.during({ id, attempt: ask.attempts, since }, (fence) => perform(o, { ...work, fence }));
    } finally {
      running.delete(id);
    }
  };
}

/** Renews the claims, and aborts those that nobody wants any more (E4). */
async function renew(db: Db, claims: readonly Claimed<string>[], running: ReadonlyMap<string, AbortController>) {
  const renewed = await renewAsks(db, claims);
  for (const { id, cancelled } of renewed) if (cancelled) running.get(id)?.abort(new Error("The ask was cancelled"));
  return renewed;
}

async function prepare(handlers: AskHandlers, { request, release, fault, over }: Asked): Promise<PreparedAsk> {
  if (request === null) return unprepared(fault);
  try {
    return await prepareOf(handlers, request, release);
  } catch (error) {
    // An ask that is over is given up even so; nothing is known of it, so it counts as a write.
    if (!over) throw error;
    return { ...unprepared(String(error)), inFlightMs: 0 };
  }
}

const prepareOf = async <Kind extends AskKind>(
  handlers: AskHandlers,
  request: AskRequest<Kind>,
  release: number,
): Promise<PreparedAsk> => {
  const handler = handlers[request.kind as Kind];
  return handler === null ? unprepared("Nothing runs it") : handler.prepare(request, release);
};

const unprepared = (fault: string): PreparedAsk => ({
  effect: null,
  inFlightMs: null,
  run: async () => ({ result: failedAnswer("bad_input", fault), uncertain: false }),
});

interface Performed {
  ask: ClaimedAsk;
  prepared: PreparedAsk;
  fence: Fence;
  stopping: AbortSignal;
  cancelling: AbortSignal;
}

/** Runs the ask and journals its answer; the lease is held until that is stored. */
async function perform(o: AskRunnerOptions, { ask, prepared, fence, stopping, cancelling }: Performed): Promise<void> {
  const { id, conversation, attempted } = ask;
  const { effect } = prepared;
  const started = performance.now();
  // A claim whose answer came late is void (E1).
  if (!fence.holds(0)) return handBack(o, ask, { mayHaveLeft: attempted });
  const end = await prepared.run({ ask: id, conversation, fence, signal: AbortSignal.any([stopping, cancelling]) });
  const interrupted = !mayLeave({ fence, signal: stopping });
  const settles = prepared.settle !== undefined;
  const ending = endingOf(end, { effect, attempted, interrupted, cancelled: cancelling.aborted, settles });
  if (ending.kind === "hand_back") return handBack(o, ask, ending);
  const settled = await settle(prepared, ending, stopping);
  if (settled === null) return handBack(o, ask, { mayHaveLeft: true });
  await journal(o, { ask, ending: settled, effect, tookMs: performance.now() - started });
}

/** Asks the system what came of a write of unknown outcome; null: this process stops before it knows. */
async function settle(
  prepared: PreparedAsk,
  ending: AskEnding & { kind: "answer" },
  stopping: AbortSignal,
): Promise<(AskEnding & { kind: "answer" }) | null> {
  if (ending.outcome !== "unknown" || prepared.settle === undefined) return ending;
  const result = await prepared.settle(stopping);
  if (result !== null) return { kind: "answer", result, outcome: result.ok ? "succeeded" : "failed" };
  return stopping.aborted ? null : ending;
}

async function giveUp(
  o: AskRunnerOptions,
  {
    ask,
    prepared,
    rules,
    stopping,
  }: { ask: ClaimedAsk; prepared: PreparedAsk; rules: AskRules; stopping: AbortSignal },
): Promise<void> {
  const { verdict, attempted, id: askId, conversation } = ask;
  if (verdict === "run") return;
  const { effect } = prepared;
  const ending = givenUp({ verdict, attempted, effect, rules });
  o.log.warn({ conversation, ask: askId, reason: verdict, attempts: ask.attempts }, "ask given up");
  if (!ending.result.ok) await prepared.beforeGivenUp?.(askId, ending.result.error.message);
  const settled = await settle(prepared, ending, stopping);
  // Its lease lapses, and the next process gives it up.
  if (settled !== null) await journal(o, { ask, ending: settled, effect, tookMs: 0 });
}

async function handBack(o: AskRunnerOptions, ask: ClaimedAsk, how: { mayHaveLeft: boolean }): Promise<void> {
  await retryUntilStored(() => handBackAsk(o.db, ask, how));
  o.log.info({ conversation: ask.conversation, ask: ask.id, lane: "answer" }, "ask left to the next process");
}

interface Journalled {
  ask: ClaimedAsk;
  ending: AskEnding & { kind: "answer" };
  effect: PreparedAsk["effect"];
  tookMs: number;
}

async function journal(o: AskRunnerOptions, { ask, ending, effect, tookMs }: Journalled): Promise<void> {
  const { result, outcome } = ending;
  const woken = await retryUntilStored(() => answerAsk(o.db, ask.id, { result, outcome, effect, tookMs }));
  o.meter.observeStage("answer", { ms: tookMs });
  const facts = { conversation: ask.conversation, ask: ask.id, lane: "answer", ms: Math.round(tookMs) };
  if (woken === null) return o.log.info({ ...facts, ok: result.ok, outcome }, "ask had been answered before");
  o.log.debug({ ...facts, ok: result.ok, outcome }, "ask answered");
  o.lanes.wake("turn", String(woken));
}
