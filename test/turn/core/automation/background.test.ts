import { describe, expect, it } from "vitest";
import { catalogOf, codes, release, scene, toCustomer } from "../../scene.ts";

const MENU = `
title: Menu
status: live
on: [conversation.opened, message.received]
steps: [{ ask: Which?, options: { a: A, b: B } }, { say: "You chose {{ choice }}." }]
`;
const LATER = `
title: Later
status: live
on: conversation.handed_back
steps:
  - wait: { for: 1h, unless: replied }
  - if: wait.replied
    then: [{ tag: came-back }]
    else: [{ close: solved by bot }]
`;

/** A background workflow waits until the customer writes, and nothing else is under way. */
function waiting() {
  const play = scene(catalogOf(release({ menu: MENU, later: LATER })));
  play.writes("hello");
  play.writes("person please");
  play.does({ id: "alex", name: "Alex" }, { kind: "claim" });
  play.does({ id: "alex", name: "Alex" }, { kind: "hand_back" });
  return play;
}

describe("a background workflow that waits until the customer writes", () => {
  it("goes on when they write, and their words are answered as ever", () => {
    const play = waiting();
    expect(toCustomer(play.writes("one more thing")).at(-1)).toMatch(/^Which\?/);
    expect(codes(play.last)).toContain("wait.replied");
    expect(play.state.tags).toEqual(["came-back"]);
  });

  it("goes on with another value when they do not", () => {
    const play = waiting();
    const alarm = play.state.runs.flatMap(({ waits }) => waits).find(({ kind }) => kind === "alarm");
    if (alarm?.kind !== "alarm") throw new Error("It waits for no time");
    play.rings(alarm.alarm);
    expect(play.state.phase).toBe("closed");
  });
});
