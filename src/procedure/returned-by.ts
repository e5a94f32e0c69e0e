import { SCALAR_TYPES, type ValueType } from "../domain/connector-schema.ts";
import { own } from "../lib/own.ts";
import type { CodeBlock, Procedure } from "./definition.ts";

/** The type that a code block names, one of the procedure's or a scalar; null: there is none such. */
export function returnedBy(types: Procedure["types"], name: CodeBlock["returns"]): ValueType | null {
  const scalar = SCALAR_TYPES.find((type) => type === name);
  return scalar === undefined ? (own(types, name) ?? null) : { type: scalar };
}
