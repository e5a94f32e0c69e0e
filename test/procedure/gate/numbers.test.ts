import { describe, expect, test } from "vitest";
import { isKnownNumber, numbersOf } from "../../../src/procedure/gate/numbers.ts";

const KNOWN = numbersOf(
  '{"renews_on":"2026-12-31","mrr_usd":1299,"fee":49.9,"ends":"2026-11-20T09:30:00Z","months":3}',
);

describe("numbers of a reply", () => {
  test.each([
    "2026-12-31",
    "31.12.2026",
    "12/31/2026",
    "12/31/26",
    "31.12",
    "1,299.00",
    "1.299,00",
    "1299",
    "49.90",
    "49,9",
  ])("%s is known in this notation", (token) => expect(isKnownNumber(token, KNOWN)).toBe(true));
  test.each(["09:30", "9:30", "3", "31", "3-12"])("%s is made of known numbers", (token) => {
    expect(isKnownNumber(token, KNOWN)).toBe(true);
  });
  test.each([
    "12.31.09",
    "12.31",
    "26.12",
    "31.11.2026",
    "20.12.2026",
    "49.99",
    "12.30",
    "1,299.50",
    "299",
    "5",
    "129.9",
    "3.12.2026",
  ])("%s is invented, though its parts are known", (token) => expect(isKnownNumber(token, KNOWN)).toBe(false));
});
