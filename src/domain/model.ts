/** A request to a language model and its answer. Messages have the shape of OpenAI's chat completions. */
import type { z } from "zod";
import type { ModelTier } from "./model-settings.ts";

export type ModelMessage =
  | { role: "system" | "user"; content: string }
  | { role: "assistant"; content: string | null; tool_calls?: readonly ModelToolCall[] }
  /** The result of a tool call. */
  | { role: "tool"; tool_call_id: string; content: string };

/** A tool call as the model wrote it; `arguments` is JSON text. */
export interface ModelToolCall {
  id: string;
  type: "function";
  function: { name: string; arguments: string };
}

/** A tool that the model may call. */
export interface ToolSpec {
  /** Letters, digits, `_` and `-`, at most 64. */
  name: string;
  description: string;
  /** JSON schema of the arguments. With `strict` every property is required, and no others are allowed. */
  parameters: Readonly<Record<string, unknown>>;
  strict: boolean;
  /** Parses the arguments. */
  arguments: z.ZodType;
}

/** The shape of an answer that is JSON instead of text. */
export interface OutputSpec {
  name: string;
  schema: Readonly<Record<string, unknown>>;
  parse: z.ZodType;
}

export interface ModelRequest {
  tier: ModelTier;
  messages: readonly ModelMessage[];
  tools: readonly ToolSpec[];
  /** `required`: the model has to call a tool. Default: as it likes. */
  toolChoice?: "auto" | "required";
  /** Asks for JSON. */
  output?: OutputSpec;
  /** The same for requests that begin alike, so that the server finds their beginning in its prompt cache. */
  cacheKey: string;
  conversation: number;
  procedure: ModelProcedure | null;
  /** Its use, in one word ("turn", "classify"). */
  purpose: string;
  maxOutputTokens: number;
  /** True if an earlier answer to the same request will do: classification and extraction. */
  cacheable?: boolean;
}

/** The procedure that a request is made for. */
export interface ModelProcedure {
  id: string;
  /** Unique within the conversation. */
  run: string;
  /** The most that the run may cost, US dollars; null: only the other limits hold. */
  costUsd: number | null;
}

export interface ParsedToolCall {
  /** Unique within the answer. */
  id: string;
  name: string;
  /** As the tool's `arguments` parsed them. */
  arguments: unknown;
}

/** Tokens. */
export interface ModelUsage {
  input: number;
  /** Those of the input that the server had in its prompt cache. */
  cached: number;
  output: number;
}

export type ModelResult =
  | {
      kind: "commands";
      toolCalls: readonly ParsedToolCall[];
      /** "" where it only called tools. */
      text: string;
      /** As `output` parsed it; null where none was asked for. */
      output: unknown;
      /** Of all tries. */
      usage: ModelUsage;
      /** Of all tries, US dollars; a model whose price is unknown counts nothing. */
      costUsd: number;
      /** As frontdesk.yaml names it. */
      model: string;
      tookMs: number;
    }
  | { kind: "unavailable"; reason: UnavailableReason; message: string };

/**
 * `no_model`: none is configured; `budget`: a limit is reached; `down`: none gave a usable answer; `refused`: the model
 * declined; `too_long`: the request exceeds the model's context; `cancelled`: nobody wants it any more.
 */
export type UnavailableReason = "no_model" | "budget" | "down" | "refused" | "too_long" | "cancelled";
