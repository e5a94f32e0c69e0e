/* oxlint-disable unicorn/no-thenable -- `then` is a key of the file format and always a list */
/** Answers to the questions of procedures, read as those of workflows are. */
import type { ProcedureField } from "../procedure/definition.ts";
import type { CustomerReply } from "../procedure/run.ts";
import type { Field, FieldType } from "./definition.ts";
import { readField } from "./field.ts";

/** The type of a field, as questions and answers of workflows know it. */
export function fieldTypeOf({ type }: ProcedureField): FieldType {
  switch (type.kind) {
    case "enum":
      return "choice";
    case "named":
      return "text";
    case "text":
    case "email":
    case "phone":
    case "number":
    case "money":
    case "date":
    case "datetime":
    case "yes_no":
    case "file":
    case "id":
      return type.kind;
  }
}

/** Reads a customer's answer as the value of a procedure's field. */
export function readProcedureField(
  field: ProcedureField,
  reply: CustomerReply,
  o: { languages: readonly string[]; now: string },
): { ok: true; value: unknown } | { ok: false } {
  const option = reply.option ?? optionByWords(field, reply.text);
  const choice = option === null ? ({ option, why: "free_text" } as const) : ({ option, via: "label" } as const);
  return readField(asField(field), { kind: "reply", text: reply.text, choice, attachments: reply.attachments }, o);
}

function asField(field: ProcedureField): Field {
  const values = field.type.kind === "enum" ? field.type.values : [];
  return {
    name: field.name,
    type: fieldTypeOf(field),
    ask: {},
    check: null,
    checkSay: null,
    pattern: field.type.kind === "id" ? field.type.pattern : null,
    options: values.map((id) => ({ id, label: {}, aliases: [], destructive: false, then: null })),
    retries: 0,
    sensitive: field.sensitive,
  };
}

const plain = (text: string): string =>
  ` ${text
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, " ")
    .trim()} `;

/** The one value of a list whose words stand in the text; null: none, or several. */
function optionByWords({ type, labels }: ProcedureField, text: string): string | null {
  if (type.kind !== "enum") return null;
  const said = plain(text);
  const meant = type.values.filter((value) => {
    const names = [value.replaceAll("_", " "), labels[value] ?? ""].map(plain);
    return names.some((name) => name.trim() !== "" && said.includes(name));
  });
  return meant.length === 1 ? (meant[0] ?? null) : null;
}
