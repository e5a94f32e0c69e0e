import { expect, it } from "vitest";
import { startDialect } from "../../src/model/dialect.ts";

it.each([
  ["https://api.openai.com/v1", "max_completion_tokens"],
  ["https://acme.openai.azure.com/openai/v1", "max_completion_tokens"],
  ["https://api.mistral.ai/v1", "max_tokens"],
  ["http://127.0.0.1:11434/v1", "max_tokens"],
  ["https://notopenai.com/v1", "max_tokens"],
])("%s bounds answers by %s", (url, limit) => {
  expect(startDialect(url).now).toEqual({ limit, cacheKey: true });
});

it("what is refused is left out or replaced, once", () => {
  const dialect = startDialect("http://127.0.0.1/v1");
  expect(dialect.learn([])).toBe(false);
  expect(dialect.learn(["max_completion_tokens"])).toBe(false);
  expect(dialect.learn(["max_tokens"])).toBe(true);
  expect(dialect.learn(["max_completion_tokens", "max_tokens"])).toBe(false);
  expect(dialect.learn(["prompt_cache_key"])).toBe(true);
  expect(dialect.learn(["prompt_cache_key"])).toBe(false);
  expect(dialect.now).toEqual({ limit: "max_completion_tokens", cacheKey: false });
});
