/** One tool of a model: its JSON schema and its parser are made of the same declaration, so they cannot differ. */
import { z } from "zod";
import type { ToolSpec } from "../../../domain/model.ts";
import type { Command } from "../../command.ts";

type Shape = Readonly<Record<string, z.ZodType>>;

interface ToolDeclaration<Given extends Shape> {
  name: string;
  description: string;
  /** Arguments; what may be left out is `nullish`. */
  given: Given;
  command: (given: z.output<z.ZodObject<Given>>) => Command;
}

/** Declares a tool. Its parser gives the command, and refuses arguments that were not declared. */
export function tool<const Given extends Shape>({
  name,
  description,
  given,
  command,
}: ToolDeclaration<Given>): ToolSpec {
  const parsed = z.strictObject(given);
  return {
    name,
    description,
    parameters: strictSchema(parsed),
    strict: true,
    arguments: parsed.transform((value) => command(value as z.output<z.ZodObject<Given>>)),
  };
}

/**
 * The JSON schema in the subset that strict tools allow (https://platform.openai.com/docs/guides/structured-outputs): every
 * property is required, what may be left out is null, and no lengths of texts are given.
 */
function strictSchema(schema: z.ZodType): Readonly<Record<string, unknown>> {
  const { $schema: _dialect, ...json } = z.toJSONSchema(schema, {
    io: "input",
    override: ({ jsonSchema }) => {
      delete jsonSchema.maxLength;
      delete jsonSchema.minLength;
      if (jsonSchema.properties !== undefined) jsonSchema.required = Object.keys(jsonSchema.properties);
      if (jsonSchema.oneOf !== undefined) {
        jsonSchema.anyOf = jsonSchema.oneOf;
        delete jsonSchema.oneOf;
      }
    },
  });
  return json;
}
