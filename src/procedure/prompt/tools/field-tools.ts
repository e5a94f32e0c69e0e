import { z } from "zod";
import type { ToolSpec } from "../../../domain/model.ts";
import { ITEMS_MAX, QUOTE_MAX, TEXT_MAX } from "../../command-schema.ts";
import type { Procedure, ProcedureField } from "../../definition.ts";
import { choiceOf, type NameChoice } from "./choice.ts";
import { actionsNamed, customerFields } from "./named.ts";
import { tool } from "./tool.ts";

/** The customer's own words, as evidence. */
const quote = z.string().max(QUOTE_MAX).describe("The customer's own words that it rests on, copied letter by letter");

/** Tools that ask for fields and set them. */
export function fieldTools(procedure: Procedure): ToolSpec[] {
  const asked = customerFields(procedure);
  const ask = choiceOf(asked.map(({ name }) => name));
  const set = choiceOf(actionsNamed(procedure, "set").map(({ field }) => field));
  const [first, ...others] = asked.flatMap(settable);
  return [
    ...(ask === null ? [] : [askTool(ask)]),
    ...(set === null ? [] : [setTool(set)]),
    ...(first === undefined ? [] : [setFieldsTool([first, ...others])]),
  ];
}

const askTool = (field: NameChoice): ToolSpec =>
  tool({
    name: "ask",
    description: "Puts the question for a field, with its options, as the procedure words it.",
    given: { field },
    command: (given) => ({ kind: "ask", ...given }),
  });

const setTool = (field: NameChoice): ToolSpec =>
  tool({
    name: "set",
    description: "Sets a field to what its @set in the procedure says. The engine computes the value.",
    given: { field },
    command: (given) => ({ kind: "set", ...given }),
  });

type SetSchema = z.ZodObject<{ field: NameChoice; value: z.ZodType; quote: z.ZodString }, z.core.$strict>;

const setFieldsTool = (fields: [SetSchema, ...SetSchema[]]): ToolSpec =>
  tool({
    name: "set_fields",
    description:
      "Sets fields to what the customer has said, also if it corrects an earlier value. Never guess a value.",
    given: { fields: z.array(z.discriminatedUnion("field", fields)).min(1).max(ITEMS_MAX) },
    command: (given) => ({ kind: "set_fields", ...given }),
  });

/** The schema of setting one field; none where a model can't. */
function settable({ name, type }: ProcedureField): SetSchema[] {
  const field: NameChoice = z.enum([name]);
  switch (type.kind) {
    case "file":
    case "named":
      return [];
    case "enum":
      return [z.strictObject({ field, value: z.enum([...type.values]), quote })];
    case "yes_no":
      return [z.strictObject({ field, value: z.boolean(), quote })];
    case "text":
    case "email":
    case "phone":
    case "number":
    case "money":
    case "date":
    case "datetime":
    case "id": {
      const value = z.string().max(TEXT_MAX).describe("As the customer wrote it");
      return [z.strictObject({ field, value, quote })];
    }
  }
}
