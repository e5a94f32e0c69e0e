/** Moves a run on: an input comes in, and the run goes as far as it can. Its invariants stand at the head of run.ts. */
import { isSpent } from "../language/budget.ts";
import { enter, over } from "./activation.ts";
import { apply } from "./apply.ts";
import { onCallResult, prefetch } from "./calls.ts";
import { onCodeResult, runCode } from "./code-blocks.ts";
import type { Command, Refusal } from "./command.ts";
import type { Procedure } from "./definition.ts";
import { setFromContact } from "./fields.ts";
import { onModelAnswer } from "./model-answer.ts";
import { askAgain } from "./questions.ts";
import { dueHandoff, stalledHandoff, stuck } from "./rules.ts";
import type { OpenAsk, ProcedureInput, ProcedureProgress, ProcedureRun, ProcedureWait, ProcedureWorld } from "./run.ts";
import { selectByWords } from "./selection.ts";
import { tellWhatIsPassedOn } from "./told.ts";
import { decide } from "./understudy/decide.ts";
import { onWords } from "./words.ts";
import { active, changeRun, isUnderstudy, journal, type Move, mint, on, type Work, wait } from "./work.ts";

/** Moves without a wait. More are a circle of the file. */
const MOVES_MAX = 200;
/** Decisions in one turn: calls of a model, or of the understudy, which costs nothing. */
const MODEL_DECISIONS_MAX = 6;
const UNDERSTUDY_DECISIONS_MAX = 50;
/** Refused commands in one turn, after which the model is not asked again. */
const REFUSALS_MAX = 2;

type Find = (id: string) => Procedure | null;

/** Begins a run. `procedure`: null lets the customer's words decide which one is wanted. */
export function startProcedure(
  procedure: Procedure | null,
  { text, world, find }: { text: string; world: ProcedureWorld; find: Find },
): ProcedureProgress {
  const work: Work = { run: newRun(text), effects: [], world, find };
  return guarded(work, () => {
    if (procedure !== null) return enter(work, procedure);
    return world.model ? on : selectByWords(work);
  });
}

/** Gives a run an input and moves it on. */
export function advanceProcedure(
  run: ProcedureRun,
  input: ProcedureInput,
  { world, find }: { world: ProcedureWorld; find: Find },
): ProcedureProgress {
  const work: Work = { run, effects: [], world, find };
  return guarded(work, () => handle(work, input));
}

function newRun(text: string): ProcedureRun {
  return {
    stack: [],
    heard: text === "" ? [] : [text],
    news: true,
    queue: [],
    exchange: [],
    pending: null,
    quiet: null,
    asks: [],
    counted: {},
    used: [],
    turn: { decisions: 0, refusals: 0, progress: true, spoke: false, asked: false, understudy: false },
    counts: { turns: 1, stalled: 0, clarified: 0, costUsd: 0 },
    replies: [],
    verified: false,
    introduced: false,
    minted: 0,
  };
}

function handle(work: Work, input: ProcedureInput): Move {
  switch (input.kind) {
    case "start":
      return on;
    case "words":
      return onWords(work, input.reply);
    case "answer":
      return onAnswer(work, input);
    case "alarm":
      changeRun(work, { quiet: null });
      return on;
  }
}

function onAnswer(work: Work, { ask: id, result }: Extract<ProcedureInput, { kind: "answer" }>): Move {
  const ask = work.run.asks.find((one) => one.ask === id);
  if (ask === undefined) return wait;
  changeRun(work, { asks: work.run.asks.filter((one) => one.ask !== id) });
  switch (ask.kind) {
    case "call":
      return onCallResult(work, ask, result);
    case "code":
      return onCodeResult(work, ask, result);
    case "model":
      return onModelAnswer(work, result);
  }
}

/** T1: after an error in our own code a person takes over; nothing is thrown. */
function guarded(work: Work, go: () => Move): ProcedureProgress {
  try {
    return progressOf(work, proceed(work, go()));
  } catch (error) {
    journal(
      work,
      "procedure.surprise",
      `The procedure could not go on: ${error instanceof Error ? error.message : "unknown"}`,
    );
    const because = "The procedure could not go on";
    return progressOf(work, over(work, { kind: "handoff", to: "", reason: "failure", because, summary: "" }));
  }
}

