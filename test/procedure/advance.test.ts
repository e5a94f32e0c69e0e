import { describe, expect, it } from "vitest";
import type { AskRequest } from "../../src/turn/core/ask.ts";
import { SUB, shop } from "./cancel.ts";
import { done, failed, procedureScene } from "./scene.ts";

describe("a procedure without a model", () => {
  it("is found by its examples, asks, looks up, asks for agreement, acts once and says so", () => {
    const on = procedureScene(shop());
    const first = on.writes("hi, can you stop my subscription please");
    expect(first[0]).toMatch(/without a language model/);
    expect(first.at(-1)).toContain("Why would you like to leave?");
    const agreed = on.writes("3");
    expect(agreed).toHaveLength(1);
    expect(agreed[0]).toMatch(/^Shall I do this\? Cancel the subscription/);
    expect(on.calls.map(({ operation }) => operation)).toEqual(["billing.get_subscription"]);
    expect(on.writes("yes")).toEqual(["Your Pro plan ends on 2026-12-31.", "outcome cancelled"]);
    expect(on.calls.at(-1)).toMatchObject({
      operation: "billing.cancel_subscription",
      input: { id: "sub_1", reason: "other" },
    });
    expect(on.play.state.tags).toEqual(["churned"]);
    expect(on.journal()).toEqual(expect.arrayContaining(["confirm.given", "call.evidence", "call.done"]));
  });

  it("takes the offer that code has chosen", () => {
    const on = procedureScene(shop());
    on.writes("please cancel my plan");
    expect(on.presses("too_expensive")).toEqual([
      "I can offer 20 % off.",
      "Shall I do this? Apply an offer (id: sub_1, percent: 20)",
    ]);
    expect(on.presses("yes")).toEqual(["outcome retained"]);
    expect(on.calls.map(({ operation }) => operation)).toEqual(["billing.get_subscription", "billing.apply_offer"]);
  });

  it("does nothing without agreement, and goes on", () => {
    const on = procedureScene(shop());
    on.writes("please cancel my plan");
    on.presses("too_expensive");
    expect(on.presses("no")[0]).toMatch(/Cancel the subscription/);
    expect(on.presses("no")).toEqual(["Nothing was changed.", "outcome kept"]);
    expect(on.calls.map(({ operation }) => operation)).toEqual(["billing.get_subscription"]);
  });

  it("ends where a condition says so", () => {
    const on = procedureScene(shop({ stubs: { "billing.get_subscription": done({ ...SUB, status: "ended" }) } }));
    on.writes("please cancel my plan");
    expect(on.presses("other")).toEqual(["You have no active plan.", "outcome no_subscription"]);
  });

  it("hands over by a rule of the file, with what it knows", () => {
    const on = procedureScene(shop());
    on.writes("please cancel my plan");
    const said = on.presses("switching");
    expect(said[0]).toMatch(/This is what I pass on:\n– Reason: switching\n/);
    expect(on.play.state.case).toMatchObject({ held: true, queue: "billing" });
    expect(on.play.state.case?.facts).toContainEqual({ label: "reason", value: "switching" });
  });

  it("corrects an earlier answer, and what rests on it is decided anew", () => {
    const on = procedureScene(shop());
    on.writes("please cancel my plan");
    on.presses("too_expensive");
    const again = on.writes("no, I meant other");
    expect(on.journal()).toEqual(expect.arrayContaining(["field.corrected", "procedure.reopened"]));
    expect(again.at(-1)).toMatch(/Cancel the subscription \(id: sub_1, reason: other\)/);
    expect(on.presses("yes").at(-1)).toBe("outcome cancelled");
  });

  it.each([
    ["give me a moment", /Take your time/],
    ["why do you ask?", /Why would you like to leave/],
    ["sorry, what was the question?", /Why would you like to leave/],
    ["qwertz", /did not understand/],
  ])("“%s” keeps the question open", (words, said) => {
    const on = procedureScene(shop());
    on.writes("please cancel my plan");
    expect(on.writes(words).at(-1)).toMatch(said);
    expect(on.writes("too expensive").at(0)).toMatch(/20 % off/);
  });

  it("leaves it when the customer wants it no more", () => {
    const on = procedureScene(shop());
    on.writes("please cancel my plan");
    expect(on.writes("never mind")).toEqual([expect.stringMatching(/we leave it there/), "outcome dropped"]);
  });

  it("asks twice, and then gets a person", () => {
    const on = procedureScene(shop());
    on.writes("please cancel my plan");
    on.writes("qwertz");
    on.writes("asdf");
    expect(on.play.state.case).toMatchObject({ held: true });
  });

  it("says that nothing serves other matters", () => {
    const on = procedureScene(shop());
    expect(on.writes("where is my parcel?")).toEqual(["outcome none"]);
  });

  it.each([
    ["a system that is down", failed("", "unreachable"), /billing\.get_subscription failed/],
    ["a code block that fails", done(SUB), /The code choose-offer failed/],
  ])("%s gets a person", (_name, answer, reason) => {
    const code = reason.source.includes("code") ? failed("", "unreachable") : done({ percent: 0 });
    const on = procedureScene(shop({ stubs: { "billing.get_subscription": answer, "code choose-offer": code } }));
    on.writes("please cancel my plan");
    on.presses("other");
    expect(on.play.state.case?.summary).toMatch(reason);
  });

  it("does not try a write of unknown outcome again", () => {
    const on = procedureScene(shop({ stubs: { "billing.cancel_subscription": failed("", "ambiguous") } }));
    on.writes("please cancel my plan");
    on.presses("other");
    on.presses("yes");
    expect(on.play.state.case?.summary).toMatch(/unknown whether billing\.cancel_subscription was done/);
    expect(on.calls.filter(({ operation }) => operation === "billing.cancel_subscription")).toHaveLength(1);
  });
});

