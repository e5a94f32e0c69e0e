// A lone surrogate has no UTF-8 form and NUL no place in a Postgres text (I6).
const NUL = /\0/g;

// How JSON writes what can't be stored; a text that merely spells it out takes the slow way too, unharmed.
const UNSTORABLE = /\\u(?:0000|d[89a-f])/i;

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
