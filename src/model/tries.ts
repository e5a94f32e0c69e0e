/** Asks one model: with bounded retries after faults that pass, and one repair of an answer that does not fit. */
import type { ModelMessage } from "../domain/model.ts";
import { backoffMs } from "../lib/backoff.ts";
import { type CallDeps, type CallEnd, callModel } from "./call.ts";
import type { Endpoint } from "./endpoint.ts";
import type { Gate } from "./gates.ts";
import { consequenceOf, type ModelFault } from "./outcome.ts";
import type { Run } from "./run.ts";

/** Our choice: a fault that lasts for longer than two retries is left to the next model. */
const MAX_TRIES = 3;
/** Back-off before the first retry, doubled before the second. */
const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 8_000;
/** Random share added to a wait that a server asked for, so that callers do not all return at once. */
const JITTER = 0.3;
/** Longest wait that a server may ask for: short where another model can be asked, longer where none can. */
const PATIENCE_MS = { others: 2_000, last: 20_000 };

export interface TriesDeps extends CallDeps {
  /** From 0 up to 1. */
  chance: () => number;
}

export interface Choice {
  endpoint: Endpoint;
  gate: Gate;
  /** True where no other model is left. */
  last: boolean;
}

/** What came of asking a model, its repair included. */
export type ModelEnd = Exclude<CallEnd, { kind: "faulty" }>;

/** Asks a model until it answers, or until nothing more is to be expected of it. */
export async function askModel(deps: TriesDeps, run: Run, choice: Choice): Promise<ModelEnd> {
  const { messages } = run.request;
  const first = await tryModel(deps, run, { ...choice, messages });
  if (first.kind !== "faulty") return first;
  const second = await tryModel(deps, run, { ...choice, messages: [...messages, ...first.repair] });
  if (second.kind !== "faulty") return second;
  const message = `${choice.endpoint.model}: It was told what was wrong with its answer, and was wrong again.`;
  return { kind: "failed", fault: { outcome: "faulty", message, retryAfterMs: null, mayHaveLeft: true } };
}

async function tryModel(
  deps: TriesDeps,
  run: Run,
  asked: Choice & { messages: readonly ModelMessage[] },
): Promise<CallEnd> {
  for (let tries = 1; ; tries++) {
    const end = await callModel(deps, run, asked);
    if (end.kind !== "failed") return end;
    if (asked.gate.dialect.learn(end.fault.refused ?? [])) continue;
    const waitMs = waitOf(end.fault, { tries, chance: deps.chance, last: asked.last });
    if (waitMs === null || waitMs >= run.remainingMs() || !(await run.wait(waitMs))) return end;
  }
}

interface Waiting {
  /** Tries so far. */
  tries: number;
  chance: () => number;
  last: boolean;
}

/** Time to wait before the next try; null: there is none. Without the server's wish it is anywhere up to the back-off. */
function waitOf({ outcome, retryAfterMs }: ModelFault, { tries, chance, last }: Waiting): number | null {
  if (consequenceOf(outcome).next !== "again" || tries >= MAX_TRIES) return null;
  if (retryAfterMs === null) return backoffMs(tries, { baseMs: FIRST_WAIT_MS, maxMs: LONGEST_WAIT_MS }) * chance();
  const patienceMs = last ? PATIENCE_MS.last : PATIENCE_MS.others;
  return retryAfterMs > patienceMs ? null : retryAfterMs * (1 + JITTER * chance());
}
