/** Hides the values of sensitive fields from a model, in steps that do not need them. */
import type { Procedure } from "../definition.ts";
import { actionsOf, expressionsOf } from "../reading.ts";
import type { Activation, FieldValue } from "../run.ts";

export type Mask = (text: string) => string;

export const HIDDEN_VALUE = "•••";
/** Shorter values ("no", "12") stand in texts by accident. */
const SHORTEST = 4;

/** A procedure in progress, with its file. */
export interface Standing {
  procedure: Procedure;
  at: Activation;
}

/** Names of the sensitive fields that the step does not refer to. */
export function hiddenFields({ procedure, at }: Standing): ReadonlySet<string> {
  const body = procedure.steps.find(({ id }) => id === at.step)?.body ?? [];
  const read = expressionsOf(body).flatMap(({ uses }) => uses.map(({ path }) => path[0] ?? ""));
  const asked = actionsOf(body).flatMap((action) => (action.kind === "ask" ? [action.field] : []));
  const needed = new Set([...read, ...asked]);
  const sensitive = Object.values(procedure.fields).filter(({ sensitive: is }) => is);
  return new Set(sensitive.flatMap(({ name }) => (needed.has(name) ? [] : [name])));
}

/** Hides them wherever they stand: the value, or the words it was read from. */
export function maskOf(standing: readonly Standing[]): Mask {
  const words = standing.flatMap((one) => [...hiddenFields(one)].flatMap((name) => wordsOf(one.at.fields[name])));
  const long = words.filter((word) => word.length >= SHORTEST).toSorted((one, other) => other.length - one.length);
  return (text) => long.reduce((shown, word) => shown.replaceAll(word, HIDDEN_VALUE), text);
}

/** The value where the words hold it as it is; else all the words too. */
function wordsOf(field: FieldValue | undefined): string[] {
  if (field === undefined) return [];
  const value = typeof field.value === "string" || typeof field.value === "number" ? String(field.value) : "";
  return value !== "" && field.quote.includes(value) ? [value] : [value, field.quote];
}

/** JSON with the hidden values replaced, so that it stays JSON whatever they are. */
export const maskedJson = (value: unknown, mask: Mask): string =>
  JSON.stringify(value, (_name, held: unknown) => {
    if (typeof held === "string") return mask(held);
    const masked = typeof held === "number" ? mask(String(held)) : "";
    return typeof held === "number" && masked !== String(held) ? masked : held;
  });
