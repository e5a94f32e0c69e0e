/* oxlint-disable unicorn/no-thenable -- `then` is a key of the file format and always a list */
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { advance, start } from "../../src/workflow/advance.ts";
import type { Workflow } from "../../src/workflow/definition.ts";
import type { Advanced, Facts, Run, RunInput, Wait } from "../../src/workflow/run.ts";
import { cel, type Draft, facts, field, inner, liquid, literal, option, template, texts, workflow } from "./build.ts";

/** Steps of every kind in a loop, so that random inputs reach every step in every state. */
const everything: readonly Draft[] = [
  { kind: "say", id: "top", text: texts("Hi {{ contact.first_name }} {{ choice }}") },
  {
    kind: "ask",
    text: texts({ en: "What?", de: "Was?" }),
    save: "topic",
    remindAfterMs: 1_000,
    giveUpAfterMs: 9_000,
    onGiveUp: inner([{ kind: "tag", add: [liquid("silent")] }]),
    options: [
      option("billing", "Billing", [{ kind: "set", values: { "issue.topic": template("{{ topic }}") } }]),
      option("order", "Order", [{ kind: "workflow", workflow: "child", with: { depth: literal(1) } }]),
      option("wait", "Wait", [
        { kind: "wait", forMs: 5_000, unlessReplied: true },
        { kind: "wait", forMs: 5_000 },
      ]),
    ],
  },
  {
    kind: "collect",
    save: "form",
    giveUpAfterMs: 5_000,
    fields: [
      field("count", "number", { check: cel("value < 100") }),
      field("sure", "yes_no"),
      field("paper", "file"),
      field("day", "date"),
    ],
  },
  {
    kind: "use",
    connector: "crm",
    operation: "get",
    save: "account",
    retry: { times: 1, waitMs: 500 },
    onError: inner([{ kind: "note", text: liquid("down") }]),
  },
  {
    kind: "switch",
    value: cel("account.tier"),
    cases: {
      pro: inner([{ kind: "goto", target: "top" }]),
      bad: inner([{ kind: "set", values: { "topic.x": literal(1) } }]),
    },
    else: inner([{ kind: "if", condition: cel("form.count > 5"), then: inner([{ kind: "handoff", queue: "vip" }]) }]),
  },
  { kind: "set", values: { topic: literal(null), form: literal(null) } },
  { kind: "goto", target: "top" },
];
const child: readonly Draft[] = [
  { kind: "ask", text: texts("Which?"), options: [option("a", "A"), option("b", "B")], person: false },
];

const files: Readonly<Record<string, Workflow>> = {
  everything: workflow("everything", everything),
  child: workflow("child", child),
};
const find = (id: string): Workflow | null => files[id] ?? null;
const factsOf = (event: number, language = "en"): Facts => facts({ idPrefix: `e${event}`, languages: [language] });
const begin = (): Advanced =>
  start(files["everything"] as Workflow, {
    id: "e0.0",
    release: 1,
    trigger: "conversation.opened",
    depth: 0,
    facts: factsOf(0),
    find,
  });

/** Builds an input from the run, because an input like "the answer to its call" depends on the run's state. */
type Recipe = (run: Run) => RunInput;

const choice = fc.oneof(
  fc
    .constantFrom("billing", "order", "wait", "a", "b", "yes", "no")
    .map((option) => ({ option, via: "number" }) as const),
  fc.constantFrom("free_text", "out_of_range", "empty").map((why) => ({ option: null, why }) as const),
  fc.constant({ option: "person", via: "word" } as const),
);
const text = fc.oneof(
  fc.constantFrom("3", "7", "500", "ja", "back", "2026-12-24", ""),
  fc.string({ unit: "grapheme" }),
);
const reply = fc.record({ text, choice, files: fc.boolean() }).map(
  ({ text, choice, files }): Recipe =>
    () => ({
      kind: "reply",
      text,
      choice,
      attachments: files ? [{ ref: "f" }] : [],
    }),
);
const value = fc.oneof(
  fc.constantFrom("pro", "bad", "free").map((tier) => ({ tier })),
  fc.jsonValue(),
);
const result = fc.oneof(
  value.map((value) => ({ ok: true, value }) as const),
  fc.boolean().map((retryable) => ({ ok: false, error: { reason: "timeout", message: "Late.", retryable } }) as const),
);
/** The first thing that the run waits for. */
const first = ({ waits }: Run): Wait | undefined => waits[0];
const alarmFor = (wait: Wait | undefined, which: string): string => {
  if (wait?.kind === "alarm") return wait.alarm;
  return wait !== undefined && "prompt" in wait ? wait.prompt + which : which;
};
const answer = fc.tuple(result, fc.boolean()).map(
  ([result, foreign]): Recipe =>
    (run) => {
      const wait = first(run);
      return { kind: "answer", ask: wait?.kind === "answer" && !foreign ? wait.ask : "foreign", result };
    },
);
const alarm = fc.constantFrom("", ":remind", ":giveup", "foreign").map(
  (which): Recipe =>
    (run) => ({ kind: "alarm", alarm: alarmFor(first(run), which) }),
);
const recipes = fc.array(
  fc.oneof(
    reply,
    reply,
    answer,
    answer,
    alarm,
    fc.constant<Recipe>(() => ({ kind: "start" })),
  ),
  { maxLength: 40 },
);

