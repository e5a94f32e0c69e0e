import { describe, expect, test } from "vitest";
import type { SpokenMessage } from "../../../src/procedure/prompt/conversation.ts";
import type { Prompt } from "../../../src/procedure/prompt/prompt.ts";
import type { Exchange } from "../../../src/procedure/run.ts";
import {
  bot,
  cancelSubscription,
  customer,
  known,
  procedureOf,
  promptOf,
  serialised,
  standing,
  tailOf,
} from "./scene.ts";

const procedure = { ...cancelSubscription(), version: "0123456789abcdef0123" };
const SUB = {
  id: "sub_1",
  plan: "pro",
  status: "active",
  mrr_usd: 49,
  started_at: "2024-01-10",
  renews_on: "2026-12-31",
};
const looksUp: Exchange = {
  command: { kind: "use", operation: "billing.get_subscription", args: { key: "cus_9" } },
  result: { ok: true, value: SUB },
};

/** A conversation of some turns, as its prompts: one a turn, and a second one where something was looked up. */
function conversation(): Prompt[] {
  const said: SpokenMessage[] = [];
  const fields: Record<string, ReturnType<typeof known>> = {};
  const at = (step: string, exchange: readonly Exchange[] = [], minute = 0) =>
    promptOf({
      procedures: [procedure],
      said: [...said],
      run: {
        stack: [standing(procedure, { step, fields: { ...fields } })],
        exchange,
        heard: [said.at(-1)?.text ?? ""],
      },
      facts: { now: `2026-11-20T09:${String(minute).padStart(2, "0")}:00Z` },
    });
  said.push(customer("please cancel my plan"));
  const first = at("understand");
  said.push(bot("May I ask why you would like to leave?"), customer("it is too expensive for me"));
  const second = at("understand", [], 2);
  fields.cancel_reason = known("too_expensive", "too expensive");
  fields.sub = known(SUB);
  const after = at("choose-the-offer", [looksUp], 2);
  said.push(bot("I can offer you 20 % off for two months. Would you like that?"), customer("no, cancel please"));
  fields.offer = known({ kind: "discount", percent: 20, months: 2 });
  return [first, second, after, at("cancel", [], 4)];
}

const shared = (one: string, other: string): number => {
  let at = 0;
  while (at < one.length && one[at] === other[at]) at++;
  return at;
};

/** A prompt as a server reads it, without its tail; `parts`: the messages that are kept. */
const without = (prompt: Prompt, kept: (message: Prompt["messages"][number]) => boolean = () => true): string =>
  serialised({ ...prompt, messages: prompt.messages.slice(0, -1).filter(kept) });

describe("consecutive prompts of one version", () => {
  test("share all but the tail, this turn's exchange and what was said since", () => {
    const prompts = conversation();
    for (const [n, later] of prompts.entries()) {
      const before = prompts[n - 1];
      if (before === undefined) continue;
      const lasting = without(before, ({ role, content }) => role !== "tool" && content !== null);
      expect(serialised(later).startsWith(lasting)).toBe(true);
    }
  });

  // Served from the cache from the third turn on, by the design: more than 70 %.
  test("share more than 80 % of their characters", () => {
    const texts = conversation().map(serialised);
    const shares = texts.slice(1).map((text, n) => shared(texts[n] ?? "", text) / text.length);
    for (const share of shares) expect(share).toBeGreaterThan(0.8);
  });

  test("name the version for the server's cache, and none with a clock before the tail", () => {
    const prompts = conversation();
    expect(new Set(prompts.map(({ cacheKey }) => cacheKey))).toEqual(new Set(["cancel-subscription.0123456789abcdef"]));
    for (const prompt of prompts) expect(without(prompt)).not.toContain("2026 09:");
  });
});

