/**
 * Reads a customer's answer as the value of one field. Never throws, uses no model, reads English and German formats.
 * An answer with two possible meanings is not read, and the customer is asked again.
 */

import type { Field } from "./definition.ts";
import { dateIn, dateTimeIn } from "./field-date.ts";
import { moneyIn, numberIn } from "./field-number.ts";
import type { Reply } from "./run.ts";

export type FieldRead = { ok: true; value: unknown } | { ok: false };

/** Limit for one text, in characters. The whole state has 64 kB (T11). */
const MAX_TEXT_LENGTH = 4_000;
/** Limit for answers of all types but text. Patterns are checked for texts of this length. */
export const MAX_TYPED_LENGTH = 500;

const YES = new Set(
  ["yes", "y", "yep", "yeah", "yup", "sure", "ok", "okay", "correct", "right"].concat([
    "ja",
    "j",
    "jo",
    "jep",
    "klar",
    "genau",
    "gerne",
    "richtig",
    "stimmt",
  ]),
);
const NO = new Set(["no", "n", "nope", "nah", "wrong"].concat(["nein", "ne", "nee", "nö", "noe", "falsch"]));

/** Words after a yes that make it no yes: "ok, not really", "ja, aber nicht jetzt". */
const TURNED = /\b(?:no|non|not|never|nope|cannot|[a-z]+n['’]?t|nicht|nich|nie|nein|kein\p{L}*|ohne)\b/iu;
/** Beginnings with a no that do not mean no: "no problem", "no idea". */
const NO_BUT = /^\p{L}+[\s,]+(?:problem|problems|worries|idea|clue|doubt|matter|ahnung|thema)\b/iu;

/** Reads an answer by the field's type. `now` is ISO 8601. */
export function readField(field: Field, reply: Reply, o: { languages: readonly string[]; now: string }): FieldRead {
  const text = reply.text.trim();
  if (field.type === "file")
    return reply.attachments.length > 0 ? found(reply.attachments.map((one) => ({ ...one }))) : none;
  if (field.type === "choice") return chosen(field, reply);
  if (field.type === "text") return readTextAnswer(text);
  if (text.length > MAX_TYPED_LENGTH) return none;
  switch (field.type) {
    case "email":
      return only(text.match(EMAIL));
    case "phone":
      return phoneIn(text);
    case "number":
      return orNone(numberIn(text, o.languages));
    case "money":
      return orNone(moneyIn(text, o.languages));
    case "date":
      return orNone(dateIn(text, o));
    case "datetime":
      return orNone(dateTimeIn(text, o));
    case "yes_no":
      return yesOrNo(text, reply);
    case "id":
      return matches(field.pattern, text) ? found(text) : none;
  }
}

/** Reads any text within the limit. */
export function readTextAnswer(text: string): FieldRead {
  const trimmed = text.trim();
  return trimmed !== "" && trimmed.length <= MAX_TEXT_LENGTH ? found(trimmed) : none;
}

const none: FieldRead = { ok: false };
const found = (value: unknown): FieldRead => ({ ok: true, value });
const orNone = (value: unknown): FieldRead => (value === null ? none : found(value));
const only = (all: readonly string[] | null): FieldRead => (all?.length === 1 ? found(all[0]) : none);

function chosen(field: Field, { choice }: Reply): FieldRead {
  const option = field.options.find((option) => option.id === choice.option);
  return option === undefined ? none : found(option.id);
}

function yesOrNo(text: string, { choice }: Reply): FieldRead {
  if (choice.option === "yes") return found(true);
  if (choice.option === "no") return found(false);
  if (choice.option === null && choice.why === "opposites") return none;
  const [first = "", ...rest] = text.toLowerCase().split(/[\s,.!;:]+/u);
  if (YES.has(first)) return TURNED.test(rest.join(" ")) ? none : found(true);
  return NO.has(first) && !NO_BUT.test(text) && !rest.some((word) => YES.has(word)) ? found(false) : none;
}

const EMAIL = /[\p{L}\p{N}._%+'-]{1,64}@[\p{L}\p{N}-]{1,63}(?:\.[\p{L}\p{N}-]{1,63}){1,8}/gu;

/** E.164 allows 15 digits; fewer than 7 are a short code or an extension. A number without "+" keeps its form. */
function phoneIn(text: string): FieldRead {
  const candidates = (text.match(/(?:\+|\(|\d)[\d\s()./-]{5,40}\d/gu) ?? []).map((one) => {
    const international = /^\+|^00/u.test(one);
    const digits = one
      .replace(international ? "(0)" : "", "")
      .replaceAll(/\D/gu, "")
      .replace(/^00/u, "");
    return { digits, text: international ? `+${digits}` : digits };
  });
  const [first, ...others] = candidates;
  if (first === undefined || others.length > 0 || first.digits.length < 7 || first.digits.length > 15) return none;
  return found(first.text);
}

function matches(pattern: RegExp | null, text: string): boolean {
  if (text === "") return false;
  if (pattern === null) return true;
  return new RegExp(`^(?:${pattern.source})$`, pattern.flags.replaceAll(/[gy]/gu, "")).test(text);
}
