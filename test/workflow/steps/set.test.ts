import { describe, expect, it } from "vitest";
import { type Draft, going, literal, template, the, told } from "../build.ts";
import { begin } from "../walked.ts";

describe("set", () => {
  it("sets dotted paths in order and merges maps", () => {
    const steps: Draft[] = [
      { kind: "set", values: { "issue.category": literal("billing"), "issue.urgency": literal(2) } },
      {
        kind: "set",
        values: {
          issue: { kind: "map", entries: { who: template("{{ contact.first_name }}-{{ issue.category }}") } },
        },
      },
      { kind: "wait", forMs: 1_000 },
    ];
    expect(going(begin(steps)).values).toEqual({ issue: { category: "billing", urgency: 2, who: "Dana-billing" } });
  });

  it.each(["__proto__.x", "a.constructor.prototype", "a.__proto__", "contact.name", "now", "a..b", ""])(
    "refuses to set %j and hands over",
    (path) => {
      const result = begin([{ kind: "set", values: { [path]: literal(1) } }]);
      expect(the(result, "handoff").escalation).toBe("failure");
      expect(({} as Record<string, unknown>)["x"]).toBeUndefined();
    },
  );

  it("does not lose a single value under a path", () => {
    const result = begin([{ kind: "set", values: { "topic.deep": literal(1) } }], {}, { topic: "billing" });
    expect(told(result)).toContain("topic.deep can't be set: topic is a single value, not a map.");
  });

  it("keeps no more than the state can hold", () => {
    const result = begin([{ kind: "set", values: { big: literal("x".repeat(60_000)) } }]);
    expect(the(result, "handoff").escalation).toBe("failure");
  });
});
