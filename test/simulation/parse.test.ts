import { describe, expect, test } from "vitest";
import { CODES } from "../../src/simulation/codes.ts";
import { parse } from "../../src/simulation/parse.ts";
import { CODES as SHARED } from "../../src/workflow/codes.ts";
import { marked } from "../workflow/marked.ts";
import { shopWorld, written } from "./shop.ts";

const findings = (source: string): string[] =>
  parse(source, "scenarios/trial.md", shopWorld()).diagnostics.map(
    ({ line, column, code }) => `${line}:${column} ${code}`,
  );

const SAID = "customer: cancel my plan";
const turns = (...lines: string[]): string => written({ turns: [SAID, ...lines] });
const hold = (...lines: string[]): string => written({ turns: [SAID], hold: lines });
const head = (text: string): string => written({ turns: [SAID], head: text });
const answers = (text: string): string => written({ turns: [SAID], answers: `  ${text}\n` });

/** Each faulty file, with its place marked, beside the nearest one that is sound. */
const CASES: readonly [code: string, faulty: string, sound: string][] = [
  ["S001", "¦no front matter\n", turns()],
  ["S001", turns("customer: (times 2000) ¦" + "a".repeat(1_001)), turns(`customer: (times 1999) ${"a".repeat(1_000)}`)],
  ["S004", head("channel: chat\n¦channel: chat\n"), head("channel: chat\n")],
  ["S005", head("¦chanel: chat\n"), head("channel: chat\n")],
  ["S005", head("contact: { ¦mail: a@b.example }\n"), head("contact: { email: a@b.example }\n")],
  ["S006", written({ turns: ["¦customer:"] }), turns()],
  ["S006", turns("operator: ¦reply"), turns("operator: reply Hello")],
  ["S006", answers("billing.get_subscription: ¦[]"), answers("billing.get_subscription: [{ error: no_subscription }]")],
  ["S007", head("contact: { verified: ¦maybe }\n"), head("contact: { verified: true }\n")],
  ["S008", `${turns()}\n¦# Customer\n`, turns()],
  ["S008", `${turns()}\n¦# Judged\n`, turns()],
  ["S008", head("¦runs: 8\n"), turns()],
  ["S013", head("clock: ¦soon\n"), head("clock: 2026-11-20T09:00:00Z\n")],
  ["S013", turns("wait: ¦long"), turns("wait: 2h")],
  ["S013", turns("customer: ¦(after a while) hello"), turns("customer: (after 2h) hello")],
  ["S013", turns("customer: ¦(times no) hello"), turns("customer: (times 3) hello")],
  [
    "S014",
    answers("billing.get_subscription: { fail: ¦timeot }"),
    answers("billing.get_subscription: { fail: timeout }"),
  ],
  ["S015", turns().replace("id: trial", "id: ¦a trial"), turns()],
  ["S016", turns().replace("id: trial\nprocedure: cancel", "¦id: trial"), turns()],
  [
    "S016",
    turns().replace("id: trial", "¦id: trial\nworkflow: help"),
    turns().replace("procedure: cancel", "workflow: help"),
  ],
  ["S019", turns("¦custmer: hello"), turns("customer: hello")],
  ["S019", turns("¦hello"), turns("customer: hello")],
  ["S020", written({ turns: [] }).replace("---\n\n# Turns", "---\n¦\n# Turns"), turns()],
  ["S020", `${turns()}\n¦# Notes\n`, turns()],
  ["S020", `${turns()}\n¦some words\n`, turns()],
  ["S021", turns("model: ¦repyl hello"), turns("model: reply hello")],
  ["S021", turns("model: cancel; ¦use"), turns("model: cancel; use billing.apply_offer percent=90")],
  ["S021", turns('model: reply ¦"hello'), turns('model: reply "hello"')],
  ["S021", turns("model: judge a ¦{oops", "wait: 1h"), turns('model: judge a no quote="x"', "wait: 1h")],
  ["S021", turns("operator: ¦clam"), turns("operator: claim")],
  ["S022", turns("expect: ¦called it"), turns("expect: `called billing.apply_offer`")],
  ["S022", turns("expect: `closed` ¦maybe"), turns("expect: `closed` and `open`")],
  ["S022", hold("`¦caled billing.apply_offer`"), hold("`called billing.apply_offer`")],
  ["S022", hold("`said ¦/(/`"), hold("`said /words/i`")],
  ["S022", hold("`not called billing.apply_offer ¦once`"), hold("`called billing.apply_offer once`")],
  ["S022", hold('`field reason == ¦"open`'), hold('`field reason == "open"`')],
  ["S023", turns('customer: ¦"hello'), turns('customer: "hello"')],
  ["S024", written({ turns: ["¦model: cancel", SAID] }), written({ turns: ["wait: 1h", SAID, "model: cancel"] })],
  ["S101", hold("`handoff ¦biling`"), hold("`handoff billing within 6 turns`")],
  ["S101", turns("operator: transfer ¦biling"), turns("operator: transfer billing")],
  ["S102", answers("¦biling.get_subscription: done"), answers("billing.cancel_subscription: done")],
  ["S103", answers("¦billing.cancel_subscripton: done"), answers("billing.cancel_subscription: done")],
  ["S103", hold("`called ¦billing.cancel`"), hold("`called billing.cancel_subscription 2 times`")],
  ["S103", hold("`order: billing.get_subscription < ¦handof`"), hold("`order: billing.get_subscription < handoff`")],
  [
    "S104",
    turns().replace("procedure: cancel", "workflow: ¦hepl"),
    turns().replace("procedure: cancel", "workflow: help"),
  ],
  ["S105", hold("`asked ¦reson`"), hold("`asked reason`")],
  ["S105", hold('`field ¦subs.plan == "Pro"`'), hold('`field sub.plan == "Pro"`')],
  ["S105", hold("`order: asked ¦reson < end`"), hold("`order: asked reason < end`")],
  ["S106", head("channel: ¦caht\n"), head("channel: chat\n")],
  [
    "S107",
    turns().replace("procedure: cancel", "procedure: ¦cancle"),
    turns().replace("procedure: cancel", "procedure: auto"),
  ],
  [
    "S108",
    answers("billing.get_subscription: { error: ¦no_sub }"),
    answers("billing.get_subscription: { error: no_subscription }"),
  ],
  [
    "S109",
    answers("billing.get_subscription: ¦{ id: 7 }"),
    answers("billing.get_subscription: { answer: { id: a, plan: b, status: c, renews_on: '2026-01-01' } }"),
  ],
  ["S109", answers("billing.cancel_subscription: ¦{ id: 7 }"), answers("billing.cancel_subscription: fail_if_called")],
  ["S110", answers("¦code choose-ofer: { percent: 1 }"), answers("code choose-offer: { percent: 1 }")],
  ["S111", hold("`step ¦cancle`"), hold("`step cancel`")],
  ["S112", hold("`outcome == ¦canceled`"), hold("`outcome == cancelled`")],
  ["S114", hold("`refused ¦only_of`"), hold("`refused only_if`")],
];

