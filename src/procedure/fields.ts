/** Setting the fields of a procedure, each by its own writer only, and reopening what rests on a value that changed. */
import type { Refusal, SetField } from "./command.ts";
import { QUOTE_MAX } from "./command-schema.ts";
import type { ProcedureField } from "./definition.ts";
import { reopen } from "./reopen.ts";
import type { CustomerReply, ProcedureWorld } from "./run.ts";
import { sourceWords } from "./source-words.ts";
import {
  active,
  changeActive,
  changeRun,
  fieldValue,
  isQuotable,
  journal,
  progressed,
  refused,
  type Work,
} from "./work.ts";

/** Words of the customer's that are kept to check quotes against: characters in all (T11). */
const HEARD_MAX = 8_000;
/** Characters of one value that a customer gives (T11). */
const VALUE_MAX = 4_000;

/** Sets a field from a model's reading of the customer's words. Returns the refusal, or null. */
export function setFromModel(work: Work, { field: name, value, quote }: SetField): Refusal | null {
  const here = active(work);
  const field = here === null || !Object.hasOwn(here.procedure.fields, name) ? undefined : here.procedure.fields[name];
  if (field === undefined) return refused("unknown_name", `There is no field ${name}.`);
  if (field.from.kind !== "customer")
    return refused("not_writable", `${name} comes from ${sourceWords(field)}, and nothing else may set it.`);
  if (!isQuotable(work, quote))
    return refused("quote_not_found", `The customer has not written “${quote.slice(0, 80)}”; quote their own words.`);
  const read = valueFrom(work, field, { value, quote });
  const shown = field.sensitive ? "this" : JSON.stringify(value);
  if (read === undefined) return refused("bad_value", `${name} can't be ${shown} on these words.`);
  setField(work, field, { value: read, quote });
  return null;
}

/** Sets a field from the customer's answer to its question. False: the words are no such value. */
export function setFromAnswer(work: Work, field: ProcedureField, reply: CustomerReply): boolean {
  const read = work.world.read(field, reply);
  if (!read.ok) return false;
  setField(work, field, { value: read.value, quote: reply.text.slice(0, QUOTE_MAX).toWellFormed() });
  return true;
}

/** Values of a list that stand in sentences without being meant. */
const COMMON_WORDS: ReadonlySet<unknown> = new Set(["other", "none", "yes", "no"]);

/**
 * Sets a field that the customer has told already, where no model reads that: words of a list, an id by its pattern and
 * an e-mail address can't be taken for something else.
 */
export function setFromEarlierWords(work: Work, field: ProcedureField): boolean {
  const { type } = field;
  const telling = type.kind === "enum" || type.kind === "email" || (type.kind === "id" && type.pattern !== null);
  if (work.world.model || !telling) return false;
  for (const text of work.run.heard.toReversed()) {
    for (const words of type.kind === "id" ? wordsOf(text) : [text]) {
      const read = work.world.read(field, { text: words, option: null, attachments: [] });
      if (!read.ok || COMMON_WORDS.has(read.value)) continue;
      setField(work, field, { value: read.value, quote: words });
      changeRun(work, { news: true });
      return true;
    }
  }
  return false;
}

const wordsOf = (text: string): readonly string[] => text.match(/[\p{L}\p{N}-]{2,40}/gu) ?? [];

/** The customer does not tell an optional field, so it is not asked for again. Conditions on it stay unknown. */
export function leaveOut(work: Work, { name }: ProcedureField): void {
  const at = work.run.stack.at(-1);
  changeActive(work, { fields: { ...at?.fields, [name]: { value: null, quote: "", at: work.world.now } } });
  changeRun(work, { news: true });
  journal(work, "field.left_out", `The customer does not want to tell ${name}`);
}

/** Sets a field, whoever its writer is; a changed value reopens what rests on it. */
export function setField(work: Work, field: ProcedureField, given: { value: unknown; quote: string }): void {
  const { quote } = given;
  const value = comparable(field, given.value);
  const before = fieldValue(work, field.name);
  if (before !== undefined && JSON.stringify(before.value) === JSON.stringify(value)) return;
  const at = work.run.stack.at(-1);
  changeActive(work, { fields: { ...at?.fields, [field.name]: { value, quote, at: work.world.now } } });
  progressed(work);
  const shown = field.sensitive ? "(sensitive)" : JSON.stringify(value).slice(0, 200);
  const evidence = quote === "" || field.sensitive ? "" : `, from “${quote.slice(0, 120)}”`;
  journal(work, before === undefined ? "field.set" : "field.corrected", `${field.name} is ${shown}${evidence}`);
  if (before !== undefined) reopen(work, field.name);
}

/** The value as conditions compare it: an e-mail address in lower case, since mail goes to the same person either way. */
const comparable = ({ type }: ProcedureField, value: unknown): unknown =>
  type.kind === "email" && typeof value === "string" ? value.toLowerCase() : value;

/** Makes a field unknown again; what rests on it is decided anew. */
export function unsetField(work: Work, { name }: ProcedureField): void {
  const at = work.run.stack.at(-1);
  if (at === undefined || !Object.hasOwn(at.fields, name)) return;
  const { [name]: _gone, ...fields } = at.fields;
  changeActive(work, { fields });
  journal(work, "field.unset", `${name} is not known any more`);
  reopen(work, name);
}

/** The value that the quoted words give. What a model makes of them counts only for words and lists of values. */
function valueFrom(work: Work, field: ProcedureField, { value, quote }: { value: unknown; quote: string }): unknown {
  const { type } = field;
  switch (type.kind) {
    case "enum":
      return typeof value === "string" && type.values.includes(value) ? value : undefined;
    case "yes_no":
      return typeof value === "boolean" ? value : undefined;
    case "text":
      return typeof value === "string" && value.length <= VALUE_MAX && isQuotable(work, value) ? value : undefined;
    case "file":
    case "named":
      return undefined;
    case "email":
    case "phone":
    case "number":
    case "money":
    case "date":
    case "datetime":
    case "id": {
      const read = work.world.read(field, { text: quote, option: null, attachments: [] });
      return read.ok ? read.value : undefined;
    }
  }
}

/** Keeps the customer's words, as far as quotes are checked against them. */
export function hear(work: Work, text: string): void {
  const heard = [...work.run.heard, text.slice(0, HEARD_MAX).toWellFormed()];
  while (heard.length > 1 && heard.join("").length > HEARD_MAX) heard.shift();
  changeRun(work, { heard, news: true });
}

/** Sets the fields that come from the contact, once they are known. */
export function setFromContact(work: Work): void {
  const here = active(work);
  for (const field of Object.values(here?.procedure.fields ?? {})) {
    if (field.from.kind !== "contact" || fieldValue(work, field.name) !== undefined) continue;
    const value = contactValue(work, field.from.path);
    if (value !== undefined) setField(work, field, { value, quote: "" });
  }
}

/** A value of the contact by its path ("attributes.billing_id"); undefined: none. */
export function contactValue({ world }: { world: Pick<ProcedureWorld, "contact"> }, path: string): unknown {
  let here: unknown = world.contact;
  for (const name of path.split(".")) {
    if (typeof here !== "object" || here === null || !Object.hasOwn(here, name)) return undefined;
    here = (here as Record<string, unknown>)[name];
  }
  return here === "" || here === null ? undefined : here;
}