/** Gives one input after the other until the run is over. `keep` is applied to the run before each of them. */
function lived(told: readonly Recipe[], keep: (run: Run) => Run = (run) => run): Advanced[] {
  const life = [begin()];
  for (const [at, recipe] of told.entries()) {
    const before = life.at(-1)?.run ?? null;
    if (before === null) break;
    const run = keep(before);
    life.push(advance(run, recipe(run), { facts: factsOf(at + 1, at % 2 === 0 ? "en" : "de"), find }));
  }
  return life;
}

function frozen<Value>(value: Value): Value {
  if (typeof value === "object" && value !== null) {
    Object.freeze(value);
    for (const inside of Object.values(value)) frozen(inside);
  }
  return value;
}

const stored = (run: Run): Run => JSON.parse(JSON.stringify(run)) as Run;

describe("whatever a run is told", () => {
  it("decides the same again, and changes nothing it was given", () => {
    fc.assert(
      fc.property(recipes, (told) => {
        expect(lived(told, frozen)).toEqual(lived(told));
      }),
      { numRuns: 200 },
    );
  });

  it("has the same future after being stored", () => {
    fc.assert(
      fc.property(recipes, (told) => {
        expect(lived(told, stored)).toEqual(lived(told));
      }),
      { numRuns: 200 },
    );
  });

  it("waits for something or is over; over, it meets no surprise of ours", () => {
    fc.assert(
      fc.property(recipes, (told) => {
        for (const { run, effects } of lived(told)) {
          if (run !== null) expect(run.waits).not.toEqual([]);
          expect(effects.filter((one) => one.kind === "journal" && one.code === "run.surprise")).toEqual([]);
        }
      }),
      { numRuns: 200 },
    );
  });

  it("never mints an id twice, but for a prompt shown again, and keeps a key over retries only", () => {
    fc.assert(
      fc.property(recipes, (told) => {
        const effects = lived(told).flatMap(({ effects }) => effects);
        const asks = effects.flatMap((one) => (one.kind === "call" ? [one.ask] : []));
        const alarms = effects.flatMap((one) => (one.kind === "alarm" ? [one.alarm] : []));
        const prompts = effects.flatMap((one) => (one.kind === "prompt" && !one.again ? [one.prompt] : []));
        for (const ids of [asks, alarms, prompts]) expect(new Set(ids).size).toBe(ids.length);
      }),
      { numRuns: 200 },
    );
  });

  it("leaves no alarm behind: each one set rings, is cancelled, or is still waited for", () => {
    fc.assert(
      fc.property(recipes, (told) => {
        const life = lived(told);
        const effects = life.flatMap(({ effects }) => effects);
        const set = effects.flatMap((one) => (one.kind === "alarm" ? [one.alarm] : []));
        const cancelled = new Set(effects.flatMap((one) => (one.kind === "cancel_alarm" ? [one.alarm] : [])));
        const rung = new Set(
          told.flatMap((recipe, at) => {
            const run = life[at]?.run;
            const input = run === null || run === undefined ? null : recipe(run);
            return input?.kind === "alarm" ? [input.alarm] : [];
          }),
        );
        const waiting = JSON.stringify(life.at(-1)?.run?.waits ?? null);
        const open = set.filter((alarm) => !cancelled.has(alarm) && !rung.has(alarm));
        for (const alarm of open) expect(waiting).toContain(alarm.replace(/:.*/, ""));
      }),
      { numRuns: 200 },
    );
  });

  it("stays total when the state itself is broken", () => {
    const broken = fc.record({
      path: fc.string(),
      workflow: fc.constantFrom("everything", "child", "gone"),
      tries: fc.nat(),
    });
    fc.assert(
      fc.property(fc.array(broken, { maxLength: 3 }), recipes, (frames, told) => {
        const { run } = begin();
        if (run === null) throw new Error("It waits for the first answer.");
        for (const recipe of told) {
          const after = advance({ ...run, frames }, recipe(run), { facts: factsOf(1), find });
          expect(after.run === null || after.run.frames.length > 0 || after.effects.length === 0).toBe(true);
        }
      }),
      { numRuns: 100 },
    );
  });
});
