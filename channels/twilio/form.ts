/** Form fields in the order in which they came; a repeated field keeps every value. */
export type Form = ReadonlyMap<string, readonly string[]>;

// Printable ASCII without the space: the output of form encoding (WHATWG URL, application/x-www-form-urlencoded).
const ENCODED = /^[\x21-\x7e]*$/;

/**
 * Reads any bytes as `application/x-www-form-urlencoded`. Blank values and white space stay, unknown fields stay: the
 * signature covers all of them (Twilio error 57012). Bytes that are not UTF-8 become U+FFFD; never throws.
 */
export function parseForm(body: Uint8Array): Form {
  const form = new Map<string, string[]>();
  for (const [name, value] of new URLSearchParams(new TextDecoder().decode(body))) {
    const values = form.get(name);
    if (values) values.push(value);
    else form.set(name, [value]);
  }
  return form;
}

/** Returns the first value of a field. */
export const field = (form: Form, name: string): string | undefined => form.get(name)?.[0];

/**
 * True when the bytes are exactly one form: `name=value` pairs, all escaped, all UTF-8. A tolerant parser maps several byte
 * strings to the same fields ("+" and " ", "a=" and "a"), so a signature over fields alone would allow changed bytes.
 */
export function isStrictForm(body: Uint8Array): boolean {
  const text = new TextDecoder("latin1").decode(body);
  if (text === "") return true;
  if (!ENCODED.test(text)) return false;
  return text.split("&").every((pair) => pair.indexOf("=") > 0 && decodes(pair));
}

function decodes(pair: string): boolean {
  try {
    decodeURIComponent(pair);
    return true;
  } catch {
    return false;
  }
}
