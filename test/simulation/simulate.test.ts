import { describe, expect, test } from "vitest";
import { simulate, type Verdict } from "../../src/simulation/simulate.ts";
import type { AppliedEvent } from "../../src/simulation/stage.ts";
import { transition } from "../../src/turn/core/transition.ts";
import { CANCEL } from "../procedure/cancel.ts";
import { scenarioOf, shopStage, written } from "./shop.ts";

type Written = Parameters<typeof written>[0];

const play = (o: Written, procedure = CANCEL): Promise<Verdict> =>
  simulate(scenarioOf(written(o)), shopStage(procedure));

/** "expected: instead" of each failure. */
async function failures(o: Written, procedure = CANCEL): Promise<string[]> {
  const verdict = await play(o, procedure);
  return verdict.failures.map(({ expected, instead }) => `${expected}: ${instead}`);
}

const ASKED = "customer: cancel my plan";
/** The customer turns the offer down and cancels. */
const CANCELLED = [ASKED, "customer: too expensive", "customer: press no", "customer: press yes"];

/** Sound and faulty assertions about the same conversation; a faulty one with what happened instead. */
const AFTER_CANCELLED: readonly [holds: string, fails: string, instead: string][] = [
  ["said /20 % OFF/i", "said /30 % off/", "said “"],
  ['said "20 % off"', 'said "20 % OFF"', "said “"],
  ["never said /refund/", "never said /Pro plan/", "said “Your Pro plan"],
  ["asked reason", "not asked reason", "asked reason"],
  ["not asked offer", "asked offer", "asked reason"],
  ["called billing.get_subscription", "called billing.apply_offer", "called billing.get_subscription"],
  ["not called billing.apply_offer", "not called billing.cancel_subscription", "called it once"],
  ["called billing.cancel_subscription once", "called billing.cancel_subscription twice", "called it once"],
  ["not refused", "refused only_if", "refused nothing"],
  ["field reason == too_expensive", "field reason == other", 'it is "too_expensive"'],
  ["field offer.percent == 20", "field offer.percent != 20", "it is 20"],
  ["field offer.months is unknown", "field offer is unknown", 'it is {"percent":20}'],
  ["outcome == cancelled", "outcome == kept", "the outcome was cancelled"],
  ["outcome != kept", "outcome != cancelled", "the outcome was cancelled"],
  ["no handoff", "handoff billing", "people did not get the case"],
  [
    "order: asked reason < billing.cancel_subscription < end",
    "order: billing.cancel_subscription < asked reason",
    "asked reason was earlier",
  ],
  ["order: billing.get_subscription < end", "order: billing.apply_offer < end", "there was no billing.apply_offer"],
  ["tag churned", "not tag churned", "tagged churned"],
  ["not tag late", "tag late", "tagged churned"],
  ["step cancel", "step understand", "it went to "],
  ["journal confirm.declined", "journal field.corrected", "in the journal: "],
  ["open", "closed", "the conversation is open"],
];

describe("an assertion", () => {
  test.each(AFTER_CANCELLED)("%s holds, where %s fails", async (holds, fails, instead) => {
    expect(await failures({ turns: CANCELLED, hold: [`\`${holds}\``] })).toEqual([]);
    expect(await failures({ turns: CANCELLED, hold: [`\`${fails}\``] })).toEqual([
      expect.stringContaining(`${fails}: ${instead}`),
    ]);
  });

  test("of a turn is about what happened since the customer's last line", async () => {
    const turns = [...CANCELLED.slice(0, 3), "expect: `called billing.get_subscription`, `journal confirm.declined`"];
    expect(await failures({ turns })).toEqual(["called billing.get_subscription: called nothing"]);
  });

  test("of a field holds where the procedure ended in the same moment", async () => {
    const turns = ["customer: cancel my plan", "customer: switching"];
    const hold = ["`field reason == switching`", "`handoff billing within 2 turns`"];
    expect(await failures({ turns, hold })).toEqual([]);
    expect(
      await failures({ turns, hold: ["`handoff billing within 1 turn`", "`handoff front-line`", "`no handoff`"] }),
    ).toEqual([
      "handoff billing within 1 turn: billing got the case in turn 2",
      "handoff front-line: billing got the case in turn 2",
      "no handoff: billing got the case in turn 2",
    ]);
  });

  test("that fails is shown at its place, with what was said and done before it", async () => {
    const { failures: found, passed } = await play({ turns: [ASKED, "expect: `asked offer`"] });
    expect(passed).toBe(false);
    expect(found).toMatchObject([
      {
        position: { line: 14, column: 12 },
        since: expect.arrayContaining([{ kind: "asked", field: "reason" }]) as unknown,
      },
    ]);
  });
});

