/**
 * One request to one model: reserved before it leaves, settled after.
 *
 * 1. Nothing leaves without a reservation within all budgets.
 * 2. What a server may have worked for is paid for: where it does not say how much, the reservation stands in for it.
 */
import type { ModelMessage, ModelUsage } from "../domain/model.ts";
import type { ModelLimits, ModelTier } from "../domain/model-settings.ts";
import type { Logger } from "../lib/logger.ts";
import type { Meter } from "../lib/meter.ts";
import type { Slots } from "../lib/slots.ts";
import type { Db } from "../store/db.ts";
import {
  type BudgetLimits,
  type BudgetScope,
  type CallUse,
  type ReservedCall,
  reserveCall,
  settleCall,
} from "../store/model-calls.ts";
import { retryUntilStored } from "../store/retry-until-stored.ts";
import { type ParsedAnswer, parseAnswer } from "./answer.ts";
import type { Endpoint } from "./endpoint.ts";
import { costOf, estimateUsage } from "./estimate.ts";
import type { Gate } from "./gates.ts";
import { consequenceOf, type FaultOutcome, type ModelFault } from "./outcome.ts";
import type { Run } from "./run.ts";
import { type Sent, sendRequest } from "./send.ts";
import { bodyOf, type RawAnswer, readCompletion } from "./wire.ts";

export interface CallDeps {
  db: Db;
  log: Logger;
  meter: Meter;
  /** A clock that nobody sets. */
  nowMs: () => number;
  /** Slots of reservations, each of which holds a connection to the database. */
  reserving: Slots;
}

export type CallEnd =
  | { kind: "answered"; raw: RawAnswer; parsed: ParsedAnswer }
  /** `repair`: the messages that ask the model to mend its answer. */
  | { kind: "faulty"; repair: readonly ModelMessage[] }
  | { kind: "failed"; fault: ModelFault }
  | { kind: "denied"; scope: BudgetScope };

interface Asked {
  endpoint: Endpoint;
  gate: Gate;
  messages: readonly ModelMessage[];
}

/** Calls a model once, when it has a slot. Throws errors of the database. */
export async function callModel(deps: CallDeps, run: Run, asked: Asked): Promise<CallEnd> {
  const { endpoint, gate } = asked;
  const giveBack = await gate.slots.take(run.signal).catch(() => null);
  if (giveBack === null) return { kind: "failed", fault: stopped(run, endpoint) };
  try {
    const closed = closedFault(deps, run, asked);
    const end = closed === null ? await reserveAndSend(deps, run, asked) : { kind: "failed" as const, fault: closed };
    deps.meter.countModelCall(endpoint.model, outcomeOf(end));
    return end;
  } finally {
    giveBack();
  }
}

const outcomeOf = (end: CallEnd): string => (end.kind === "failed" ? end.fault.outcome : end.kind);

const faultOf = (outcome: FaultOutcome, message: string, retryAfterMs: number | null = null): ModelFault => ({
  outcome,
  message,
  retryAfterMs,
  mayHaveLeft: false,
});

/** Ended by the run's own signal. */
const stopped = (run: Run, { model }: Endpoint): ModelFault =>
  run.mayLeave()
    ? faultOf("timeout", `${model}: There was no time left to ask it.`)
    : faultOf("cancelled", `${model}: The request was called off.`);

/** Shortest time in which a model answers. */
const LEAST_MS = 1_000;

/** The fault that keeps a request from being made now; null: none. */
function closedFault({ nowMs }: CallDeps, run: Run, { endpoint, gate }: Asked): ModelFault | null {
  if (!run.mayLeave() || run.remainingMs() < LEAST_MS) return stopped(run, endpoint);
  const { model } = endpoint;
  const restsMs = gate.restsMs(nowMs());
  if (restsMs > 0) return faultOf("rate_limited", `${model}: It was asked too often, and rests.`, restsMs);
  if (gate.admits(nowMs())) return null;
  return faultOf("paused", `${model}: It failed several times in a row, so requests are paused for a moment.`);
}

async function reserveAndSend(deps: CallDeps, run: Run, asked: Asked): Promise<CallEnd> {
  const { endpoint, gate, messages } = asked;
  const body = bodyOf(run.request, { model: endpoint.model, dialect: gate.dialect.now, messages });
  const estimate = estimateUsage(body, run.request.maxOutputTokens);
  const timeoutMs = Math.ceil(Math.min(endpoint.timeoutMs, run.remainingMs()));
  const reserved = await reserve(deps, run, { endpoint, estimate, timeoutMs });
  if (reserved === null) return { kind: "failed", fault: stopped(run, endpoint) };
  if (reserved.kind === "denied") return reserved;
  const begunMs = deps.nowMs();
  const { signal } = run;
  const sent = await sendRequest(endpoint, body, { timeoutMs, signal, mayLeave: () => run.mayLeave() });
  const read = readSent(run, endpoint, sent);
  record(gate, read.end, deps.nowMs());
  const use = useOf(read, { endpoint, estimate, tookMs: deps.nowMs() - begunMs });
  await settle(deps, run, { call: reserved.call, endpoint, use });
  return read.end;
}

