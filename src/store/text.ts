// PostgreSQL can't store NUL, and a lone surrogate has no UTF-8 form (I6).
const NUL = /\0/g;

// JSON escapes of unstorable characters; a text that spells one out takes the slow path too, unchanged.
const UNSTORABLE = /\\u(?:0000|d[89a-f])/i;

/** True when the text can be stored unchanged. Ids that can't would become other ids, so they are refused. */
export const isStorable = (text: string): boolean => !text.includes("\0") && text.isWellFormed();

/** Makes a text parameter, or a list of texts, storable; other values are unchanged. */
export function storableParameter(value: unknown): unknown {
  if (typeof value === "string") return isStorable(value) ? value : storableText(value);
  return Array.isArray(value) ? value.map(storableParameter) : value;
}

/** Serialises a value as JSON with all strings storable. */
export function storableJson(value: unknown): string {
  const json = JSON.stringify(value);
  if (!UNSTORABLE.test(json)) return json;
  return JSON.stringify(storable(JSON.parse(json)));
}

/** Makes all strings of a JSON value storable, keys included. */
function storable(value: unknown): unknown {
  if (typeof value === "string") return storableText(value);
  if (Array.isArray(value)) return value.map(storable);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, held]) => [storableText(name), storable(held)]));
}

/** Removes NUL and replaces lone surrogates by U+FFFD. */
function storableText(text: string): string {
  return (text.includes("\0") ? text.replace(NUL, "") : text).toWellFormed();
}