describe("what the customer has told already", () => {
  it("is not asked again", () => {
    const on = procedureScene(shop());
    const said = on.writes("stop my subscription, it is too expensive");
    expect(said).toContain("I can offer 20 % off.");
    expect(said.join("\n")).not.toContain("Why would you like to leave?");
  });

  it("is asked where the word may mean something else", () => {
    const on = procedureScene(shop());
    expect(on.writes("please cancel my other plan").at(-1)).toContain("Why would you like to leave?");
  });
});

const talk = (on: ReturnType<typeof procedureScene>) => [
  ...on.writes("please cancel my plan"),
  ...on.presses("too_expensive"),
  ...on.presses("no"),
  ...on.presses("yes"),
];

// E3, T5
describe("a process that dies between any two records", () => {
  it("makes each write once, and says everything once", () => {
    const [whole, killed] = [procedureScene(shop()), procedureScene(shop({ killed: true }))];
    expect(talk(killed)).toEqual(talk(whole));
    expect(killed.calls.map(({ operation }) => operation)).toEqual(whole.calls.map(({ operation }) => operation));
    expect(killed.play.state.tags).toEqual(whole.play.state.tags);
  });
});

describe("something else in between", () => {
  const POLICY = `---
id: policy
title: Our refund policy
trigger:
  when: The customer asks about refunds.
  examples: [what is your refund policy?, do I get my money back?]
---

# Our refund policy

## Explain

Tell them "What is paid stays usable." and \`@end explained\`
`;

  it("is answered, and then the open question is asked again", () => {
    const on = procedureScene(shop({ procedures: { ...shop().procedures, policy: POLICY } }));
    on.writes("please cancel my plan");
    expect(on.writes("do I get my money back?")).toEqual([
      "What is paid stays usable.",
      "Why would you like to leave?",
    ]);
    expect(on.journal()).toContain("procedure.interrupted");
    on.presses("other");
    expect(on.presses("yes").at(-1)).toBe("outcome cancelled");
  });

  const NAMED = `---
id: named
title: Tell us your name
trigger:
  when: The customer wants to tell their name.
  examples: [my name has changed]
fields:
  name: { type: text, ask: Ask for it., question: What is your name now? }
---

# A new name

## Ask

Find out \`@ask name\`. Tell them "Thank you." and \`@end told\`
`;

  it("is answered where any words would do for an answer", () => {
    const on = procedureScene(shop({ procedures: { named: NAMED, policy: POLICY } }));
    on.writes("my name has changed");
    expect(on.writes("what is your refund policy?")).toEqual(["What is paid stays usable.", "What is your name now?"]);
    expect(on.writes("Who else but Kim?").at(-1)).toBe("outcome told");
  });
});

