/** Writes requests, and reads answers, of the chat completions API (https://platform.openai.com/docs/api-reference/chat). */
import type { ChatCompletionCreateParamsNonStreaming, ChatCompletionMessageParam } from "openai/resources";
import { z } from "zod";
import type { ModelMessage, ModelRequest, ModelUsage, OutputSpec, ToolSpec } from "../domain/model.ts";
import { sha256 } from "../lib/digest.ts";
import type { Dialect } from "./dialect.ts";

/** A longer `prompt_cache_key` is refused. */
const MAX_CACHE_KEY = 64;

interface BodyOptions {
  model: string;
  dialect: Dialect;
  /** They may go on after the request's own, to repair an answer. */
  messages: readonly ModelMessage[];
}

/** The body of a request. */
export function bodyOf(
  request: ModelRequest,
  { model, dialect, messages }: BodyOptions,
): ChatCompletionCreateParamsNonStreaming {
  const { tools, toolChoice, output, cacheKey, maxOutputTokens } = request;
  return {
    model,
    messages: messages as ChatCompletionMessageParam[],
    [dialect.limit]: maxOutputTokens,
    ...(dialect.cacheKey ? { prompt_cache_key: cacheKey.length > MAX_CACHE_KEY ? sha256(cacheKey) : cacheKey } : {}),
    ...(tools.length === 0 ? {} : { tools: tools.map(toolOf), tool_choice: toolChoice ?? "auto" }),
    ...(output === undefined ? {} : { response_format: formatOf(output) }),
  };
}

const toolOf = ({ name, description, parameters, strict }: ToolSpec) => ({
  type: "function" as const,
  function: { name, description, parameters: { ...parameters }, strict },
});

const formatOf = ({ name, schema }: OutputSpec) => ({
  type: "json_schema" as const,
  json_schema: { name, schema: { ...schema }, strict: true },
});

const count = z.number().nonnegative().catch(0);

/** Only what is used: servers of other vendors leave out the rest, or write it differently. */
const Completion = z.object({
  choices: z
    .array(
      z.object({
        message: z.object({
          content: z.string().nullish(),
          refusal: z.string().nullish(),
          tool_calls: z
            .array(
              z.object({
                id: z.string().nullish(),
                function: z.object({
                  name: z.string(),
                  arguments: z.union([z.string(), z.record(z.string(), z.unknown())]),
                }),
              }),
            )
            .nullish(),
        }),
        finish_reason: z.string().nullish(),
      }),
    )
    .min(1),
  usage: z
    .object({
      prompt_tokens: count,
      completion_tokens: count,
      prompt_tokens_details: z.object({ cached_tokens: count.nullish() }).nullish(),
    })
    .nullish()
    .catch(null),
});

/** A model's answer, before its arguments are parsed. */
export interface RawAnswer {
  text: string;
  toolCalls: readonly { id: string; name: string; arguments: string }[];
  /** True where it ended at the limit of its length. */
  cut: boolean;
}

export interface ReadCompletion {
  answer: RawAnswer;
  /** True where the model, or a filter before it, declined. */
  refused: boolean;
  /** null: the server did not say. */
  usage: ModelUsage | null;
}

/** Reads a completion; null where it is none, or says nothing at all. */
export function readCompletion(body: unknown): ReadCompletion | null {
  const parsed = Completion.safeParse(body);
  const choice = parsed.success ? parsed.data.choices[0] : undefined;
  if (!parsed.success || choice === undefined) return null;
  const { message, finish_reason: end } = choice;
  const refused = (message.refusal ?? "") !== "" || end === "content_filter";
  const answer = { text: message.content ?? "", toolCalls: callsOf(message.tool_calls ?? []), cut: end === "length" };
  const silent = answer.text.trim() === "" && answer.toolCalls.length === 0;
  if (silent && !refused && !answer.cut) return null;
  return { answer, refused, usage: usageOf(parsed.data.usage ?? null) };
}

type Calls = NonNullable<z.infer<typeof Completion>["choices"][number]["message"]["tool_calls"]>;

/** Ids that are missing or repeated are replaced, since results are told apart by them. */
function callsOf(calls: Calls): RawAnswer["toolCalls"] {
  const seen = new Set<string>();
  return calls.map(({ id: given, function: { name, arguments: written } }, n) => {
    const id = given && !seen.has(given) ? given : `call_${n}`;
    seen.add(id);
    return { id, name, arguments: typeof written === "string" ? written : JSON.stringify(written) };
  });
}

function usageOf(usage: z.infer<typeof Completion>["usage"] | null): ModelUsage | null {
  if (!usage) return null;
  const input = Math.round(usage.prompt_tokens);
  const cached = Math.min(input, Math.round(usage.prompt_tokens_details?.cached_tokens ?? 0));
  return { input, cached, output: Math.round(usage.completion_tokens) };
}
