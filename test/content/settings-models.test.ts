import { describe, expect, test } from "vitest";
import { parseSettings } from "../../src/content/settings.ts";
import { DEFAULT_MODEL_LIMITS, NO_MODELS } from "../../src/domain/model-settings.ts";
import { marked } from "../workflow/marked.ts";

const SOUND = `channels: { playground: { adapter: playground } }
desk: { adapter: playground, channel: playground }
default_queue: front-line
queues: { front-line: }
`;

function settings(more: string) {
  const parsed = parseSettings(`${SOUND}${more}`);
  if (parsed.settings === null) throw new Error(JSON.stringify(parsed.diagnostics));
  return parsed.settings;
}

describe("models", () => {
  test("are none unless they are listed", () => {
    expect(settings("").models).toEqual(NO_MODELS);
    expect(settings("models: { large: [] }\n").models).toEqual(NO_MODELS);
  });

  test("are lists by tier, with defaults filled in", () => {
    const { models } = settings(`models:
  large:
    - { model: gpt-4.1, price: { input: 2, cached: 0.5, output: 8 }, timeout: 90s }
    - { model: local, base_url: "http://127.0.0.1:11434/v1" }
  small: { model: tiny, base_url: "env:LITELLM_URL", api_key: "env:OPENAI_API_KEY", price: { input: 0.4, output: 1.6 } }
`);
    expect(models).toEqual({
      large: [
        {
          model: "gpt-4.1",
          baseUrl: null,
          apiKey: null,
          price: { input: 2, cached: 0.5, output: 8 },
          timeoutMs: 90_000,
        },
        {
          model: "local",
          baseUrl: { from: "text", url: "http://127.0.0.1:11434/v1" },
          apiKey: null,
          price: null,
          timeoutMs: 60_000,
        },
      ],
      small: [
        {
          model: "tiny",
          baseUrl: { from: "env", name: "LITELLM_URL" },
          apiKey: { from: "env", name: "OPENAI_API_KEY" },
          price: { input: 0.4, cached: 0.4, output: 1.6 },
          timeoutMs: 60_000,
        },
      ],
    });
  });

  test("have limits in money and in tokens", () => {
    expect(settings("").limits.models).toEqual(DEFAULT_MODEL_LIMITS);
    const { limits } = settings("limits: { cost_per_day_usd: 0.5, tokens_per_conversation: 200000 }\n");
    expect(limits.models).toEqual({
      ...DEFAULT_MODEL_LIMITS,
      costPerDayUsd: 0.5,
      tokensPerConversation: 200_000,
    });
  });

  test.each<[code: string, lines: string, message: string]>([
    ["F005", "models: { ¦medium: [] }", "models: has no key medium:"],
    ["F006", "models: { large: [¦{ base_url: 'http://127.0.0.1/v1' }] }", "a model needs model:"],
    ["F014", "models: { large: [{ model: ¦'' }] }", "is the name of a model"],
    ["F014", "models: { large: [{ model: m, base_url: ¦ollama }] }", "is a web address like"],
    ["F014", "models: { large: [{ model: m, base_url: ¦'ftp://models.example/v1' }] }", "is a web address like"],
    ["F014", "models: { large: [{ model: m, base_url: ¦'https://x.example/v1?key=1' }] }", "is a web address like"],
    ["F201", "models: { large: [{ model: m, base_url: ¦'https://dana:hunter2@x.example/v1' }] }", "holds a password"],
    ["F201", "models: { large: [{ model: m, api_key: ¦sk-abc123 }] }", "must not be in this file"],
    ["F202", "models: { large: [{ model: m, api_key: ¦'env:DATABASE_URL' }] }", "is a variable of Frontdesk"],
    ["F006", "models: { large: [{ model: m, ¦price: { input: 1 } }] }", "price: needs output:"],
    ["F007", "models: { large: [{ model: m, price: { input: ¦cheap, output: 1 } }] }", "must be a number from 0"],
    ["F013", "models: { large: [{ model: m, timeout: ¦20m }] }", "is from 1s to 10m"],
  ])("a fault is %s: %s", (code, lines, message) => {
    const { source, at } = marked(`${SOUND}${lines}\n`);
    const { settings: read, diagnostics } = parseSettings(source);
    expect(read).toBeNull();
    expect(diagnostics.map((one) => [`${one.line}:${one.column}`, one.code, one.message])).toEqual([
      [at, code, expect.stringContaining(message)],
    ]);
    expect(diagnostics[0]?.message).not.toMatch(/sk-abc123|hunter2/);
  });
});