describe("a customer who would rather not say", () => {
  const OPTIONAL = `---
id: feedback
title: Give feedback
trigger:
  when: The customer wants to give feedback.
  examples: [I have feedback for you]
fields:
  name: { type: text, optional: true, ask: Ask their name., question: What is your name? }
  text: { type: text, ask: Ask for it., question: What would you like to tell us? }
---

# Give feedback

## Ask

Find out \`@ask name\` and \`@ask text\`. Tell them "Thank you." and \`@end given\`
`;

  it("need not, where the file can do without", () => {
    const on = procedureScene(shop({ procedures: { feedback: OPTIONAL } }));
    on.writes("I have feedback for you");
    expect(on.writes("I'd rather not say")).toEqual(["What would you like to tell us?"]);
    expect(on.writes("I'd rather not say")).not.toContain("Thank you.");
    expect(on.play.state.case).toMatchObject({ held: true });
  });
});

describe("a typed answer to the question of a write", () => {
  it.each([
    ["yes please", "outcome cancelled"],
    ["ok", "outcome cancelled"],
    ["sure, go ahead", "outcome cancelled"],
    ["Yes, that's fine, thank you!", "outcome cancelled"],
    ["ja bitte", "outcome cancelled"],
    ["no thanks", "outcome kept"],
    ["nope", "outcome kept"],
  ])("“%s”: %s", (words, outcome) => {
    const on = procedureScene(shop());
    on.writes("please cancel my plan");
    on.presses("other");
    expect(on.writes(words).at(-1)).toBe(outcome);
  });

  it.each([
    "ok, not really",
    "yes but first tell me what happens to my data and whether I can export it",
    "maybe",
    "right now I can't",
    "yes?",
    "ok?",
    "yes please don't",
    "yes but not today",
    "yes I want to keep it",
    "ok, keep it",
    "sure, leave it",
    "yes, no wait",
    "yes, tomorrow",
    "yes unless it costs money",
    "ok but only half of it",
    "only if it is free",
    "fine, but not that one",
    "of course not",
    "yes for bob@other.example",
    "ja, aber nicht heute",
    "klar, lass es",
    "okay dann nicht",
    "go ahead and try me",
  ])("“%s” is no agreement", (words) => {
    const on = procedureScene(shop());
    on.writes("please cancel my plan");
    on.presses("other");
    on.writes(words);
    expect(on.calls.map(({ operation }) => operation)).not.toContain("billing.cancel_subscription");
  });
});

describe("a draft that a workflow names", () => {
  it("makes its calls as trials", () => {
    const draft = { cancel: (shop().procedures["cancel"] ?? "").replace("title:", "status: draft\ntitle:") };
    for (const [procedures, sandbox] of [
      [draft, true],
      [shop().procedures, undefined],
    ] as const) {
      const seen: unknown[] = [];
      const get = (request: AskRequest) => {
        seen.push(request.kind === "call" ? request.sandbox : "no call");
        return done(SUB);
      };
      const on = procedureScene(shop({ procedure: "cancel", procedures, stubs: { "billing.get_subscription": get } }));
      on.writes("please cancel my plan");
      on.presses("other");
      expect(seen).toEqual([sandbox]);
    }
  });
});
