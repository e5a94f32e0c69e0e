import { own } from "../../lib/own.ts";
import type { ProcedureField } from "../definition.ts";
import { sourceWords } from "../source-words.ts";
import { HIDDEN_VALUE, hiddenFields, maskedJson } from "./masking.ts";
import type { Scene } from "./scene.ts";

/** Characters of one value. */
const VALUE_MAX = 2_000;

/** The fields with their types, sources and values. */
export function fieldsText(scene: Scene): string {
  const hidden = hiddenFields(scene);
  const fields = Object.values(scene.procedure.fields);
  if (fields.length === 0) return "none";
  return fields
    .map(
      (field) =>
        `- ${field.name} (${typeWords(field)}, from ${sourceWords(field)}): ${valueText(scene, field, hidden)}`,
    )
    .join("\n");
}

function valueText(
  { at, fenced, mask }: Scene,
  { name, optional }: ProcedureField,
  hidden: ReadonlySet<string>,
): string {
  const known = own(at.fields, name);
  if (known === undefined) return optional ? "not known, and may stay so" : "not known";
  if (hidden.has(name)) return `known, and hidden: ${HIDDEN_VALUE}`;
  return `known\n${fenced("value", maskedJson(known.value, mask), VALUE_MAX)}`;
}

function typeWords({ type }: ProcedureField): string {
  switch (type.kind) {
    case "enum":
      return `one of ${type.values.join(", ")}`;
    case "named":
      return type.name;
    case "yes_no":
      return "yes or no";
    case "text":
    case "email":
    case "phone":
    case "number":
    case "money":
    case "date":
    case "datetime":
    case "file":
    case "id":
      return type.kind;
  }
}
