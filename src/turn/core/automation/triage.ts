/** Starts workflows for events, and advances running ones. */

import type { Expression, OnFault } from "../../../language/expression.ts";
import { advance, start } from "../../../workflow/advance.ts";
import type { TriggerName, Workflow } from "../../../workflow/definition.ts";
import type { Advanced, FindWorkflow, Reply, Run, RunInput } from "../../../workflow/run.ts";
import { definitionOf } from "../../../workflow/step-kinds.ts";
import { stepPositions } from "../../../workflow/step-positions.ts";
import { conditionOf, TRIGGERS } from "../../../workflow/triggers.ts";
import { isHeld, mayBotAsk } from "../bot-policy.ts";
import type { Release } from "../catalog.ts";
import { change, line, type TransitionContext } from "../context.ts";
import { factsOf, procedureCatalog } from "../facts.ts";
import { foregroundRun, replaceRun } from "../runs.ts";
import { RUNS_MAX } from "../state.ts";
import { applyEffects } from "./effects.ts";

/** Maximum length of a chain of workflows that trigger each other. */
const MAX_DEPTH = 10;

export interface Occasion {
  on: TriggerName;
  payload: Readonly<Record<string, unknown>>;
  depth: number;
}

/** Offers an occasion to the foreground workflows and starts the first that takes it. False: none did. */
export function offer(context: TransitionContext, occasion: Occasion): boolean {
  const { live } = context.catalog;
  const taker = live.workflows.find((workflow) => takesOccasion(context, workflow, occasion));
  if (taker === undefined) return false;
  beginRun(context, taker, { ...occasion, release: live });
  return true;
}

/** Starts every background workflow that takes this occasion. */
export function trigger(context: TransitionContext, occasion: Occasion): void {
  const { live } = context.catalog;
  for (const workflow of live.workflows) {
    if (takesOccasion(context, workflow, occasion)) beginRun(context, workflow, { ...occasion, release: live });
  }
}

/** True when a live workflow has a trigger for this occasion on this channel and its conditions hold. */
export function takesOccasion(context: TransitionContext, workflow: Workflow, { on, payload }: Occasion): boolean {
  if (workflow.status !== "live" || !servesChannel(workflow, context.state.channel)) return false;
  const found = workflow.triggers.find((candidate) => candidate.on === on);
  if (found === undefined) return false;
  const own = conditionOf(found);
  if (workflow.if === null && own === null) return true;
  const values = { ...factsOf(context, payload) } as Readonly<Record<string, unknown>>;
  const holds = (condition: Expression): boolean => {
    const onFault: OnFault = (message) =>
      line(
        context,
        "condition.fault",
        `A condition of “${workflow.title}” could not be evaluated, so it did not start: ${message}`,
      );
    return condition.evaluate(values, onFault, context.budget) === true;
  };
  return (workflow.if === null || holds(workflow.if)) && (own === null || holds(own));
}

export const servesChannel = (workflow: Workflow, channel: string): boolean =>
  workflow.channels === null || workflow.channels.includes(channel);

interface Begin extends Occasion {
  release: Release;
}

/** Starts a workflow. A background one that asks questions waits while people or a foreground run hold the dialogue. */
export function beginRun(context: TransitionContext, workflow: Workflow, { on, payload, depth, release }: Begin): void {
  if (depth >= MAX_DEPTH) {
    line(
      context,
      "workflow.chain",
      `“${workflow.title}” was not started: ${MAX_DEPTH} workflows had triggered each other`,
    );
    return;
  }
  if (context.state.runs.length + context.state.waiting.length >= RUNS_MAX) {
    return line(context, "workflow.many", `“${workflow.title}” was not started: ${RUNS_MAX} workflows are under way`);
  }
  if (context.state.optedOut !== null && asksAnything(workflow, release)) {
    return line(
      context,
      "workflow.unasked",
      `“${workflow.title}” was not started: the customer opted out, and it asks them`,
    );
  }
  if (
    isBackground(on) &&
    asks(workflow, finder(release)) &&
    (isHeld(context.state) || foregroundRun(context) !== null)
  ) {
    if (context.state.waiting.some((other) => other.workflow === workflow.id)) return;
    const waiting = { workflow: workflow.id, release: release.id, trigger: on, depth };
    change(context, { waiting: [...context.state.waiting, waiting] });
    return line(context, "workflow.waits", `“${workflow.title}” waits until nothing else holds the dialogue`);
  }
  const facts = factsOf(context, payload);
  const find = finder(release);
  const id = facts.idPrefix;
  const outside = { facts, find, catalog: procedureCatalog(context, release), budget: context.budget };
  applyAdvance(context, start(workflow, { id, release: release.id, trigger: on, depth, ...outside }), {
    id,
    workflow: workflow.id,
    release: release.id,
    ground: TRIGGERS[on].ground,
    trigger: on,
    depth,
    frames: [],
    values: {},
    waits: [],
    taken: 0,
  });
}

