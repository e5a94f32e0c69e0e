import { describe, expect, it } from "vitest";
import { chose, deeds, going, inner, liquid, said, template, texts, the, told, workflow } from "../build.ts";
import { begin, done, menu, others, tell } from "../walked.ts";

describe("workflow", () => {
  it("goes into another one with values, and returns", () => {
    others.set("child", workflow("child", [{ kind: "say", text: texts("child of {{ who }}") }, menu]));
    const inside = begin([
      { kind: "workflow", workflow: "child", with: { who: template("{{ contact.first_name }}") } },
      done,
    ]);
    expect(said(inside)).toEqual(["child of Dana"]);
    expect(going(inside).frames).toHaveLength(2);
    expect(said(tell(inside, chose("order")))).toEqual(["Topic order, choice order"]);
  });

  it("stops workflows that call one another in a circle", () => {
    const circle = begin([{ kind: "workflow", workflow: "greet" }]);
    expect(told(circle)).toContain("Workflows called one another more than 10 deep.");
    expect(the(circle, "handoff").escalation).toBe("failure");
  });

  it("lets the caller's on_error take a failure inside", () => {
    others.set(
      "child",
      workflow("child", [
        { kind: "workflow", workflow: "gone" },
        { kind: "say", text: texts("never") },
      ]),
    );
    const result = begin([
      { kind: "workflow", workflow: "child", onError: inner([{ kind: "say", text: texts("caught") }]) },
      { kind: "say", text: texts("on") },
    ]);
    expect(said(result)).toEqual(["caught", "on"]);
  });

  it("ends whole with a handoff inside", () => {
    others.set(
      "child",
      workflow("child", [
        {
          kind: "handoff",
          queue: "vip",
          priority: "high",
          say: texts("One moment."),
          summary: liquid("{{ message.text }}"),
        },
      ]),
    );
    const result = begin([
      { kind: "workflow", workflow: "child" },
      { kind: "say", text: texts("never") },
    ]);
    expect(deeds(result)).toEqual([
      {
        kind: "handoff",
        queue: "vip",
        priority: "high",
        say: "One moment.",
        summary: "hello",
        escalation: "policy",
        known: {},
      },
    ]);
    expect(result.run).toBeNull();
  });
});
