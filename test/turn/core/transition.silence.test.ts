import { describe, expect, it } from "vitest";
import { ALEX, catalogOf, codes, release, scene } from "../scene.ts";

const MENU = `
title: Menu
status: live
on: [conversation.opened]
steps: [{ ask: Which?, save: topic, options: { a: A, b: B } }]
`;
const play = () => scene(catalogOf(release({ menu: MENU })));

// U4
describe("after a long silence a conversation", () => {
  it("is closed, also where a question was never answered", () => {
    const on = play();
    on.writes("hello");
    on.after(20_000).rings("silence");
    expect(on.state).toMatchObject({ phase: "closed", resolution: "abandoned", runs: [], prompt: null });
  });

  it("that had not begun is closed, so that it is not found again and again", () => {
    const on = play();
    on.rings("silence");
    expect(on.state.phase).toBe("closed");
  });

  it("stays open where people hold it", () => {
    const on = play();
    on.writes("hello");
    on.does(ALEX, { kind: "take_over" });
    expect(codes(on.after(20_000).rings("silence"))).toEqual(["silence.passed"]);
    expect(on.state.phase).toBe("open");
  });

  it("in which nothing would happen any more goes to people", () => {
    const on = play();
    on.writes("hello");
    on.rings("stranded");
    expect(on.state).toMatchObject({ case: { held: true, reason: "The bot stopped before it was done" } });
    expect(codes(on.rings("stranded"))).toEqual(["stranded.passed"]);
  });
});
