/* oxlint-disable unicorn/no-thenable -- `then` is a key of the file format and always a list */
import { describe, expect, it } from "vitest";
import { advance, MAX_STEPS_AT_ONCE } from "../../src/workflow/advance.ts";
import { cel, chose, deeds, facts, going, inner, said, texts, the, told } from "./build.ts";
import { begin, menu, say, tell } from "./walked.ts";

describe("conditions", () => {
  it("skips any step whose if: does not hold, and says so", () => {
    const result = begin([
      { kind: "handoff", queue: "vip", id: "vip", if: cel("contact.blocked") },
      { kind: "say", text: texts("on") },
    ]);
    expect(said(result)).toEqual(["on"]);
    expect(told(result)).toContain("Skipped “vip”, because the condition contact.blocked was false");
  });

  it("skips a step where a value of its if: is missing", () => {
    const result = begin([{ ...say("secret"), if: cel('account.tier != "free"') }, say("on")]);
    expect(said(result)).toEqual(["on"]);
    expect(told(result)).toContain('Skipped a “say” step, because the condition account.tier != "free" was unknown');
  });

  it("lets no value stand over what the event says", () => {
    const result = begin(
      [{ kind: "say", text: texts("{{ contact.first_name }}") }],
      {},
      { contact: { first_name: "Mallory" } },
    );
    expect(said(result)).toEqual(["Dana"]);
    expect(told(result)).toContain("contact can't be set: contact is not the workflow's own. Choose another name.");
  });
});

describe("loops", () => {
  it("stops a loop of gotos without flooding the customer", () => {
    const loop = begin([
      { kind: "say", id: "top", text: texts("spam") },
      { kind: "goto", target: "top" },
    ]);
    expect(deeds(loop)).toMatchObject([{ kind: "handoff", escalation: "failure" }]);
    expect(told(loop).at(-1)).toBe(
      `Took ${MAX_STEPS_AT_ONCE} steps without waiting, so it was stopped as a loop; held back 250 texts and notes`,
    );
  });

  it("stops a loop that waits for no time at all, in the end", () => {
    let now = begin([
      { kind: "wait", id: "top", forMs: 0 },
      { kind: "goto", target: "top" },
    ]);
    let events = 0;
    while (now.run !== null)
      now = tell(now, { kind: "alarm", alarm: the(now, "alarm").alarm }, { idPrefix: `e${++events}` });
    expect(the(now, "handoff").escalation).toBe("failure");
    expect(events).toBeLessThanOrEqual(5_000);
  });
});

describe("surprises", () => {
  it("hands a run whose file is gone to a person", () => {
    const asked = begin([menu]);
    const lost = advance(going(asked), chose("order"), { facts: facts(), find: () => null });
    expect(the(lost, "handoff").escalation).toBe("failure");
    expect(lost.run).toBeNull();
  });
});

describe("an event whose texts and conditions cost too much", () => {
  const costly = "{% for a in (1..9999) %}{% for b in (1..9999) %}{% endfor %}{% endfor %}";

  it("goes to a person, and says which text it was; what was said before is said", () => {
    const run = begin([
      { kind: "say", text: texts("Hello") },
      { kind: "say", text: texts(`${costly}!`) },
      { kind: "say", text: texts("Never said") },
    ]);
    expect(run.run).toBeNull();
    expect(said(run)).toEqual(["Hello"]);
    expect(the(run, "handoff")).toMatchObject({ escalation: "failure" });
    const lines = run.effects.flatMap((one) => (one.kind === "journal" ? [one] : []));
    expect(lines.map(({ code }) => code)).toEqual(expect.arrayContaining(["text.fault", "run.budget"]));
    expect(lines.find(({ code }) => code === "text.fault")?.message).toContain("The text “{% for a in (1..9999)");
  });

  it("takes no branch of a condition that was given up", () => {
    const many = Array.from({ length: 5_000 }, (_, at) => at);
    const condition = cel("many.all(a, many.all(b, a + b >= 0.0))");
    const then = inner([{ kind: "say", text: texts("then") }]);
    const run = begin(
      [{ kind: "if", condition, then, else: inner([{ kind: "say", text: texts("else") }]) }],
      {},
      { many },
    );
    expect([run.run, said(run)]).toEqual([null, []]);
    expect(the(run, "handoff")).toMatchObject({ escalation: "failure" });
    const line = run.effects.find((one) => one.kind === "journal" && one.code === "condition.fault");
    expect(line).toMatchObject({
      message: expect.stringContaining("many.all(a, many.all(b, a + b >= 0.0)) was given up"),
    });
  });
});