describe("a scenario", () => {
  test.each(CASES)("%s is found at its place, and not beside it: %s", (code, faulty, sound) => {
    const { source, at } = marked(faulty);
    expect(findings(source)).toEqual([`${at} ${code}`]);
    expect(findings(sound)).toEqual([]);
  });

  test("has a case for each code", () => {
    const codes = new Set(CASES.map(([code]) => code));
    // check.test.ts has the one of two files.
    expect(CODES.map(({ code }) => code).filter((code) => !codes.has(code))).toEqual(["S121"]);
    const shared = [...codes].filter((code) => !CODES.some((one) => one.code === code));
    expect(shared.filter((code) => !SHARED.some((one) => one.code === `W${code.slice(1)}`))).toEqual([]);
  });

  test("shows all faults at once, with the word that was meant", () => {
    const { diagnostics } = parse(turns("custmer: a", "expect: `asked reson`"), "scenarios/trial.md", shopWorld());
    expect(diagnostics.map(({ message }) => message)).toEqual([
      expect.stringContaining('(did you mean "customer"?)'),
      expect.stringContaining('(did you mean "reason"?)'),
    ]);
  });

  test("of a folder with faults is checked without its names", () => {
    expect(parse(hold("`asked reson`"), "scenarios/trial.md", null).diagnostics).toEqual([]);
  });

  test("has no fault without those of its YAML", () => {
    expect(findings("---\nid: [\n---\n# Turns\n- customer: a\n")).toEqual([expect.stringContaining("S001")]);
    expect(findings("")).toEqual(["1:1 S001"]);
    expect(findings(`---\nid: a\n---\n${"x".repeat(200_000)}`)).toEqual(["1:1 S001"]);
  });
});
