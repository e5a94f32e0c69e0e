import { expect, it } from "vitest";
import { isOverfull } from "../../../src/turn/core/state.ts";
import { catalogOf, codes, release, scene } from "../scene.ts";

// T11
it("a state stays within its size also where a workflow that stored too much has closed the conversation", () => {
  const note = `{ note: "${"漢".repeat(1_000)}" }`;
  const tags = Array.from({ length: 100 }, (_, n) => `{ tag: "${"漢".repeat(97)}${n}" }`);
  const steps = [...Array.from({ length: 20 }, () => note), ...tags, "{ close: abandoned }"];
  const play = scene(
    catalogOf(release({ full: `title: Full\nstatus: live\non: [conversation.opened]\nsteps: [${steps.join(", ")}]` })),
  );
  play.writes("hello");
  expect(play.state.phase).toBe("closed");
  expect(isOverfull(play.state)).toBe(false);
  expect(codes(play.last)).toEqual(expect.arrayContaining(["state.full", "note.left_out"]));
});
