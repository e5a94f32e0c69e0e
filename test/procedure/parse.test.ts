import { describe, expect, test } from "vitest";
import { formatDiagnostic } from "../../src/content/print.ts";
import { parse } from "../../src/procedure/parse.ts";
import { marked } from "../workflow/marked.ts";
import { FAULTY } from "./faulty.ts";
import { billing, parsed, readFixture, step, written } from "./written.ts";

const places = (source: string): string[] =>
  parsed(source).diagnostics.map(({ line, column, code }) => `${line}:${column} ${code}`);

describe("a sound file", () => {
  test.each([
    ["the fixture's base", written({})],
    ["a whole procedure", readFixture("cancel-subscription.md")],
    ["Windows line ends", readFixture("cancel-subscription.md").replaceAll("\n", "\r\n")],
  ])("has no fault: %s", (_, source) => {
    expect(parsed(source).diagnostics).toEqual([]);
    expect(parsed(source).procedure).not.toBeNull();
  });

  const { procedure } = parsed(readFixture("cancel-subscription.md"));

  test("gives its front matter", () => {
    expect(procedure).toMatchObject({
      id: "cancel-subscription",
      title: "Cancel a subscription",
      status: "live",
      owner: "retention@acme.example",
      trigger: {
        examples: ["please cancel my plan", "how do I stop the renewal next week?"],
        counterExamples: ["I was charged twice", "cancel order #4412"],
      },
      audience: {
        channels: ["slack", "email", "sms", "whatsapp", "playground"],
        if: { source: "!contact.blocked" },
        verified: true,
      },
      limits: { turns: 14, stalledTurns: 3, costUsd: 0.4 },
      escalate: [
        {
          kind: "condition",
          to: "account-managers",
          if: { source: 'sub.plan == "enterprise" && cancel_reason == "switching"' },
        },
        { kind: "judged", to: "retention-leads", when: "The customer mentions a lawyer, a regulator or a chargeback." },
      ],
    });
  });

  test("gives typed fields, each with its writer", () => {
    expect(procedure?.fields).toMatchObject({
      cancel_reason: {
        type: { kind: "enum" },
        from: { kind: "customer" },
        question: { source: "May I ask why you would like to leave?" },
      },
      sub: {
        type: { kind: "named", name: "billing.Subscription" },
        from: { kind: "connector", operation: "billing.get_subscription" },
      },
      offer: { type: { kind: "named", name: "Offer" }, from: { kind: "code", block: "choose-offer" } },
    });
  });

  test("gives the rules of its operations", () => {
    expect(procedure?.uses).toMatchObject({
      "billing.get_subscription": { kind: "read", onlyIf: null, confirm: false },
      "billing.cancel_subscription": {
        kind: "write",
        onlyIf: { source: 'sub.status == "active"' },
        with: { id: { source: "sub.id" } },
        confirm: true,
        approve: [{ queue: "account-managers", withinMs: 14_400_000 }],
        oncePer: { source: "sub.id" },
      },
    });
  });

  test("gives its steps, with branches, actions and code", () => {
    expect(procedure?.steps.map(({ id, aside }) => [id, aside])).toEqual([
      ["understand", false],
      ["look-up-the-plan", false],
      ["choose-the-offer", false],
      ["cancel", false],
      ["aside-refunds", true],
    ]);
    expect(procedure?.code["choose-offer"]).toMatchObject({ inputs: ["sub", "cancel_reason"], returns: "Offer" });
    const [use, chain] = procedure?.steps[3]?.body ?? [];
    expect(use).toMatchObject({
      kind: "prose",
      parts: [
        { kind: "action", action: { kind: "use", operation: "billing.cancel_subscription" } },
        {},
        { kind: "value" },
        {},
      ],
    });
    expect(chain).toMatchObject({
      kind: "branches",
      branches: [
        { id: "cancel.1.0", test: { kind: "condition", if: { source: "billing.cancel_subscription.done" } } },
        {
          id: "cancel.1.1",
          test: { kind: "else" },
          body: [
            {
              parts: [
                {},
                { kind: "said", text: { source: "Nothing was changed; your plan goes on until {{ sub.renews_on }}." } },
                {},
                { action: { kind: "end", outcome: "kept" } },
                {},
              ],
            },
          ],
        },
      ],
    });
  });

  test("keeps every If of a list as a chain of its own, and nests conditions", () => {
    const { procedure } = parsed(
      step(
        "- **If** they agree: go on.\n  - **If** `tries > 1`: say so.\n- **If** `tries > 2`: stop.\n- **Else:** `@end x`",
      ),
    );
    expect(procedure?.steps[0]?.body).toMatchObject([
      {
        kind: "branches",
        branches: [
          {
            id: "ask.0.0",
            test: { kind: "judged", when: "they agree" },
            body: [{ kind: "prose" }, { kind: "branches", branches: [{ id: "ask.0.0.1.0" }] }],
          },
        ],
      },
      { kind: "branches", branches: [{ id: "ask.1.0" }, { id: "ask.1.1", test: { kind: "else" } }] },
    ]);
  });

  test("knows former ids of steps, also in links", () => {
    const { procedure, diagnostics } = parsed(
      written({ steps: "## New\n<!-- was: old -->\n\nGo to [it](#old) and `@end x`.\n" }),
    );
    expect(diagnostics).toEqual([]);
    expect(procedure?.steps[0]).toMatchObject({ id: "new", was: ["old"] });
  });
});

