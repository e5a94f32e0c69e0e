import { describe, expect, it } from "vitest";
import { chose, option, the } from "../build.ts";
import { begin, menu, tell } from "../walked.ts";

describe("goto", () => {
  it("asks again where a goto leads back to the question", () => {
    const back = { ...menu, id: "menu", options: [option("again", "Again", [{ kind: "goto", target: "menu" }])] };
    const twice = tell(begin([back]), chose("again"));
    expect(the(twice, "prompt").text).toBe("What can we help you with?");
  });
});
