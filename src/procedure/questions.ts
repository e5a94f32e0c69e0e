/** Questions to the customer: a field's own, with its options, and which of several matters is meant. */
import { type NumberedOption, PERSON_OPTION } from "../domain/option.ts";
import { own } from "../lib/own.ts";
import { confirmText, yesOrNo } from "./confirm.ts";
import type { ProcedureField } from "./definition.ts";
import type { Pending } from "./run.ts";
import { active, changeRun, journal, mint, rendered, type Work } from "./work.ts";

/** Option that means none of the matters shown. */
export const SOMETHING_ELSE = "something_else";

/** Puts a field's question as it stands in the file. `lead`: a sentence before it. */
export function askField(work: Work, field: ProcedureField, lead = ""): void {
  const prompt = mint(work);
  // The customer is to answer before anything else is decided.
  changeRun(work, { pending: { kind: "field", prompt, field: field.name, misses: 0 }, news: false });
  journal(work, "field.asked", `Asked for ${field.name}`);
  show(work, { prompt, text: joined(lead, questionOf(work, field)), options: optionsOf(work, field), field });
}

/** Shows the open question once more, after a sentence with the reason. */
export function askAgain(work: Work, lead: string): void {
  const { pending } = work.run;
  const shown = pending === null ? null : shownOf(work, pending);
  if (pending === null || shown === null) return;
  show(work, { ...shown, prompt: pending.prompt, text: joined(lead, shown.text) });
}

/** Asks which of these procedures is meant. */
export function askWhich(work: Work, candidates: readonly string[]): void {
  const prompt = mint(work);
  const pending = { kind: "which", prompt, candidates, misses: 0 } as const;
  changeRun(work, { pending, counts: { ...work.run.counts, clarified: work.run.counts.clarified + 1 } });
  journal(work, "procedure.unclear", `Asked which is meant: ${candidates.join(", ")}`);
  show(work, { ...whichShown(work, candidates), prompt });
}

interface Shown {
  prompt: string;
  text: string;
  options: readonly NumberedOption[];
  field: ProcedureField | null;
}

function show(work: Work, shown: Shown): void {
  changeRun(work, { turn: { ...work.run.turn, asked: true } });
  work.effects.push({ kind: "prompt", ...shown });
}

function shownOf(work: Work, pending: Pending): Omit<Shown, "prompt"> | null {
  switch (pending.kind) {
    case "which":
      return whichShown(work, pending.candidates);
    case "field": {
      const field = own(active(work)?.procedure.fields ?? {}, pending.field);
      return field === undefined ? null : { text: questionOf(work, field), options: optionsOf(work, field), field };
    }
    case "confirm": {
      const { call } = pending;
      const operation = work.world.operation(call.operation);
      const { sentences } = work.world;
      const text = operation === null ? sentences.confirm(call.operation) : confirmText(work, { call, operation });
      return { text, options: yesOrNo(work.world), field: null };
    }
  }
}

function whichShown(work: Work, candidates: readonly string[]): Omit<Shown, "prompt"> {
  const { sentences } = work.world;
  const matters = candidates.map((id, at) => ({ n: at + 1, id, label: work.find(id)?.title ?? id, aliases: [] }));
  const others = [
    { n: candidates.length + 1, id: SOMETHING_ELSE, label: sentences.somethingElse, aliases: [] },
    { n: 0, id: PERSON_OPTION, label: sentences.person, aliases: [] },
  ];
  return { text: sentences.which, options: [...matters, ...others], field: null };
}

function questionOf(work: Work, field: ProcedureField): string {
  const text = field.question === null ? "" : rendered(work, field.question);
  return text === "" ? work.world.sentences.askFor(field.name.replaceAll("_", " ")) : text;
}

/** The options of a field that has some: the values of a list, or yes and no. */
function optionsOf({ world }: Work, { type, labels }: ProcedureField): readonly NumberedOption[] {
  if (type.kind === "yes_no") return yesOrNo(world);
  if (type.kind !== "enum") return [];
  const values = type.values.map((id, at) => {
    const label = own(labels, id) ?? sentenceCase(id);
    return { n: at + 1, id, label, aliases: [id.replaceAll("_", " ")] };
  });
  return [...values, { n: 0, id: PERSON_OPTION, label: world.sentences.person, aliases: [] }];
}

const sentenceCase = (id: string): string => {
  const words = id.replaceAll("_", " ");
  return `${words.slice(0, 1).toUpperCase()}${words.slice(1)}`;
};

const joined = (lead: string, text: string): string => (lead === "" ? text : `${lead}\n\n${text}`);
