/**
 * Walks a workflow until it waits or ends. Pure, and never throws; its invariants stand at the head of `run.ts`.
 * The path of a frame is the step that the run is at: the one that it waits in, or the `workflow:` step of a call.
 */
import { type Budget, isSpent, newBudget } from "../language/budget.ts";
import type { Values } from "../language/expression.ts";
import type { TriggerName, Workflow } from "./definition.ts";
import {
  type Advanced,
  type CallResult,
  type Facts,
  type FindWorkflow,
  NO_PROCEDURES,
  type ProcedureCatalog,
  type Reply,
  type Run,
  type RunInput,
  type Wait,
} from "./run.ts";
import { here, moved } from "./run-position.ts";
import { definitionOf } from "./step-kinds.ts";
import { takeStep } from "./take-step.ts";
import { TRIGGERS } from "./triggers.ts";
import { escalate, failedStep, journalLine, next, type StepOutcome, save, type Walk } from "./walk.ts";

/** Steps without a wait. More are treated as an endless loop of gotos. */
export const MAX_STEPS_AT_ONCE = 500;
/** Steps of one run in total, so that a loop over calls or waits of zero length ends too. */
const MAX_STEPS_OF_RUN = 10_000;

interface Outside {
  facts: Facts;
  /** Files of the run's own release. */
  find: FindWorkflow;
  /** Procedures of that release; left out where there are none. */
  catalog?: ProcedureCatalog;
  /** The rest of the event's budget, if several runs share it; without it the run has one of its own. */
  budget?: Budget;
}

interface Begin extends Outside {
  id: string;
  release: number;
  trigger: TriggerName;
  depth: number;
  values?: Values;
}

/** Starts a workflow and walks it to its first wait; `run` is null if it ended before. */
export function start(workflow: Workflow, { id, release, trigger, depth, values = {}, ...outside }: Begin): Advanced {
  const { facts, find, catalog = NO_PROCEDURES, budget = newBudget() } = outside;
  const { ground } = TRIGGERS[trigger];
  const run = { id, workflow: workflow.id, release, ground, trigger, depth };
  const own: FindWorkflow = (name) => (name === workflow.id ? workflow : find(name));
  const walk: Walk = { run, frames: [], values: {}, taken: 0, effects: [], facts, find: own, catalog, budget };
  return guarded(walk, () => {
    journalLine(walk, "run.started", `Started the workflow “${workflow.title}” on ${trigger}`);
    for (const [name, value] of Object.entries(values)) {
      const fault = save(walk, name, value);
      if (fault !== null) journalLine(walk, "run.value", fault);
    }
    return travel(walk, { kind: "workflow", workflow });
  });
}

/** Gives a run an input and walks on. Input that it does not wait for leaves the run unchanged. */
export function advance(
  run: Run,
  input: RunInput,
  { facts, find, catalog = NO_PROCEDURES, budget = newBudget() }: Outside,
): Advanced {
  const { frames, values, taken, waits, ...rest } = run;
  const walk: Walk = { run: rest, frames: [...frames], values, taken, effects: [], facts, find, catalog, budget };
  return guarded(walk, () => {
    const outcome = told(walk, waits, input);
    const advanced = outcome === null ? { run, effects: walk.effects } : travel(walk, outcome);
    return walk.missed === true ? { ...advanced, missed: true } : advanced;
  });
}

/** T1: after an error in our own code a person takes over; nothing is thrown. */
function guarded(walk: Walk, go: () => Advanced): Advanced {
  try {
    return go();
  } catch (error) {
    journalLine(
      walk,
      "run.surprise",
      `The workflow could not go on: ${error instanceof Error ? error.message : "unknown"}`,
    );
    escalate(walk, "failure");
    return { run: null, effects: walk.effects };
  }
}

