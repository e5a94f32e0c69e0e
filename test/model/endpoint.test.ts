import { expect, it } from "vitest";
import { type ModelEntry, NO_MODELS } from "../../src/domain/model-settings.ts";
import { redact } from "../../src/lib/redact.ts";
import { type EndpointSources, resolveModels, usable } from "../../src/model/endpoint.ts";

const OPENAI_KEY = "key-of-openai-itself";
const sources = (some: Partial<EndpointSources> = {}): EndpointSources => ({
  env: { LITELLM_URL: "http://litellm:4000/", LITELLM_KEY: "key-of-litellm", DATABASE_URL: "postgres://x" },
  openaiApiKey: OPENAI_KEY,
  openaiBaseUrl: null,
  ...some,
});
const entry = (some: Partial<ModelEntry> = {}): ModelEntry => ({
  model: "m",
  baseUrl: null,
  apiKey: null,
  price: null,
  timeoutMs: 60_000,
  ...some,
});
const env = (name: string) => ({ from: "env", name }) as const;
const local = { from: "text", url: "http://127.0.0.1:11434/v1/" } as const;

it.each<[what: string, entry: Partial<ModelEntry>, sources: Partial<EndpointSources>, expected: object]>([
  ["OpenAI itself", {}, {}, { baseUrl: "https://api.openai.com/v1", apiKey: OPENAI_KEY, allowPrivate: false }],
  [
    "OPENAI_BASE_URL",
    {},
    { openaiBaseUrl: "http://10.0.0.5/v1" },
    { baseUrl: "http://10.0.0.5/v1", apiKey: OPENAI_KEY, allowPrivate: true },
  ],
  [
    "OPENAI_BASE_URL without a key",
    {},
    { openaiBaseUrl: "http://10.0.0.5/v1", openaiApiKey: null },
    { baseUrl: "http://10.0.0.5/v1", apiKey: null },
  ],
  [
    "a server of its own, which never gets OPENAI_API_KEY",
    { baseUrl: local },
    {},
    {
      baseUrl: "http://127.0.0.1:11434/v1",
      apiKey: null,
      allowPrivate: true,
    },
  ],
  [
    "a server and a key by reference",
    { baseUrl: env("LITELLM_URL"), apiKey: env("LITELLM_KEY") },
    {},
    { baseUrl: "http://litellm:4000", apiKey: "key-of-litellm", allowPrivate: true },
  ],
  ["OPENAI_API_KEY by name", { baseUrl: local, apiKey: env("OPENAI_API_KEY") }, {}, { apiKey: OPENAI_KEY }],
])("a model is at %s", (_, some, given, expected) => {
  const [resolved] = resolveModels({ ...NO_MODELS, large: [entry(some)] }, sources(given));
  expect(resolved).toMatchObject({ tier: "large", endpoint: { ok: true, value: { model: "m", ...expected } } });
});

it.each<[what: string, entry: Partial<ModelEntry>, sources: Partial<EndpointSources>, fault: string]>([
  ["no key for OpenAI", {}, { openaiApiKey: null }, "has no key: set OPENAI_API_KEY, or api_key: for this model"],
  ["a key that is not set", { apiKey: env("NOBODY") }, {}, "can't be asked: env:NOBODY is not set"],
  ["OPENAI_API_KEY by name, not set", { apiKey: env("OPENAI_API_KEY") }, { openaiApiKey: null }, "env:OPENAI_API_KEY"],
  ["another setting of ours", { baseUrl: local, apiKey: env("DATABASE_URL") }, {}, "is a variable of Frontdesk"],
  ["an address that is none", { baseUrl: env("LITELLM_KEY") }, {}, "env:LITELLM_KEY is not a web address"],
])("a model can't be used: %s", (_, some, given, fault) => {
  const models = resolveModels({ ...NO_MODELS, small: [entry(some)] }, sources(given));
  expect(models[0]?.endpoint).toEqual({ ok: false, fault: expect.stringContaining(fault) });
  expect(usable(models, "small")).toEqual([]);
});

it("logs hide every key from then on", () => {
  resolveModels({ large: [entry()], small: [entry({ baseUrl: local, apiKey: env("LITELLM_KEY") })] }, sources());
  expect(redact(`${OPENAI_KEY} key-of-litellm`)).toBe("[secret] [secret]");
});
