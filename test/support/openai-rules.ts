/** Checks requests to language models against OpenAI's own schema, if it is available. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { ErrorObject, ValidateFunction } from "ajv";
import { Ajv2020 } from "ajv/dist/2020.js";

const specFile = join(process.env["FRONTDESK_SPECS"] ?? "../shared/specs", "openai.json");

/** OpenAI's OpenAPI file (github.com/openai/openai-openapi), which is not part of this project; null if not available. */
export const openaiSpec: object | null = existsSync(specFile) ? JSON.parse(readFileSync(specFile, "utf8")) : null;

const chatRequest = openaiSpec && compile(openaiSpec, "CreateChatCompletionRequest");
if (chatRequest === null) {
  console.warn(`NOT CHECKED against OpenAI's schema: ${specFile} is missing. Name its folder with FRONTDESK_SPECS.`);
}

/** Returns the faults of the body of a chat completion request; none where the schema is not available. */
export function chatRequestFaults(body: unknown): string[] {
  if (chatRequest === null || chatRequest(body)) return [];
  return (chatRequest.errors ?? []).map(
    ({ instancePath, message }: ErrorObject) => `${instancePath} ${message ?? "is wrong"}`,
  );
}

function compile(spec: object, name: string): ValidateFunction {
  const ajv = new Ajv2020({ strict: false, formats: { uri: true, int64: true, float: true, double: true } });
  ajv.addSchema(withoutBareNullable(spec) as object, "openai");
  const validate = ajv.getSchema(`openai#/components/schemas/${name}`);
  if (validate === undefined) throw new Error(`${specFile} does not describe ${name}`);
  return validate as ValidateFunction;
}

/** OpenAPI 3.0's `nullable` is left over in some places; without a `type` beside it ajv refuses it. */
function withoutBareNullable(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutBareNullable);
  if (typeof value !== "object" || value === null) return value;
  const kept = Object.entries(value).filter(([key]) => key !== "nullable" || "type" in value);
  return Object.fromEntries(kept.map(([key, held]) => [key, withoutBareNullable(held)]));
}
