import { describe, expect, it } from "vitest";
import { type Draft, deeds, said, texts, the, wrote } from "../build.ts";
import { begin, tell } from "../walked.ts";

describe("wait", () => {
  const after: Draft = { kind: "say", text: texts("later") };
  it.each([true, false])("waits; a reply ends the wait: %s", (unlessReplied) => {
    const waiting = begin([{ kind: "wait", forMs: 60_000, unlessReplied }, after]);
    const { alarm } = the(waiting, "alarm");
    expect(said(tell(waiting, { kind: "alarm", alarm }))).toEqual(["later"]);
    const replied = tell(waiting, wrote("hi"));
    expect(said(replied)).toEqual(unlessReplied ? ["later"] : []);
    expect(deeds(replied).some(({ kind }) => kind === "cancel_alarm")).toBe(unlessReplied);
  });

  it("waits for its own alarm only", () => {
    const waiting = begin([{ kind: "wait", forMs: 60_000 }, after]);
    expect(tell(waiting, { kind: "alarm", alarm: "e9.other" })).toEqual({ run: waiting.run, effects: [] });
  });
});
