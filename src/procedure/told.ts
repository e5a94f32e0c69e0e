/** What the customer has told in a run, in words that they can check before people take over. */
import { own } from "../lib/own.ts";
import type { ProcedureField } from "./definition.ts";
import type { ProcedureEnd } from "./run.ts";
import { changeRun, type Work } from "./work.ts";

/** Longest value that is shown, characters. */
const SHOWN_MAX = 200;

/** Tells the customer what is passed on, so that they can correct it with one message. */
export function tellWhatIsPassedOn(work: Work, end: ProcedureEnd): void {
  if (end.kind !== "handoff" || end.reason === "asked") return;
  const facts = toldFacts(work);
  if (facts.length === 0) return;
  work.effects.push({ kind: "say", text: work.world.sentences.passedOn(facts) });
  changeRun(work, { turn: { ...work.run.turn, spoke: true } });
}

function toldFacts(work: Work): string[] {
  return work.run.stack.flatMap(({ procedure: id, fields }) => {
    const known = work.find(id)?.fields ?? {};
    return Object.entries(fields).flatMap(([name, { value, quote }]) => {
      const field = own(known, name);
      return field === undefined || field.sensitive || quote === ""
        ? []
        : [`${titleOf(name)}: ${shown(work, field, value)}`];
    });
  });
}

const titleOf = (name: string): string => {
  const words = name.replaceAll("_", " ");
  return `${words.slice(0, 1).toUpperCase()}${words.slice(1)}`;
};

function shown({ world }: Work, { type, labels }: ProcedureField, value: unknown): string {
  if (typeof value === "boolean") return value ? world.sentences.yes : world.sentences.no;
  if (type.kind === "enum") return own(labels, String(value)) ?? String(value).replaceAll("_", " ");
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return text.length <= SHOWN_MAX ? text : `${text.slice(0, SHOWN_MAX).toWellFormed()} …`;
}
