import { describe, expect, test } from "vitest";
import { fileText } from "../../../src/procedure/prompt/file-text.ts";
import { cancelSubscription } from "./scene.ts";

const procedure = cancelSubscription();
const headings = (text: string): string[] => text.match(/^## .*$/gm) ?? [];

describe("the file in a prompt", () => {
  test("is the whole text where nothing is strict", () => {
    expect(fileText(procedure, "cancel")).toBe(procedure.source);
  });

  test("has of strict steps only the one that the run is in", () => {
    const strict = { ...procedure, strict: ["choose-the-offer", "cancel"] };
    expect(headings(fileText(strict, "choose-the-offer"))).toEqual(["## Choose the offer"]);
    expect(fileText(strict, "choose-the-offer")).toContain("Be warm and brief.");
    expect(fileText(strict, "choose-the-offer")).toContain("go to [Cancel](#cancel)");
    expect(fileText(strict, "choose-the-offer")).not.toContain("Nothing was changed");
    expect(headings(fileText(strict, "understand"))).toEqual([
      "## Understand",
      "## Look up the plan",
      "## Aside: refunds",
    ]);
    expect(headings(fileText({ ...procedure, strict: ["aside-refunds"] }, "aside-refunds"))).toEqual([
      "## Aside: refunds",
    ]);
  });
});
