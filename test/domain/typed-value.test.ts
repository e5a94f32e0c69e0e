import { describe, expect, it } from "vitest";
import type { ValueType } from "../../src/domain/connector-schema.ts";
import { project } from "../../src/domain/typed-value.ts";

const offer: ValueType = {
  type: "object",
  fields: {
    kind: { value: { type: "enum", values: ["none", "discount"] }, optional: false },
    percent: { value: { type: "number" }, optional: true },
    until: { value: { type: "date" }, optional: true },
    notes: {
      value: { type: "list", of: { type: "object", fields: { text: { value: { type: "string" }, optional: false } } } },
      optional: true,
    },
  },
};
const dropping = { at: "Offer", undeclared: "drop" } as const;
const refusing = { at: "Offer", undeclared: "refuse" } as const;

describe("a value of a declared type", () => {
  it.each([
    [{ kind: "none" }, { kind: "none" }],
    [{ kind: "none", percent: null }, { kind: "none" }],
    [
      { kind: "discount", percent: 30, until: "2026-12-31" },
      { kind: "discount", percent: 30, until: "2026-12-31" },
    ],
    [
      { kind: "none", notes: [{ text: "a" }] },
      { kind: "none", notes: [{ text: "a" }] },
    ],
  ])("%j is kept without optional fields that are null", (given, kept) => {
    expect(project(given, offer, dropping)).toEqual({ ok: true, value: kept });
    expect(project(given, offer, refusing)).toEqual({ ok: true, value: kept });
  });

  it.each([
    [{ kind: "none", percnt: 20 }, "Offer.percnt is not declared"],
    [{ kind: "none", notes: [{ text: "a", by: "b" }] }, "Offer.notes[0].by is not declared"],
    [JSON.parse('{"kind": "none", "__proto__": {}}'), "Offer.__proto__ is not declared"],
    [{ kind: "none", ["x".repeat(1_000)]: 1 }, `Offer.${"x".repeat(60)} is not declared`],
  ])("%j: what is not declared is dropped, or refused", (given, fault) => {
    expect(project(given, offer, dropping)).toMatchObject({ ok: true, value: { kind: "none" } });
    expect(project(given, offer, refusing)).toEqual({ ok: false, fault });
  });

  it.each([
    [null, "Offer should be an object, but is null"],
    [[], "Offer should be an object, but is a list"],
    [{}, "Offer.kind should be a string, but is missing"],
    [{ kind: "pause" }, "Offer.kind is none of none, discount"],
    [{ kind: "none", percent: "30" }, "Offer.percent should be a number, but is string"],
    [{ kind: "none", percent: Number.NaN }, "Offer.percent should be a number, but is number"],
    [{ kind: "none", until: "tomorrow" }, "Offer.until should be a date, but is string"],
    [{ kind: "none", notes: {} }, "Offer.notes should be a list, but is object"],
    [{ kind: "none", notes: [{}] }, "Offer.notes[0].text should be a string, but is missing"],
  ])("%j is refused by its path and types, without its value", (given, fault) => {
    expect(project(given, offer, dropping)).toEqual({ ok: false, fault });
  });
});
