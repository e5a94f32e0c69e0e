/** Does what a command asks for, or refuses it with its rule. */
import { own } from "../lib/own.ts";
import { endActive, enter, goTo, MAX_STACK, over } from "./activation.ts";
import { useOperation } from "./calls.ts";
import type { Command, Refusal } from "./command.ts";
import type { Procedure } from "./definition.ts";
import { setField, setFromEarlierWords, setFromModel } from "./fields.ts";
import { openPart } from "./open-parts.ts";
import { askField, askWhich } from "./questions.ts";
import { actionsOf, branchesOf } from "./reading.ts";
import { introduce, sayReply, saySentence } from "./replies.ts";
import { CLARIFICATIONS_MAX, stuck } from "./rules.ts";
import { eligible } from "./selection.ts";
import {
  active,
  changeActive,
  changeRun,
  evaluated,
  isQuotable,
  isUnderstudy,
  journal,
  learnt,
  type Move,
  on,
  progressed,
  refused,
  type Work,
} from "./work.ts";

/** Outcome of a procedure whose steps are all done, where its file names none. */
const DONE = "done";
/** Longest note, characters. */
const NOTE_MAX = 1_000;

type CommandOf<Kind extends Command["kind"]> = Extract<Command, { kind: Kind }>;

/** Applies one command. */
export function apply(work: Work, command: Command): Move | Refusal {
  switch (command.kind) {
    case "reply":
      return sayReply(work, command.text) ?? on;
    case "say":
      return saySentence(work, command.sentence) ?? on;
    case "ask":
      return ask(work, command.field);
    case "set_fields":
      return command.fields.map((one) => setFromModel(work, one)).find((refusal) => refusal !== null) ?? on;
    case "set":
      return setAsWritten(work, command.field);
    case "use":
      return useOperation(work, command);
    case "go":
      return go(work, command.step);
    case "judge":
      return judge(work, command);
    case "start":
      return start(work, command.procedure);
    case "switch":
      return switchTo(work, command.procedure);
    case "cancel":
      return cancel(work);
    case "clarify":
      return clarify(work, command.candidates);
    case "note":
      return note(work, command);
    case "tag":
      return tag(work, command);
    case "workflow":
      return intoWorkflow(work, command.workflow);
    case "handoff":
      return handOff(work, command);
    case "end":
      return endWith(work, command.outcome);
  }
}

function ask(work: Work, name: string): Move | Refusal {
  const field = own(active(work)?.procedure.fields ?? {}, name);
  if (field === undefined) return refused("unknown_name", `There is no field ${name}.`);
  if (field.from.kind !== "customer") return refused("not_writable", `${name} is not for the customer to tell.`);
  if (setFromEarlierWords(work, field)) return on;
  introduce(work);
  askField(work, field);
  return on;
}

/** Evaluates an open `@set` of the step that the run is in, or the first one of the file. */
function setAsWritten(work: Work, name: string): Move | Refusal {
  const found = openPart(work, {
    kind: "action",
    is: ({ action }) => action.kind === "set" && action.field === name,
    named: `@set ${name}`,
  });
  if (!found.ok) return found.refusal;
  const { action } = found.part;
  const field = own(active(work)?.procedure.fields ?? {}, name);
  if (action.kind !== "set" || field === undefined) return refused("unknown_name", `There is no field ${name}.`);
  const value = evaluated(work, action.value);
  if (value === undefined) return refused("bad_value", `${action.value.source} is not known yet.`);
  setField(work, field, { value, quote: "" });
  changeRun(work, { news: true });
  return on;
}

function go(work: Work, step: string): Move | Refusal {
  const here = active(work);
  const found = here?.procedure.steps.find((one) => one.id === step || one.was.includes(step));
  if (here === null || found === undefined) return refused("unknown_name", `There is no step ${step}.`);
  if (
    here.procedure.strict.includes(found.id) &&
    isSkipped(here.procedure.strict, { from: here.at.visited, to: found.id })
  )
    return refused("unknown_name", `“${found.title}” comes after a step that has not been taken.`);
  // A model knows where it goes.
  if (here.at.step !== found.id && isUnderstudy(work)) changeRun(work, { news: true });
  goTo(work, found.id);
  return on;
}

/** True if a step of a strict order would be entered before one that stands before it. */
const isSkipped = (strict: readonly string[], { from, to }: { from: readonly string[]; to: string }): boolean =>
  strict.slice(0, strict.indexOf(to)).some((before) => !from.includes(before));

function judge(work: Work, { branch: id, holds, quote }: CommandOf<"judge">): Move | Refusal {
  const here = active(work);
  const branch = here?.procedure.steps.flatMap(({ body }) => branchesOf(body)).find((one) => one.id === id);
  if (here === null || branch?.test.kind !== "judged")
    return refused("unknown_name", `There is no branch ${id} to judge.`);
  if (holds && !isQuotable(work, quote))
    return refused("quote_not_found", `The customer has not written “${quote.slice(0, 80)}”; quote their own words.`);
  changeActive(work, { judged: { ...here.at.judged, [id]: { holds, quote } } });
  const evidence = quote === "" ? "" : `, from “${quote.slice(0, 120)}”`;
  journal(work, "branch.judged", `“${branch.test.when}” ${holds ? "holds" : "does not hold"}${evidence}`);
  progressed(work);
  return on;
}

