import { z } from "zod";
import type { FieldSchemas, ValueType } from "../../../domain/connector-schema.ts";
import { TEXT_MAX } from "../../command-schema.ts";

/** Items of a list that a model gives. */
const LIST_MAX = 100;

/** Parsers of inputs by name; what is optional may be null or left out. */
export const inputSchemas = (fields: FieldSchemas): Record<string, z.ZodType> =>
  Object.fromEntries(
    Object.entries(fields).map(([name, { value, optional }]) => [
      name,
      optional ? valueSchema(value).nullish() : valueSchema(value),
    ]),
  );

function valueSchema(type: ValueType): z.ZodType {
  switch (type.type) {
    case "string":
      return z.string().max(TEXT_MAX);
    case "date":
      return z.string().max(TEXT_MAX).describe("A date as ISO 8601, 2026-11-20");
    case "number":
      return z.number();
    case "boolean":
      return z.boolean();
    case "enum":
      return z.enum([...type.values]);
    case "list":
      return z.array(valueSchema(type.of)).max(LIST_MAX);
    case "object":
      return z.strictObject(inputSchemas(type.fields));
  }
}
