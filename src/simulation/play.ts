/**
 * A scenario under way: moves a conversation through the core, as a server would, with a clock, alarms and answers of its own.
 *
 * 1. Nothing outside is reached: connectors answer from the scenario, a model from its lines; code blocks only calculate.
 * 2. The same scenario on the same folder always plays in the same way.
 */
import type { DeskCommand } from "../adapter/desk-command.ts";
import type { CallResult } from "../domain/call.ts";
import type { Ask } from "../turn/core/ask.ts";
import type { Catalog } from "../turn/core/catalog.ts";
import type { Event, Happening } from "../turn/core/event.ts";
import { initialState, type State } from "../turn/core/state.ts";
import { transition } from "../turn/core/transition.ts";
import { NOTHING_SEEN, type Watch, watchGuards } from "./guards.ts";
import { fieldsAfter, type Happened, happenedIn, type Standing } from "./happened.ts";
import { chosenOption, pressedOption, promptsWith, type ShownPrompt } from "./press.ts";
import type { CustomerAct, CustomerLine, Scenario, ScriptedAnswer } from "./scenario.ts";
import { catalogFor, type Stage } from "./stage.ts";
import { fetched, missingIdentity, modelResult, type Stubbed, stubbed, unanswered } from "./stubs.ts";

/** Time between two lines, where a scenario says none. */
const GAP_MS = 10_000;
/** Time that a model takes: what the customer writes before that comes while it still thinks. */
const MODEL_MS = 2_000;
/** Events that one scenario may have; more are a circle. */
const EVENTS_MAX = 5_000;
/** Number of every scenario's conversation. */
const CONVERSATION = 1;
/** The person at the desk. */
const OPERATOR = { id: "scenario", name: "Alex" };

/** A scenario under way. */
export interface Playing {
  readonly scenario: Scenario;
  readonly stage: Stage;
  readonly catalog: Catalog;
  state: State;
  nowMs: number;
  /** Time of the last line of the customer or an operator. */
  spokeMs: number;
  /** Number of events so far. */
  events: number;
  turns: number;
  readonly alarms: Map<string, number>;
  /** Asks without an answer; a model's waits for the scenario's next line. */
  asks: readonly Ask[];
  /** Number of answers given, by operation. */
  readonly answered: Map<string, number>;
  /** Questions that were shown, latest last. */
  prompts: readonly ShownPrompt[];
  readonly happened: Happened[];
  fields: Standing["fields"];
  watch: Watch;
  /** Faults of the scenario itself, such as a call without an answer. */
  readonly faults: string[];
}

export function begin(scenario: Scenario, stage: Stage): Playing {
  const channel = scenario.channel ?? stage.channel;
  return {
    scenario,
    stage,
    catalog: catalogFor(stage, scenario),
    state: initialState({ channel, thread: "scenario", openedAt: scenario.clock }),
    nowMs: Date.parse(scenario.clock),
    spokeMs: Date.parse(scenario.clock),
    events: 0,
    turns: 0,
    alarms: new Map(),
    asks: [],
    answered: new Map(),
    prompts: [],
    happened: [],
    fields: {},
    watch: NOTHING_SEEN,
    faults: [],
  };
}

/** The conversation now. */
export const standing = ({ state, fields, turns, watch, scenario }: Playing): Standing => ({
  fields,
  turns,
  tags: state.tags,
  closed: state.phase === "closed",
  contact: scenario.contact,
  broken: watch.broken,
});

/** The customer writes or presses, after the time that the line says. */
export async function customerDoes(on: Playing, line: CustomerLine): Promise<void> {
  const gap = line.afterMs ?? GAP_MS;
  if (on.turns > 0) {
    if (gap >= MODEL_MS) await endTurn(on, gap);
    await pass(on, on.spokeMs + gap);
  }
  const what = happeningOf(on, line.act);
  if (what === null) return;
  on.turns += 1;
  await speak(on, what);
}

/** An operator acts at the desk. */
export async function operatorDoes(on: Playing, command: DeskCommand): Promise<void> {
  await endTurn(on, GAP_MS);
  await pass(on, on.spokeMs + GAP_MS);
  if (on.state.case === null) {
    on.faults.push("people do not have the case, so no operator can act in it");
    return;
  }
  await speak(on, { kind: "operator", operator: OPERATOR, command, queues: null });
}

/** Lets time pass. */
export async function waitFor(on: Playing, ms: number): Promise<void> {
  await endTurn(on, GAP_MS);
  await pass(on, on.nowMs + ms);
  on.spokeMs = on.nowMs;
}

async function speak(on: Playing, what: Happening): Promise<void> {
  on.spokeMs = on.nowMs;
  happens(on, what);
  await settle(on);
}

/** A model answers its open call. */
export async function modelAnswers(on: Playing, answer: ScriptedAnswer): Promise<void> {
  if (openModel(on) === undefined) await pass(on, on.spokeMs + GAP_MS - 1);
  const ask = openModel(on);
  if (ask === undefined) {
    on.faults.push("the model was not asked, so this line answers nothing");
    return;
  }
  answerAsk(on, ask, modelResult(answer));
  await settle(on);
}

/** No line is left for the model in this turn: it can't be reached, and the understudy decides. */
export async function endTurn(on: Playing, gapMs: number = GAP_MS): Promise<void> {
  await pass(on, on.spokeMs + Math.min(gapMs, GAP_MS) - 1);
  for (let ask = openModel(on); ask !== undefined; ask = openModel(on)) {
    answerAsk(on, ask, modelResult({ kind: "unavailable" }));
    await settle(on);
  }
}

