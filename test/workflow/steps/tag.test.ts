import { describe, expect, it } from "vitest";
import { deeds, liquid } from "../build.ts";
import { begin } from "../walked.ts";

describe("tag and note", () => {
  it("tags and notes", () => {
    const result = begin(
      [
        { kind: "tag", add: [liquid("topic:{{ topic }}"), liquid("{{ none }}"), liquid("vip")] },
        { kind: "note", text: liquid("From {{ conversation.link }}") },
      ],
      {},
      { topic: "billing" },
    );
    expect(deeds(result)).toEqual([
      { kind: "tag", tags: ["topic:billing", "vip"] },
      { kind: "note", text: "From http://desk.example/3" },
    ]);
  });
});
