/** Typed answers to the question before a write, and corrections of earlier answers in the same place. */
import { own } from "../lib/own.ts";
import type { ProcedureField } from "./definition.ts";
import type { CustomerReply } from "./run.ts";
import { intentOf } from "./understudy/intents.ts";
import { active, type Work } from "./work.ts";

/** Longest text that is read as a typed yes or no, characters: "yes please, go ahead". */
const AGREEMENT_MAX = 40;

/** A field that any yes or no answers. */
const YES_OR_NO: ProcedureField = {
  name: "agreed",
  type: { kind: "yes_no" },
  from: { kind: "customer" },
  ask: "",
  question: null,
  labels: {},
  optional: false,
  sensitive: false,
  position: { line: 1, column: 1 },
};

/**
 * Words that a typed agreement consists of, English and German. Any other word may be a condition or a wish ("ok, keep it",
 * "yes, for Bob"), so the question is put again.
 */
const AGREEING = new Set(
  (
    "yes yeah yep yup y ok okay k sure fine good great perfect alright right correct exactly absolutely definitely certainly " +
    "of course agree agreed confirm confirmed i we do it that this thats is sounds all please go ahead proceed thanks thank you " +
    "very much my the a ja jo jep jawohl klar natürlich gern gerne bitte danke genau richtig stimmt passt gut super einverstanden " +
    "in ordnung mach machen tu tun sie das es ich wir bestätige so vielen dank meine mein den die alles"
  ).split(" "),
);

/**
 * True for an option or words of agreement ("ok", "sure"), false for a refusal, null for other words. Words of the
 * operation's name agree, too: "yes, cancel my subscription".
 */
export function agreement(work: Work, reply: CustomerReply, operation: string): boolean | null {
  // "Yes?" asks back.
  if (reply.text.includes("?")) return null;
  if (reply.option !== null) return reply.option === "yes" ? true : reply.option === "no" ? false : null;
  // A longer text says more than yes or no.
  if (reply.text.length > AGREEMENT_MAX) return null;
  const intent = intentOf(reply.text);
  if (intent !== null && (intent.kind !== "correct" || correctable(work, { ...reply, text: intent.rest }) !== null))
    return null;
  const read = work.world.read(YES_OR_NO, reply);
  if (!read.ok) return null;
  return read.value !== true || saysOnlyYes(reply.text, operation) ? read.value === true : null;
}

function saysOnlyYes(text: string, operation: string): boolean {
  const named = new Set(operation.toLowerCase().split(/[^\p{L}\p{N}]+/u));
  const words =
    text
      .toLowerCase()
      .replaceAll(/['’]/gu, "")
      .match(/[\p{L}\p{N}]+/gu) ?? [];
  return words.every((word) => AGREEING.has(word) || named.has(word));
}

/** The field, answered before, that these words give another value; null: none. */
export function correctable(work: Work, reply: CustomerReply): ProcedureField | null {
  const here = active(work);
  if (here === null) return null;
  for (const name of Object.keys(here.at.fields).toReversed()) {
    const field = own(here.procedure.fields, name);
    if (field?.from.kind !== "customer" || field.type.kind === "text") continue;
    const read = work.world.read(field, reply);
    if (read.ok && JSON.stringify(read.value) !== JSON.stringify(here.at.fields[name]?.value)) return field;
  }
  return null;
}
