import { describe, expect, it } from "vitest";
import { deeds, texts } from "../build.ts";
import { begin } from "../walked.ts";

describe("close and stop", () => {
  it("closes and stops", () => {
    expect(deeds(begin([{ kind: "close", say: texts("Bye"), resolution: "abandoned" }]))).toEqual([
      { kind: "close", say: "Bye", resolution: "abandoned" },
    ]);
    expect(deeds(begin([{ kind: "stop" }]))).toEqual([]);
  });
});