/** A procedure that may be begun: one for this customer and channel, or one that the active file names. */
function procedureFor(work: Work, id: string): Procedure | null {
  const actions = (active(work)?.procedure.steps ?? []).flatMap(({ body }) => actionsOf(body));
  const named = actions.some(
    (action) => (action.kind === "run" || action.kind === "switch") && action.procedure === id,
  );
  return named || eligible(work).some((one) => one.id === id) ? work.find(id) : null;
}

const noProcedure = (id: string): Refusal => refused("unknown_name", `There is no procedure ${id} for this customer.`);

const isUnderWay = ({ run }: Work, id: string): boolean => run.stack.some(({ procedure }) => procedure === id);

function start(work: Work, id: string): Move | Refusal {
  const procedure = procedureFor(work, id);
  if (procedure === null) return noProcedure(id);
  if (isUnderWay(work, id)) return refused("repeated", `${id} is under way already.`);
  changeRun(work, { pending: null });
  return enter(work, procedure);
}

function switchTo(work: Work, id: string): Move | Refusal {
  const procedure = procedureFor(work, id);
  if (procedure === null) return noProcedure(id);
  if (isUnderWay(work, id))
    return refused("repeated", `${id} is under way already; end or cancel what is above it to come back to it.`);
  if (work.run.stack.length >= MAX_STACK)
    return refused("limit", `${MAX_STACK} procedures are within one another; end this one first.`);
  const left = work.run.stack.at(-1)?.procedure ?? "";
  journal(work, "procedure.switched", `Left “${left}” for “${procedure.title}”`);
  const below = work.run.stack.slice(0, -1);
  const dropped = work.run.stack.at(-1);
  // What the customer said stays known.
  changeRun(work, { stack: dropped === undefined ? below : [...below, dropped], pending: null });
  const moved = enter(work, procedure);
  if (moved.kind === "over") return moved;
  changeRun(work, { stack: work.run.stack.filter((one) => one !== dropped), queue: [] });
  return moved;
}

/** The customer wants it no more. Nothing that was done is undone. */
function cancel(work: Work): Move {
  changeRun(work, { pending: null });
  if (work.run.stack.length > 1) return endActive(work, "dropped");
  work.effects.push({ kind: "say", text: work.world.sentences.dropped });
  return endActive(work, "dropped");
}

function clarify(work: Work, candidates: readonly string[]): Move | Refusal {
  const known = [...new Set(candidates)].filter((id) => procedureFor(work, id) !== null);
  if (known.length < 2)
    return refused("unknown_name", "Two known procedures at least are needed to ask which is meant.");
  if (work.run.counts.clarified >= CLARIFICATIONS_MAX) return stuck(work, "It stayed unclear what is wanted");
  introduce(work);
  askWhich(work, known);
  return on;
}

function note(work: Work, { text, place }: CommandOf<"note">): Move {
  markDone(work, place);
  const hidden = sensitiveNames(work);
  const known = Object.entries(learnt(work.run)).filter(
    ([name, value]) => typeof value !== "object" && !hidden.includes(name),
  );
  const facts = known.map(([name, value]) => `${name}: ${String(value)}`).join("; ");
  const whole = place === undefined ? text : `${text} (${facts})`;
  work.effects.push({ kind: "note", text: whole.slice(0, NOTE_MAX).toWellFormed() });
  return on;
}

const sensitiveNames = ({ run, find }: Work): readonly string[] =>
  run.stack
    .flatMap(({ procedure }) => Object.values(find(procedure)?.fields ?? {}))
    .flatMap(({ name, sensitive }) => (sensitive ? [name] : []));

function tag(work: Work, { tag: word, place }: CommandOf<"tag">): Move | Refusal {
  const found = openPart(work, {
    kind: "action",
    is: ({ action }) => action.kind === "tag" && action.tag === word,
    named: `@tag ${word}`,
  });
  if (!found.ok) return found.refusal;
  markDone(work, place);
  work.effects.push({ kind: "tag", tag: word });
  return on;
}

function markDone(work: Work, place: string | undefined): void {
  const done = work.run.stack.at(-1)?.done ?? [];
  if (place !== undefined) changeActive(work, { done: [...new Set([...done, place])] });
}

/** Ends the run in a workflow that the active file names. */
function intoWorkflow(work: Work, workflow: string): Move | Refusal {
  const found = openPart(work, {
    kind: "action",
    is: ({ action }) => action.kind === "workflow" && action.workflow === workflow,
    named: `@workflow ${workflow}`,
  });
  return found.ok ? over(work, { kind: "workflow", workflow }) : found.refusal;
}

/** Ends the active procedure with an outcome whose `@end` is open; one that the file does not name proves nothing. */
function endWith(work: Work, outcome: string): Move | Refusal {
  if (active(work) === null) return endActive(work, outcome);
  const found = openPart(work, {
    kind: "action",
    is: ({ action }) => action.kind === "end" && action.outcome === outcome,
    named: `@end ${outcome}`,
  });
  const atTheEnd = outcome === DONE && !found.ok && found.refusal.rule === "unknown_name";
  return found.ok || atTheEnd ? endActive(work, outcome) : found.refusal;
}

function handOff(work: Work, { queue, reason, summary }: CommandOf<"handoff">): Move {
  const because = summary === "" ? "The procedure hands over here" : summary;
  return over(work, { kind: "handoff", to: queue, reason, because, summary });
}