describe("a prompt", () => {
  test("has rules, voice, channel, catalogue, file, conversation, exchange and tail in this order", () => {
    const prompt = promptOf({
      procedures: [procedure],
      said: [customer("cancel it"), bot("A moment.")],
      run: {
        stack: [standing(procedure)],
        exchange: [{ command: { kind: "reply", text: "A moment." }, result: { ok: true } }, looksUp],
        replies: ["A moment."],
      },
      more: {
        release: {
          id: 1,
          procedures: [procedure],
          operation: () => null,
          voice: "We say “you”, never “the customer”.",
        },
      },
    });
    const text = serialised(prompt);
    const places = [
      '{"name":"ask"',
      "# Rules",
      "We say “you”",
      "# Channel",
      "# Catalogue of procedures",
      procedure.source,
      "cancel it",
      "A moment.",
      "sub_1",
      "# State (from the engine)",
    ].map((part) => text.indexOf(part));
    expect(places.toSorted((one, other) => one - other)).toEqual(places);
    expect(places).not.toContain(-1);
    // What was said in this turn stands in the exchange, and only there.
    expect(text.split("A moment.")).toHaveLength(2);
    expect(prompt.messages.map(({ role }) => role)).toEqual([
      "system",
      "user",
      "assistant",
      "tool",
      "assistant",
      "tool",
      "user",
    ]);
  });

  test("chooses a procedure while none is active", () => {
    const prompt = promptOf({ procedures: [procedure], said: [customer("hi")] });
    expect(prompt.tools.map(({ name }) => name)).toEqual(["clarify", "end", "handoff", "reply", "start"]);
    expect(serialised(prompt)).toContain("- cancel-subscription (Cancel a subscription). When: The customer wants to");
    expect(serialised(prompt)).not.toContain("# The active procedure");
    expect(tailOf(prompt)).toContain("No procedure is active");
    expect(prompt).toMatchObject({ procedure: null, cacheKey: "catalogue.1" });
  });

  test("lists only procedures that are live and for this customer", () => {
    const draft = { ...procedure, id: "draft", status: "draft" as const };
    const elsewhere = { ...procedure, id: "elsewhere", audience: { ...procedure.audience, channels: ["email"] } };
    const text = serialised(promptOf({ procedures: [procedure, draft, elsewhere] }));
    expect(text).toContain("- cancel-subscription (");
    expect(text).not.toMatch(/- (?:draft|elsewhere) \(/);
  });

  test("shows no arguments that the engine filled in", () => {
    const prompt = promptOf({
      procedures: [procedure],
      run: {
        stack: [standing(procedure)],
        exchange: [
          looksUp,
          {
            command: {
              kind: "use",
              operation: "billing.apply_offer",
              args: { id: "sub_1", kind: "discount", percent: 20 },
            },
            result: { ok: false, message: "It needs an offer." },
          },
        ],
      },
    });
    expect(prompt.messages.slice(1, -1)).toMatchObject([
      { tool_calls: [{ id: "call_1", function: { name: "use_billing_get_subscription", arguments: "{}" } }] },
      { tool_call_id: "call_1", content: expect.stringContaining("Done.\n<<result") },
      {
        tool_calls: [{ function: { name: "use_billing_apply_offer", arguments: '{"kind":"discount","percent":20}' } }],
      },
      { tool_call_id: "call_2", content: expect.stringMatching(/^Not done\.\n<<refusal \w+\nIt needs an offer\./) },
    ]);
  });

  test("leaves out the earliest results of a turn that are too long together", () => {
    const long: Exchange = { ...looksUp, result: { ok: true, value: { text: "x".repeat(20_000) } } };
    const run = { stack: [standing(procedure)], exchange: Array.from({ length: 20 }, () => long) };
    const prompt = promptOf({ procedures: [procedure], run });
    const results = prompt.messages.filter(({ role }) => role === "tool");
    expect(results.length).toBeGreaterThan(3);
    expect(serialised(prompt).length).toBeLessThan(60_000);
    expect(results[0]?.content).toContain("more characters are left out");
  });

  test("puts everything from outside between fences", () => {
    const words = ["MARK-customer", "MARK-file", "MARK-result", "MARK-colleague", "MARK-value", "MARK-refusal"];
    const prompt = promptOf({
      procedures: [procedure],
      said: [
        customer("MARK-customer", ["MARK-file.pdf"]),
        { author: "operator", text: "MARK-colleague", files: [] },
        customer("so?"),
      ],
      run: {
        stack: [standing(procedure, { step: "cancel", fields: { sub: known({ ...SUB, plan: "MARK-value" }) } })],
        exchange: [
          { ...looksUp, result: { ok: true, value: { note: "MARK-result" } } },
          { ...looksUp, result: { ok: false, message: "MARK-refusal" } },
        ],
      },
    });
    const outside = serialised(prompt).replaceAll(/<<\w+ (\w+)\n[^]*?\n\1>>/g, "");
    for (const word of words) {
      expect(serialised(prompt)).toContain(word);
      expect(outside).not.toContain(word);
    }
  });
});

describe("a sensitive field", () => {
  const card = procedureOf(`---
id: cancel
trigger:
  when: The customer wants to pay.
  examples: [pay, pay now, I want to pay]
fields:
  card: { type: text, ask: Ask for the card., sensitive: true }
  code: { type: id, ask: Ask for the code., sensitive: true }
---

# Pay

## Ask

Find out \`@ask card\` and \`@ask code\`.

## Thank

Thank them.
`);
  const prompt = (step: string) =>
    promptOf({
      procedures: [card],
      said: [customer("my card is 4111 1111, and the code AB-77"), bot("Thanks, 4111 1111 is noted.")],
      run: {
        stack: [
          standing(card, {
            step,
            fields: { card: known("4111 1111", "my card is 4111 1111"), code: known("ab77", "the code AB-77") },
          }),
        ],
        exchange: [
          {
            command: { kind: "set_fields", fields: [{ field: "card", value: "4111 1111", quote: "4111 1111" }] },
            result: { ok: true },
          },
        ],
      },
    });

  test("is hidden wherever it stands, in a step that does not need it", () => {
    const text = serialised(prompt("thank"));
    expect(text).not.toMatch(/4111|AB-77|ab77/);
    expect(text).toContain("my card is •••, and •••");
    expect(tailOf(prompt("thank"))).toContain("- card (text, from the customer): known, and hidden: •••");
  });

  test("is shown in a step that asks for it", () => {
    expect(tailOf(prompt("ask"))).toContain('"4111 1111"');
    expect(serialised(prompt("ask"))).toContain("the code AB-77");
  });
});