const openModel = ({ asks }: Playing): Ask | undefined => asks.find(({ request }) => request.kind === "model");

function happeningOf(on: Playing, act: CustomerAct): Happening | null {
  const { contact, verified } = on.scenario;
  const message = on.events + 1;
  const address = [contact.email, contact.phone].find((one) => one !== "") ?? "customer";
  const from = { address, displayName: contact.name, trust: verified ? "verified" : "asserted", contact } as const;
  if (act.kind === "text") return { kind: "message", message, text: act.text, attachments: act.files, from };
  const pressed = act.kind === "choose" ? chosenOption(on.prompts, act.n) : pressedOption(on, act);
  if (pressed.ok) {
    const { prompt, option } = pressed.value;
    return { kind: "choice", message, text: option.label, promptId: prompt, optionId: option.id, from };
  }
  on.faults.push(pressed.fault);
  return null;
}

/** Lets time pass until then: alarms ring in their order, and what they ask for is answered. */
async function pass(on: Playing, untilMs: number): Promise<void> {
  await settle(on);
  for (let next = nextAlarm(on, untilMs); next !== null; next = nextAlarm(on, untilMs)) {
    on.alarms.delete(next.id);
    on.nowMs = Math.max(on.nowMs, next.dueMs);
    happens(on, { kind: "alarm", alarm: next.id });
    await settle(on);
  }
  on.nowMs = Math.max(on.nowMs, untilMs);
}

function nextAlarm({ alarms }: Playing, untilMs: number): { id: string; dueMs: number } | null {
  const due = [...alarms].filter(([, dueMs]) => dueMs <= untilMs).toSorted(([, one], [, other]) => one - other);
  const [first] = due;
  return first === undefined ? null : { id: first[0], dueMs: first[1] };
}

/** Answers everything that is asked, except a model's calls. */
async function settle(on: Playing): Promise<void> {
  for (let ask = openOther(on); ask !== undefined; ask = openOther(on)) answerAsk(on, ask, await resultFor(on, ask));
}

const openOther = ({ asks }: Playing): Ask | undefined => asks.find(({ request }) => request.kind !== "model");

async function resultFor(on: Playing, { request }: Ask): Promise<CallResult> {
  switch (request.kind) {
    case "call": {
      const name = `${request.connector}.${request.operation}`;
      return missingIdentity(request, on.catalog.live) ?? taken(on, name, stubFor(on, name) ?? unanswered(name));
    }
    case "code": {
      const name = `code ${request.block}`;
      const stub = stubFor(on, name);
      return stub === null ? await on.stage.runCode(request) : taken(on, name, stub);
    }
    case "fetch":
      return fetched(request.attachment, on.events);
    case "model":
      return modelResult({ kind: "unavailable" });
  }
}

const stubFor = ({ scenario, answered }: Playing, name: string): Stubbed | null =>
  stubbed(scenario, { name, count: answered.get(name) ?? 0 });

function taken(on: Playing, name: string, { result, fault }: Stubbed): CallResult {
  on.answered.set(name, (on.answered.get(name) ?? 0) + 1);
  if (fault !== null) on.faults.push(fault);
  return result;
}

function answerAsk(on: Playing, ask: Ask, result: CallResult): void {
  on.asks = on.asks.filter(({ id }) => id !== ask.id);
  const by = answerer(ask);
  if (by !== null) on.happened.push({ kind: "answered", by, words: wordsFor(result) });
  happens(on, { kind: "answer", ask: ask.id, result });
}

/** Names what answered, for the transcript; null: nothing that matters there. */
function answerer({ request }: Ask): string | null {
  switch (request.kind) {
    case "call":
      return `${request.connector}.${request.operation}`;
    case "code":
      return `code ${request.block}`;
    case "model":
      return "model";
    case "fetch":
      return null;
  }
}

function wordsFor(result: CallResult): string {
  if (!result.ok) return result.error.message;
  const { value } = result;
  const isModel = typeof value === "object" && value !== null && "commands" in value;
  return JSON.stringify(isModel ? value.commands : value);
}

/** Applies one event to the conversation. */
function happens(on: Playing, what: Happening): void {
  if (on.events >= EVENTS_MAX) throw new Error(`The scenario ${on.scenario.id} goes round in a circle`);
  on.events += 1;
  const event: Event = { id: on.events, at: new Date(on.nowMs), ...what };
  const before = on.state;
  const outcome = transition(before, event, { catalog: on.catalog, conversation: CONVERSATION });
  on.stage.observe?.({ before, event, catalog: on.catalog, outcome });
  const { procedures } = on.catalog.live;
  on.state = outcome.state;
  on.happened.push(...happenedIn({ before, event, outcome, turn: on.turns, procedures }));
  on.fields = fieldsAfter(on.fields, outcome);
  on.watch = watchGuards(on.watch, { event, outcome, release: on.catalog.live, contact: on.scenario.contact });
  on.prompts = promptsWith(on.prompts, on.state);
  const off = new Set(outcome.calledOff);
  on.asks = [...on.asks, ...outcome.asks].filter(({ id }) => !off.has(id));
  for (const { id, dueAt } of outcome.alarms) on.alarms.set(id, dueAt.getTime());
  for (const id of outcome.cancelled) on.alarms.delete(id);
}
