// A lone surrogate has no UTF-8 form and NUL no place in a Postgres text (I6).
const NUL = /\0/g;

// How JSON writes what can't be stored; a text that merely spells it out takes the slow way too, unharmed.
const UNSTORABLE = /\\u(?:0000|d[89a-f])/i;

/** Tells whether the text is stored as it is. An id that is not would become another id, so it is refused at the door. */
export const isStorable = (text: string): boolean => !text.includes("\0") && text.isWellFormed();

/** A statement's parameter, a text or several, so that it can be stored or looked for; anything else as it is. */
export function storableParameter(value: unknown): unknown {
  if (typeof value === "string") return isStorable(value) ? value : storableText(value);
  return Array.isArray(value) ? value.map(storableParameter) : value;
}

/** JSON for a statement's parameter, with every string in it storable; nothing else is changed. */
export function storableJson(value: unknown): string {
  const json = JSON.stringify(value);
  if (!UNSTORABLE.test(json)) return json;
  return JSON.stringify(storable(JSON.parse(json)));
}

/** Names of values are texts too: a connector's answer may have any. */
function storable(value: unknown): unknown {
  if (typeof value === "string") return storableText(value);
  if (Array.isArray(value)) return value.map(storable);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, held]) => [storableText(name), storable(held)]));
}

/** The text without NUL, lone surrogates replaced by U+FFFD. */
function storableText(text: string): string {
  return (text.includes("\0") ? text.replace(NUL, "") : text).toWellFormed();
}
