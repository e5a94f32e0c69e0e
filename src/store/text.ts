// A lone surrogate has no UTF-8 form and NUL no place in a Postgres text (I6).
const NUL = /\0/g;

/** JSON for a statement's parameter, with every string in it storable; nothing else is changed. */
export function storableJson(value: unknown): string {
  return JSON.stringify(value, (_key, held: unknown) => (typeof held === "string" ? storableText(held) : held));
}

/** The text without NUL, lone surrogates replaced by U+FFFD. */
export function storableText(text: string): string {
  return (text.includes("\0") ? text.replace(NUL, "") : text).toWellFormed();
}
