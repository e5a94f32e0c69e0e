/**
 * Fields in which servers differ. OpenAI's reasoning models refuse `max_tokens`; others know nothing else: Ollama ignores
 * `max_completion_tokens` (https://github.com/ollama/ollama/issues/7125), so that answers would have no end, and Mistral
 * refuses every field that it does not know. What a server refuses is learnt, once for each field.
 */
export interface Dialect {
  limit: "max_tokens" | "max_completion_tokens";
  /** True where `prompt_cache_key` is sent. */
  cacheKey: boolean;
}

/** A field whose refusal tells the dialect. */
export type DialectField = Dialect["limit"] | "prompt_cache_key";

export const DIALECT_FIELDS: readonly DialectField[] = ["max_tokens", "max_completion_tokens", "prompt_cache_key"];

/** Hosts of OpenAI and of Azure. */
const OPENAI_HOST = /(?:^|\.)(?:openai|azure)\.com$/;

export interface LearntDialect {
  readonly now: Dialect;
  /** Leaves out or replaces fields that were refused; true when that changed anything, so that another try may pass. */
  learn(refused: readonly DialectField[]): boolean;
}

/** The dialect of a server, as far as its address tells. */
export function startDialect(baseUrl: string): LearntDialect {
  const limit = OPENAI_HOST.test(new URL(baseUrl).hostname) ? "max_completion_tokens" : "max_tokens";
  let now: Dialect = { limit, cacheKey: true };
  return {
    get now() {
      return now;
    },
    learn(refused) {
      const before = now;
      if (refused.includes("prompt_cache_key")) now = { ...now, cacheKey: false };
      if (refused.includes(now.limit) && now.limit === limit)
        now = { ...now, limit: limit === "max_tokens" ? "max_completion_tokens" : "max_tokens" };
      return now.limit !== before.limit || now.cacheKey !== before.cacheKey;
    },
  };
}
