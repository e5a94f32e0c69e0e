import { expect, test } from "vitest";
import { holdsWhole } from "../../../src/procedure/gate/whole.ts";

test.each([
  ["it cost 1500 EUR", "1500", true],
  ["it cost 1500 EUR", "50", false],
  ["it cost 1,500 EUR", "500", false],
  ["it cost 1.50 EUR", "1", false],
  ["it was 5. It is 50", "5", true],
  ["order AB-4412, please", "4412", true],
  ["order AB-4412, please", "441", false],
  ["we measure it", "sure", false],
  ["sure, we measure it", "sure", true],
  ["注文をキャンセルしたい", "キャンセル", true],
  ["anything", "", false],
])("%s holds %s as a whole: %s", (text, piece, holds) => {
  expect(holdsWhole(text, piece)).toBe(holds);
});