describe("a line", () => {
  test("picks an option by its number, id or label, of the open question or an earlier one", async () => {
    expect(await failures({ turns: [ASKED, "customer: choose 1"], hold: ["`field reason == too_expensive`"] })).toEqual(
      [],
    );
    expect(await failures({ turns: [ASKED, "customer: choose 9"] })).toEqual([
      ": the question has no number 9; it has 1 too_expensive, 2 switching, 3 other, 0 person",
    ]);
    expect(await failures({ turns: [ASKED, "customer: press othr"] })).toEqual([
      expect.stringContaining('no question has the option othr (did you mean "other"?)'),
    ]);
    expect(await failures({ turns: [ASKED, "customer: press earlier other"] })).toEqual([
      ": no question was shown before",
    ]);
    const back = [ASKED, "customer: too expensive", "customer: press earlier other"];
    expect(await failures({ turns: back, hold: ["`not called billing.cancel_subscription`"] })).toEqual([]);
  });

  test("of a customer may come later, more than once, and with a file", async () => {
    const { happened } = await play({ turns: ["customer: (times 3) ab", "customer: (after 2h) (with a.jpg) here"] });
    expect(happened.filter(({ kind }) => kind === "customer")).toEqual([
      { kind: "customer", text: "ababab" },
      { kind: "customer", text: "here" },
    ]);
  });

  test("of an operator acts at the desk, and the bot is silent", async () => {
    const turns = [ASKED, "customer: press person", "operator: claim", "operator: reply I am here", "customer: thanks"];
    const hold = ['`said "I am here"`', "`handoff front-line`"];
    expect(await failures({ turns: [...turns, "expect: `never said /./`"], hold })).toEqual([]);
    expect(await failures({ turns: [ASKED, "operator: claim"] })).toEqual([
      ": people do not have the case, so no operator can act in it",
    ]);
  });

  test("lets time pass, in which alarms ring", async () => {
    const begun = [ASKED, "model: ask reason", "customer: well"];
    const burst = [...begun, "customer: (after 1s) it is too expensive", 'model: reply "Sure."'];
    const hold = ['`said "Sure."`', "`not journal model.superseded`"];
    // On a channel where people send several texts in a row, a model is asked once they are quiet.
    expect(await failures({ turns: burst, hold, head: "channel: text\n" })).toEqual([]);
    expect(await failures({ turns: burst, hold, head: "channel: chat\n" })).toHaveLength(1);
  });
});

describe("a model's line", () => {
  test("answers one call each, and the engine checks it", async () => {
    const turns = [
      ASKED,
      "model: use billing.cancel_subscription",
      "expect: `refused bad_arguments`, `not called billing.cancel_subscription`",
      'model: reply "One moment."',
      "expect: `said /One moment/`",
    ];
    const found = await failures({ turns });
    expect(found.filter((one) => !one.startsWith("refused"))).toEqual([]);
  });

  test("that is not asked for fails the scenario", async () => {
    const turns = ["customer: cancel my plan", "model: nothing", "model: unavailable", "model: cancel"];
    expect(await failures({ turns })).toEqual([": the model was not asked, so this line answers nothing"]);
  });

  test("is left out where the understudy takes over in this turn", async () => {
    const turns = [ASKED, "model: unavailable", "expect: `asked reason`, `journal model.unavailable`"];
    expect(await failures({ turns })).toEqual([]);
  });

  test("comes too late where the customer wrote while it was thinking", async () => {
    const turns = [ASKED, "customer: (after 1s) it is too expensive", 'model: reply "Sure."'];
    expect(await failures({ turns, hold: ["`journal model.superseded`", '`said "Sure."`'] })).toEqual([]);
    const slow = [ASKED, "customer: (after 3s) it is too expensive", 'model: reply "Sure."'];
    expect(await failures({ turns: slow, hold: ["`not journal model.superseded`"] })).toEqual([]);
  });
});

/** Answers of the shop without those of `billing.get_subscription`, then more. */
const answers = (text: string): string =>
  `  billing.cancel_subscription: done\n  code choose-offer: { percent: 0 }\n${text}`;
const subscription = (status: string): string => `{ id: s, plan: Pro, status: ${status}, renews_on: '2026-12-31' }`;

describe("an answer", () => {
  const turns = [ASKED, "customer: too expensive"];

  test("that may not be asked for fails the scenario, and so does one that is missing", async () => {
    expect(await failures({ turns, answers: answers("  billing.get_subscription: fail_if_called\n") })).toEqual([
      ": billing.get_subscription was called, and the scenario says fail_if_called",
    ]);
    expect(await failures({ turns, answers: answers("") })).toEqual([
      ": billing.get_subscription was called, and connectors: has no answer for it",
    ]);
  });

  test.each([
    [subscription("over"), "outcome == no_subscription"],
    [`[${subscription("over")}, ${subscription("active")}]`, "outcome == no_subscription"],
    ["{ fail: timeout }", "handoff front-line"],
    ["{ fail: unreachable }", "handoff front-line"],
  ])("is as the scenario says: %s", async (answer, holds) => {
    const o = { turns, hold: [`\`${holds}\``] };
    expect(await failures({ ...o, answers: answers(`  billing.get_subscription: ${answer}\n`) })).toEqual([]);
    expect(
      await failures({ ...o, answers: answers(`  billing.get_subscription: ${subscription("active")}\n`) }),
    ).not.toEqual([]);
  });

  test("that was lost leaves it unknown whether a write was done", async () => {
    const lost = `  billing.get_subscription: ${subscription("active")}\n  billing.cancel_subscription: { fail: ambiguous }\n  code choose-offer: { percent: 0 }\n`;
    const all = [...turns, "customer: press yes"];
    expect(
      await failures({ turns: all, answers: lost, hold: ["`handoff front-line`", "`journal call.unknown`"] }),
    ).toEqual([]);
  });
});

test("the same scenario always plays in the same way", async () => {
  expect(await play({ turns: CANCELLED })).toEqual(await play({ turns: CANCELLED }));
});

test("the stage is told of every transition, in order, so that each can be made again", async () => {
  const applied: AppliedEvent[] = [];
  await simulate(scenarioOf(written({ turns: CANCELLED })), { ...shopStage(), observe: (one) => applied.push(one) });
  expect(applied.filter(({ event }) => event.kind === "message" || event.kind === "choice")).toHaveLength(4);
  expect(applied.slice(1).map(({ before }) => before)).toEqual(
    applied.slice(0, -1).map(({ outcome }) => outcome.state),
  );
  for (const { before, event, catalog, outcome } of applied)
    expect(transition(before, event, { catalog, conversation: 1 })).toEqual(outcome);
});
