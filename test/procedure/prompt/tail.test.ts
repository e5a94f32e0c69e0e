import { describe, expect, test } from "vitest";
import type { PromptInput } from "../../../src/procedure/prompt/prompt.ts";
import type { Activation } from "../../../src/procedure/run.ts";
import { written } from "../written.ts";
import { cancelSubscription, DANA, known, procedureOf, promptOf, standing, tailOf } from "./scene.ts";

const procedure = cancelSubscription();
const SUB = {
  id: "sub_1",
  plan: "pro",
  status: "active",
  mrr_usd: 49,
  started_at: "2024-01-10",
  renews_on: "2026-12-31",
};
const sub = known(SUB);

const tail = (more: Partial<Activation>, run: Partial<PromptInput["run"]> = {}, of = procedure): string =>
  tailOf(promptOf({ procedures: [of], run: { stack: [standing(of, more)], ...run } }));

const lineOf = (text: string, begins: string): string => text.split("\n").find((line) => line.startsWith(begins)) ?? "";

describe("the tail", () => {
  test("tells the time, the customer, the step and the steps", () => {
    const text = tail({ step: "cancel" });
    expect(text).toContain("Now: Fri, 20 Nov 2026 09:00:00 GMT");
    expect(text).toContain("Customer: verified; language: en");
    expect(text).toContain("Step: cancel (Cancel)");
    expect(text).toContain("Steps: understand, look-up-the-plan, choose-the-offer, cancel, aside-refunds (aside)");
  });

  test("names the procedures around the active one", () => {
    const outer = { ...procedure, id: "outer" };
    const run = { stack: [standing(outer), standing(procedure)] };
    expect(tailOf(promptOf({ procedures: [outer, procedure], run }))).toContain(
      "Procedure: cancel-subscription, within outer, which goes on after it",
    );
  });

  test("has the fields with their sources and values", () => {
    const text = tail({ fields: { sub } });
    expect(lineOf(text, "- cancel_reason")).toBe(
      "- cancel_reason (one of too_expensive, missing_feature, switching, not_using, other, from the customer): not known",
    );
    expect(text).toMatch(
      /- sub \(billing\.Subscription, from billing\.get_subscription\): known\n<<value \w+\n\{"id":"sub_1"/,
    );
    expect(lineOf(text, "- offer")).toBe("- offer (Offer, from the code choose-offer): not known");
  });

  test.each([
    [
      "nothing is known",
      {},
      ["undecided, since something is not known yet", "undecided, since something is not known yet"],
    ],
    ["the first holds", { offer: known({ kind: "none" }) }, ["open", "closed"]],
    ["the second holds", { offer: known({ kind: "discount", percent: 20, months: 2 }) }, ["closed", "open"]],
    ["neither holds", { offer: known({ kind: "pause", months: 1 }) }, ["closed", "closed"]],
  ])("has the branches of the step: %s", (_, fields, [first, second]) => {
    const text = tail({ step: "choose-the-offer", fields });
    expect(lineOf(text, "- choose-the-offer.1.0")).toContain(`: ${first}`);
    expect(lineOf(text, "- choose-the-offer.1.1")).toContain(`: ${second}`);
  });

  test("has the values that the open parts of the step name, and none of closed ones", () => {
    const offered = tail({ step: "choose-the-offer", fields: { offer: known({ kind: "discount", percent: 20 }) } });
    expect(offered).toMatch(/- \{\{offer\.percent\}\}:\n<<value \w+\n20\n/);
    expect(offered).toContain("- {{offer.months}}: not known yet");
    const none = tail({ step: "choose-the-offer", fields: { offer: known({ kind: "none" }) } });
    expect(none).not.toContain("{{offer.percent}}");
  });

  test("has the sentences that may be said, with their ids", () => {
    expect(tail({ step: "cancel", fields: { sub } })).toMatch(
      /- 104:23:\n<<sentence \w+\nNothing was changed; your plan goes on until 2026-12-31\.\n/,
    );
    const calls = {
      "billing.cancel_subscription": { outcome: "declined", exact: "", error: "declined", at: "" },
    } as const;
    expect(tail({ step: "cancel", fields: { sub }, calls })).toContain("- 104:23:\n<<sentence");
    const done = { "billing.cancel_subscription": { outcome: "done", exact: "", error: "", at: "" } } as const;
    expect(tail({ step: "cancel", fields: { sub }, calls: done })).not.toContain("104:23");
  });

  test("names what is to be judged, and where it leads", () => {
    expect(tail({})).toContain(
      "- The customer mentions a lawyer, a regulator or a chargeback. Then call handoff to retention-leads.",
    );
  });
});

describe("a branch that is judged", () => {
  const judged = procedureOf(
    written({
      steps:
        '# C\n\n## Ask\n\n`@ask reason`, `@ask name`, `@use billing.get_subscription`\n\n- **If** they are angry: say "Sorry."\n- **Else**: say "Fine."\n\n## Cancel\n\n`@set tries = 1`, `@use billing.cancel_subscription`, `@end cancelled`\n',
    }),
  );
  const branch =
    judged.steps[0]?.body.flatMap((block) => (block.kind === "branches" ? block.branches : []))[0]?.id ?? "";

  test.each([
    [{}, "undecided, since something is not known yet, to be judged", 2],
    [{ [branch]: { holds: true, quote: "argh" } }, "open, judged", 1],
    [{ [branch]: { holds: false, quote: "" } }, "closed, judged", 1],
  ])("%j is %s", (given, state, sentences) => {
    const text = tail({ judged: given }, {}, judged);
    expect(lineOf(text, `- ${branch}`)).toBe(`- ${branch}, if they are angry: ${state}`);
    expect(text.match(/<<sentence/g)).toHaveLength(sentences);
    expect(text.match(/, once [\w.]+ is open:\n<<sentence/g) ?? []).toHaveLength(sentences === 2 ? 2 : 0);
  });
});

const call = (outcome: "done" | "failed" | "unknown" | "declined") => ({
  calls: { "billing.cancel_subscription": { outcome, exact: "", error: "", at: "" } },
});

describe("the operations of the tail", () => {
  const cancel = "- use_billing_cancel_subscription";
  test.each([
    ["a value is missing", {}, `${cancel}: refused now: sub.id is not known yet`],
    [
      "its rule does not hold",
      { fields: { sub: known({ ...SUB, status: "ended" }) } },
      `${cancel}: refused now: it needs sub.status == "active", which does not hold`,
    ],
    ["its rule holds", { fields: { sub } }, `${cancel}: allowed; the customer agrees first, and the engine asks them`],
    [
      "people have to approve it",
      { fields: { sub: known({ ...SUB, mrr_usd: 9_000 }) } },
      `${cancel}: allowed; account-managers have to approve it, so a call gives them the conversation`,
    ],
  ])("%s", (_, more, line) => {
    expect(lineOf(tail(more), cancel)).toBe(line);
  });

  test.each([
    ["was used", { used: ['billing.cancel_subscription:"sub_1"'] }, "it was used already"],
    [
      "was called too often",
      { counted: { "billing.cancel_subscription": 1_000 } },
      "it was called as often as it may be",
    ],
  ])("refuses what %s in the run", (_, more, why) => {
    const stack = [standing(procedure, { fields: { sub } })];
    const text = tailOf(promptOf({ procedures: [procedure], run: { stack, ...more } }));
    expect(lineOf(text, cancel)).toBe(`${cancel}: refused now: ${why}`);
  });

  test.each([
    ["done", "; done"],
    ["failed", "; it failed"],
    ["unknown", "; nobody knows if it was done"],
    ["declined", "; the customer said no to it"],
  ] as const)("tells that the latest call was %s", (outcome, words) => {
    expect(lineOf(tail({ fields: { sub }, ...call(outcome) }), cancel)).toMatch(new RegExp(`${words}$`));
  });

  test("names what the contact lacks", () => {
    const facts = { contact: { ...DANA, attributes: {} } };
    const text = tailOf(promptOf({ procedures: [procedure], run: { stack: [standing(procedure)] }, facts }));
    expect(lineOf(text, "- use_billing_get_subscription")).toBe(
      "- use_billing_get_subscription: refused now: the contact has no attributes.billing_id",
    );
  });
});

describe("an open question", () => {
  const of = { operation: "billing.cancel_subscription", args: {}, given: {}, exact: "" };
  test.each([
    [{ kind: "field", prompt: "p", field: "cancel_reason", misses: 0 }, "Open question: for cancel_reason."],
    [
      { kind: "confirm", prompt: "p", call: of, misses: 0 },
      "Open question: does the customer agree to use_billing_cancel_subscription?",
    ],
    [
      { kind: "which", prompt: "p", candidates: ["cancel-subscription", "refund"], misses: 0 },
      "Open question: which of these is meant: cancel-subscription, refund?",
    ],
  ] as const)("of the kind %j is told", (pending, words) => {
    expect(tail({}, { pending })).toContain(words);
  });

  test("is told too while no procedure is active", () => {
    const pending = { kind: "which", prompt: "p", candidates: ["a", "b"], misses: 0 } as const;
    expect(tailOf(promptOf({ run: { pending } }))).toContain("which of these is meant: a, b?");
  });
});