/** The faults of the design's list: each with its place, its code and the word that was meant. */
test("says what is wrong, where, and what was meant", () => {
  const source = readFixture("cancel-subscription.md")
    .replace("    confirm: customer\n  billing", "    confrm: customer\n  billing")
    .replace("sub.mrr_usd >= 2000", 'sub.mrr_usd >= "2000"')
    .replace('== "switching"', '== "switchng"')
    .replace("sub.status !=", "sub.state !=")
    .replace("(#cancel)", "(#cancle)")
    .replace("`@use billing.apply_offer` and `@end retained`", "`@use billing.aply_offer` and `@end retained`")
    .replace("day of service, `{{sub.renews_on}}`", "day of service, `{{sub.renew_on}}`")
    .replace("- **If** `billing", "- **Else if** `billing");
  expect(parsed(source).diagnostics.map(formatDiagnostic)).toEqual([
    'procedures/cancel.md:44:5 P005 a rule has no key confrm: (did you mean "confirm"?)',
    "procedures/cancel.md:50:41 P011 no such overload: double >= string",
    'procedures/cancel.md:57:54 P118 "switchng" is not a value of cancel_reason (did you mean "switching"?)',
    'procedures/cancel.md:78:11 P115 sub has no "state" (did you mean "status"?)',
    'procedures/cancel.md:92:31 P105 there is no step #cancle (did you mean "cancel"?)',
    'procedures/cancel.md:94:52 P108 connector operation "billing.aply_offer" is not listed under connectors: (did you mean "billing.apply_offer"?)',
    'procedures/cancel.md:100:85 P115 sub has no "renew_on" (did you mean "renews_on"?)',
    "procedures/cancel.md:102:1 P019 **Else if** must follow an **If** in the same list",
  ]);
});

describe("any text", () => {
  test.each([
    ["nothing", ""],
    ["no front matter", "# Hello\n"],
    ["front matter that never ends", "---\nid: a\n"],
    ["empty front matter", "---\n---\n"],
    ["a list as front matter", "---\n- a\n---\n"],
    ["too large", `---\nid: a\n---\n${"a ".repeat(70_000)}`],
    ["quotes nested in a line", step("> ".repeat(40_000))],
    ["lists nested in a line", step("1. ".repeat(40_000))],
    ["lists nested by indentation", step(Array.from({ length: 300 }, (_, n) => `${"  ".repeat(n)}- a`).join("\n"))],
    ["unclosed links", step("[a](".repeat(30_000))],
    ["unclosed emphasis", step("*a **b".repeat(20_000))],
    ["unclosed code", step("`a``b```c".repeat(12_000))],
    ["unclosed values", step("{{ a ".repeat(20_000))],
    ["unclosed sentences", step('say "a '.repeat(15_000))],
    ["thousands of actions", step("`@use x`\n\n".repeat(1_400))],
    ["thousands of lines", step("- a\n".repeat(30_000))],
    ["references", step("&amp; &lt; \\* ".repeat(9_000))],
    ["a placeholder character", step("say \uFFFC and \uFFFC `@end x`")],
  ])("is read in bounded time, and never throws: %s", (_, source) => {
    const before = performance.now();
    const { diagnostics } = parse(source, "procedures/a.md", billing());
    expect(performance.now() - before).toBeLessThan(3_000);
    for (const { line, column, code } of diagnostics) expect(`${line}:${column} ${code}`).toMatch(/^\d+:\d+ P\d{3}$/);
  });
});

describe("a faulty file", () => {
  test.each(FAULTY)("earns %s at its place: %s", (code, file) => {
    const { source, at } = marked(file);
    expect(places(source)).toEqual([`${at} ${code}`]);
  });
});

test("says of a page that cannot be read nothing but that", () => {
  const source = readFixture("cancel-subscription.md").replace(
    "## Understand",
    `${"*".repeat(2_000)}\n\n## Understand`,
  );
  expect(parsed(source).diagnostics.map(({ code }) => code)).toEqual(["P001"]);
});