function progressOf(work: Work, move: Move): ProcedureProgress {
  const { run, effects } = work;
  if (move.kind === "over") {
    tellWhatIsPassedOn(work, move.end);
    if (run.quiet !== null) effects.push({ kind: "cancel_alarm", alarm: run.quiet });
    const unasked = run.asks.map(({ ask }) => ({ kind: "call_off", ask }) as const);
    return { kind: "over", end: move.end, effects: [...effects, ...unasked] };
  }
  return { kind: "waits", run, waits: waitsOf(run), effects };
}

function waitsOf({ asks, pending, quiet }: ProcedureRun): readonly ProcedureWait[] {
  const answers = asks.map((one) => ({ kind: "answer", ask: one.ask, operation: operationOf(one) }) as const);
  const question = pending === null ? [] : [{ kind: "choice", prompt: pending.prompt } as const];
  const burst = quiet === null ? [] : [{ kind: "alarm", alarm: quiet } as const];
  return [...answers, ...question, ...burst, { kind: "words" }];
}

function operationOf(ask: OpenAsk): string {
  switch (ask.kind) {
    case "call":
      return ask.operation;
    case "code":
      return `code ${ask.block}`;
    case "model":
      return "the model";
  }
}

/** Goes on until something is waited for, or the run is over. */
function proceed(work: Work, first: Move): Move {
  let move = first;
  for (let moves = 0; move.kind === "on"; moves++) {
    if (moves >= MOVES_MAX) return stuck(work, "The procedure went round in a circle");
    if (isSpent(work.world.budget)) return stuck(work, "The texts and conditions of this event cost too much");
    move = next(work);
  }
  return move;
}

/** One move: a rule, a lookup that is due, the next command, or a decision. */
function next(work: Work): Move {
  const due = dueHandoff(work);
  if (due !== null) return due;
  setFromContact(work);
  const looksUp = [runCode(work), prefetch(work)].some(Boolean);
  if (looksUp) return wait;
  const [command, ...rest] = work.run.queue;
  if (command !== undefined) {
    changeRun(work, { queue: rest });
    return perform(work, command);
  }
  if (work.run.asks.length > 0 || work.run.quiet !== null) return wait;
  return work.run.news ? decideNext(work) : idle(work);
}

/** Nothing is new: the run waits for the customer, who has to have heard something. */
function idle(work: Work): Move {
  const stalled = stalledHandoff(work);
  if (stalled !== null) return stalled;
  const { pending, turn } = work.run;
  if (turn.asked) return wait;
  if (pending !== null) {
    // A question is shown again below other words, so that its numbers are the last ones shown.
    if (turn.spoke) askAgain(work, "");
    return wait;
  }
  if (turn.spoke) return wait;
  changeRun(work, { news: true });
  return on;
}

function perform(work: Work, command: Command): Move {
  const done = apply(work, command);
  if ("kind" in done) {
    remember(work, command, { ok: true });
    return done;
  }
  return onRefusal(work, command, done);
}

function onRefusal(work: Work, command: Command, { rule, message }: Refusal): Move {
  journal(work, `guard.${rule}`, `Refused ${command.kind}: ${message}`);
  remember(work, command, { ok: false, message });
  const { turn } = work.run;
  changeRun(work, { queue: [], news: true, turn: { ...turn, refusals: turn.refusals + 1 } });
  if (isUnderstudy(work) || work.run.turn.refusals > REFUSALS_MAX) return stuck(work, message);
  return on;
}

function remember(work: Work, command: Command, result: { ok: true } | { ok: false; message: string }): void {
  // A call's result comes later.
  if (command.kind === "use" && result.ok) return;
  changeRun(work, { exchange: [...work.run.exchange, { command, result }] });
}

/** Asks the model, or lets the understudy decide. */
function decideNext(work: Work): Move {
  const { turn } = work.run;
  const understudy = isUnderstudy(work);
  if (turn.decisions >= (understudy ? UNDERSTUDY_DECISIONS_MAX : MODEL_DECISIONS_MAX))
    return stuck(work, `${turn.decisions} decisions in one turn did not settle it`);
  changeRun(work, { news: false, turn: { ...turn, decisions: turn.decisions + 1 } });
  if (!understudy) return askModel(work);
  if (active(work) === null) return selectByWords(work);
  changeRun(work, { queue: decide(work) });
  return on;
}

function askModel(work: Work): Move {
  const ask = mint(work);
  changeRun(work, { asks: [...work.run.asks, { kind: "model", ask }] });
  work.effects.push({ kind: "model", ask });
  return wait;
}
