import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { operationToolNames } from "../../../../src/procedure/prompt/tools/operation-names.ts";

describe("names of tools for operations", () => {
  test.each([
    [["billing.get"], ["use_billing_get"]],
    [
      ["a_b.c", "a.b_c"],
      ["use_a_b_c_2", "use_a_b_c"],
    ],
    [
      [`crm.${"x".repeat(80)}`, `crm.${"x".repeat(81)}`],
      [`use_crm_${"x".repeat(56)}`, `use_crm_${"x".repeat(54)}_2`],
    ],
  ])("%j", (operations, names) => {
    const given = operationToolNames(operations);
    expect(operations.map((one) => given.get(one))).toEqual(names);
  });

  test("are valid and different, and do not depend on the order", () => {
    const name = fc.string({ unit: fc.constantFrom("a", "_", ".", "-", "ü", " "), minLength: 1, maxLength: 90 });
    fc.assert(
      fc.property(fc.uniqueArray(name, { maxLength: 20 }), (operations) => {
        const names = operationToolNames(operations);
        for (const one of names.values()) expect(one).toMatch(/^[a-zA-Z0-9_-]{1,64}$/);
        expect(new Set(names.values()).size).toBe(operations.length);
        expect(operationToolNames(operations.toReversed())).toEqual(names);
      }),
    );
  });
});