/** Kept for longer than the request may take, so that only a process that died leaves it to expire. */
const RESERVED_MARGIN_MS = 60_000;

interface Reserving {
  endpoint: Endpoint;
  estimate: ModelUsage;
  timeoutMs: number;
}

/** Reserves the call when its turn comes; null: the run ended first. */
async function reserve(
  { db, reserving }: CallDeps,
  run: Run,
  { endpoint, estimate, timeoutMs }: Reserving,
): Promise<ReservedCall | null> {
  const giveBack = await reserving.take(run.signal).catch(() => null);
  if (giveBack === null) return null;
  const { conversation, procedure, purpose, tier } = run.request;
  const call = {
    conversation,
    procedure,
    purpose,
    tier: tier satisfies ModelTier,
    model: endpoint.model,
    costUsd: costOf(endpoint.price, estimate) ?? 0,
    tokens: estimate.input + estimate.output,
    expiresMs: timeoutMs + RESERVED_MARGIN_MS,
  };
  return reserveCall(db, call, budgetLimits(run.limits, procedure?.costUsd ?? null)).finally(giveBack);
}

const budgetLimits = (limits: ModelLimits, procedureUsd: number | null): BudgetLimits => ({
  day: { costUsd: limits.costPerDayUsd, tokens: limits.tokensPerDay },
  conversation: { costUsd: limits.costPerConversationUsd, tokens: limits.tokensPerConversation },
  procedure: { costUsd: procedureUsd, tokens: null },
});

/** An end with the usage that the server told; null: it told none. */
interface ReadSent {
  end: CallEnd;
  usage: ModelUsage | null;
}

function readSent(run: Run, { model }: Endpoint, sent: Sent): ReadSent {
  if (sent.kind === "fault") return { end: { kind: "failed", fault: timely(run, sent.fault) }, usage: null };
  const completion = readCompletion(sent.body);
  const left = { retryAfterMs: null, mayHaveLeft: true };
  if (completion === null) {
    const message = `${model}: The server's answer is no completion.`;
    return { end: { kind: "failed", fault: { outcome: "unreadable", message, ...left } }, usage: null };
  }
  const { usage, answer: raw } = completion;
  if (completion.refused) {
    const message = `${model}: The model declined to answer.`;
    return { end: { kind: "failed", fault: { outcome: "refused", message, ...left } }, usage };
  }
  const parsed = parseAnswer(run.request, raw);
  if (!parsed.ok) return { end: { kind: "faulty", repair: parsed.fault }, usage };
  return { end: { kind: "answered", raw, parsed: parsed.value }, usage };
}

/** A request that was aborted because the time was over timed out; nobody cancelled it. */
function timely(run: Run, fault: ModelFault): ModelFault {
  if (fault.outcome !== "cancelled" || !run.mayLeave()) return fault;
  return { ...fault, outcome: "timeout", message: "The models gave no answer in time." };
}

function record(gate: Gate, end: CallEnd, nowMs: number): void {
  if (end.kind === "denied") return;
  const answers = end.kind === "failed" ? consequenceOf(end.fault.outcome).answers : true;
  if (answers !== null) gate.record(answers, nowMs);
  if (end.kind === "failed" && end.fault.outcome === "rate_limited" && end.fault.retryAfterMs !== null)
    gate.rest(end.fault.retryAfterMs, nowMs);
}

const NOTHING: ModelUsage = { input: 0, cached: 0, output: 0 };

function useOf({ end, usage }: ReadSent, o: { endpoint: Endpoint; estimate: ModelUsage; tookMs: number }): CallUse {
  const billed = end.kind !== "failed" || (consequenceOf(end.fault.outcome).billed && end.fault.mayHaveLeft);
  const used = usage ?? (billed ? o.estimate : NOTHING);
  return {
    outcome: outcomeOf(end),
    inputTokens: used.input,
    cachedTokens: used.cached,
    outputTokens: used.output,
    costUsd: costOf(o.endpoint.price, used),
    estimated: usage === null && billed,
    tookMs: o.tookMs,
  };
}

interface Settling {
  call: number;
  endpoint: Endpoint;
  use: CallUse;
}

/** A paid answer is worth more than its row: where that can't be written, the reservation expires by itself. */
async function settle({ db, log, meter }: CallDeps, run: Run, { call, endpoint, use }: Settling): Promise<void> {
  const { inputTokens: input, cachedTokens: cached, outputTokens: output, tookMs: ms } = use;
  const costUsd = use.costUsd ?? 0;
  const { usage } = run.spent;
  run.spent.usage = { input: usage.input + input, cached: usage.cached + cached, output: usage.output + output };
  run.spent.costUsd += costUsd;
  meter.observeModelUse(endpoint.model, { input, cached, output, costUsd, ms });
  const { conversation } = run.request;
  try {
    await retryUntilStored(() => settleCall(db, call, use));
  } catch (error) {
    log.error({ err: error, conversation, call }, "model call not settled");
  }
  const { model } = endpoint;
  log.debug({ conversation, model, outcome: use.outcome, input, cached, output, ms: Math.round(ms) }, "model asked");
}