/** Gives a run an input. False: it did not wait for that. */
export const tellRun = (context: TransitionContext, run: Run, input: RunInput): boolean =>
  tellRunOf(context, { run, input, forgiving: false }) === "told";

/**
 * Gives a run the customer's words. `unwanted`: it did not wait for words. `missed`: they are no answer to its question;
 * only where that is forgiven, and then nothing has changed.
 */
export const replyToRun = (
  context: TransitionContext,
  run: Run,
  { reply, forgiving }: { reply: Reply; forgiving: boolean },
): Told => tellRunOf(context, { run, input: reply, forgiving });

type Told = "told" | "unwanted" | "missed";

function tellRunOf(
  context: TransitionContext,
  { run, input, forgiving }: { run: Run; input: RunInput; forgiving: boolean },
): Told {
  const release = context.catalog.release(run.release);
  const find = finder(release);
  if (mustWait(context, run, { input, find })) return defer(context, run, input);
  const catalog = procedureCatalog(context, release);
  const advanced = advance(run, input, { facts: factsOf(context), find, catalog, budget: context.budget });
  if (advanced.missed === true && forgiving) return "missed";
  if (advanced.run === run && advanced.effects.length === 0) return "unwanted";
  applyAdvance(context, advanced, run);
  return "told";
}

const finder =
  (release: Release | null): FindWorkflow =>
  (id) =>
    release?.workflows.find((workflow) => workflow.id === id) ?? null;

/**
 * True when a background run's input has to be deferred: the run may ask next, and something else holds the dialogue.
 */
function mustWait(
  context: TransitionContext,
  run: Run,
  { input, find }: { input: RunInput; find: FindWorkflow },
): boolean {
  if (run.ground !== "background" || !waitsFor(run, input)) return false;
  const { prompt } = context.state;
  if (foregroundRun(context) === null && (prompt === null || prompt.run === run.id)) return false;
  const workflow = find(run.workflow);
  return workflow !== null && asks(workflow, find);
}

function waitsFor({ waits }: Run, input: RunInput): boolean {
  return waits.some((wait) => {
    if (input.kind === "answer") return wait.kind === "answer" && wait.ask === input.ask;
    return input.kind === "alarm" && wait.kind === "alarm" && wait.alarm === input.alarm;
  });
}

function defer(context: TransitionContext, run: Run, input: RunInput): "told" {
  change(context, { deferred: [...context.state.deferred, { run: run.id, input }] });
  line(context, "workflow.waits", "A background workflow continues when nothing else holds the dialogue");
  return "told";
}

/** Stores the run's new position, then applies its effects, since a handoff or a close among them ends the run. */
function applyAdvance(context: TransitionContext, advanced: Advanced, run: Run): void {
  replaceRun(context, run.id, advanced.run);
  applyEffects(context, advanced.effects, advanced.run ?? run);
}

/** Resumes deferred runs and starts waiting workflows while nothing holds the dialogue. */
export function startWaiting(context: TransitionContext): void {
  while (context.state.deferred.length > 0 && isFree(context)) {
    const [next, ...rest] = context.state.deferred;
    change(context, { deferred: rest });
    const run = context.state.runs.find(({ id }) => id === next?.run);
    if (next !== undefined && run !== undefined) tellRun(context, run, next.input);
  }
  while (context.state.waiting.length > 0 && isFree(context)) {
    const [next, ...rest] = context.state.waiting;
    change(context, { waiting: rest });
    if (next === undefined) return;
    const release = context.catalog.release(next.release);
    const workflow = release?.workflows.find((candidate) => candidate.id === next.workflow);
    if (release === null || workflow === undefined) continue;
    beginRun(context, workflow, { on: next.trigger, payload: {}, depth: next.depth, release });
  }
}

const isFree = (context: TransitionContext): boolean =>
  mayBotAsk({ state: context.state, busy: foregroundRun(context) !== null });

const isBackground = (on: TriggerName): boolean => TRIGGERS[on].ground === "background";

/** True when a workflow of this release asks the customer anything. */
export const asksAnything = (workflow: Workflow, release: Release): boolean => asks(workflow, finder(release));

/** True when a workflow, or one that it calls, asks the customer anything. */
function asks(workflow: Workflow, find: FindWorkflow, seen: readonly string[] = []): boolean {
  return [...stepPositions(workflow).byPath.values()].some(({ step }) => {
    if (definitionOf(step.kind).questions(step) !== null) return true;
    if (step.kind !== "workflow" || seen.includes(step.workflow)) return false;
    const called = find(step.workflow);
    return called !== null && asks(called, find, [...seen, workflow.id]);
  });
}