/** Outcome of an input; null: the run does not wait for it. */
function told(walk: Walk, waits: readonly Wait[], input: RunInput): StepOutcome | null {
  switch (input.kind) {
    case "start":
      return waits.length === 0 ? { kind: "path", path: here(walk).step.path } : null;
    case "reply":
      return replied(walk, waits, input);
    case "answer":
      return waits.some((wait) => wait.kind === "answer" && wait.ask === input.ask) ? gotAnswer(walk, input) : null;
    case "alarm":
      return firstOutcome(waits, (wait) => rang(walk, wait, input.alarm));
  }
}

function firstOutcome(waits: readonly Wait[], tell: (wait: Wait) => StepOutcome | null): StepOutcome | null {
  for (const wait of waits) {
    const outcome = tell(wait);
    if (outcome !== null) return outcome;
  }
  return null;
}

function replied(walk: Walk, waits: readonly Wait[], reply: Reply): StepOutcome | null {
  const { step } = here(walk);
  return firstOutcome(waits, (wait) => definitionOf(step.kind).onReply?.(walk, step, { wait, reply }) ?? null);
}

function gotAnswer(walk: Walk, answer: { ask: string; result: CallResult }): StepOutcome {
  const { step } = here(walk);
  const outcome = definitionOf(step.kind).onAnswer?.(walk, step, answer);
  return outcome ?? failedStep("An answer came to a step that asks for none.");
}

function rang(walk: Walk, wait: Wait, alarm: string): StepOutcome | null {
  const { step } = here(walk);
  const outcome = definitionOf(step.kind).onAlarm?.(walk, step, { wait, alarm }) ?? null;
  if (outcome !== null) return outcome;
  if (wait.kind !== "alarm" || wait.alarm !== alarm) return null;
  journalLine(walk, "wait.over", "The wait was over");
  return next;
}

/** Follows outcomes until the run waits or is over. */
function travel(walk: Walk, first: StepOutcome): Advanced {
  let outcome = first;
  let sound = 0;
  for (let steps = 0; ; steps++) {
    if (outcome.kind !== "end" && isSpent(walk.budget)) return outspent(walk, sound);
    if (outcome.kind === "wait") return waitingIn(walk, outcome.for);
    const place = outcome.kind === "end" ? null : moved(walk, outcome);
    if (place === null) return { run: null, effects: walk.effects };
    if (steps >= MAX_STEPS_AT_ONCE || walk.taken >= MAX_STEPS_OF_RUN) return ranAway(walk, steps);
    walk.taken++;
    sound = walk.effects.length;
    outcome = takeStep(walk, place.step);
  }
}

function waitingIn({ run, frames, values, taken, effects }: Walk, waits: readonly Wait[]): Advanced {
  return { run: { ...run, frames, values, taken, waits }, effects };
}

/** Ends a run that loops. Its texts and notes are dropped, because they repeat, and the journal tells so. */
function ranAway(walk: Walk, steps: number): Advanced {
  const kept = walk.effects.filter(({ kind }) => kind !== "say" && kind !== "note");
  const held = walk.effects.length - kept.length;
  const looping = { ...walk, effects: kept };
  const many = steps >= MAX_STEPS_AT_ONCE ? `${MAX_STEPS_AT_ONCE} steps without waiting` : `${MAX_STEPS_OF_RUN} steps`;
  journalLine(looping, "run.loop", `Took ${many}, so it was stopped as a loop; held back ${held} texts and notes`);
  escalate(looping, "failure");
  return { run: null, effects: looping.effects };
}

/**
 * Ends a run whose budget is spent, and a person takes over. Effects after the first `sound` ones are dropped, because
 * they depend on conditions and texts that were given up.
 */
function outspent(walk: Walk, sound: number): Advanced {
  const kept = walk.effects.filter(({ kind }, at) => at < sound || kind === "journal");
  const stopped = { ...walk, effects: kept };
  journalLine(stopped, "run.budget", "The texts and conditions of this event cost too much, so a person takes over");
  escalate(stopped, "failure");
  return { run: null, effects: kept };
}
