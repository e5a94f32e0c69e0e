import { expect, test } from "vitest";
import { syntaxFault } from "../../src/content/javascript.ts";

test.each([["return { kind: 'none' };"], ["const n = [1, 2].map((x) => x * 2);\nreturn n.length;"], [""]])(
  "accepts %j",
  (source) => expect(syntaxFault({ source })).toBeNull(),
);

test.each([
  ["return );", 1, 8],
  ["const a = 1;\nreturn {{ a };", 2, 9],
  ["return 1;\nif (", 2, 1],
])("finds the place of the error in %j", (source, line, column) => {
  expect(syntaxFault({ source })).toMatchObject({ line, column, message: expect.stringMatching(/\S/) as string });
});

test.each([["return {"], ["return { a: 1\n"], ["if (true) {\n  return 1;"]])(
  "says of %j that it ends too early",
  (source) => {
    expect(syntaxFault({ source })?.message).toMatch(/^it ends too early/);
  },
);

test("runs nothing", () => {
  const state: { ran?: boolean } = globalThis as never;
  expect(syntaxFault({ source: "globalThis.ran = true;" })).toBeNull();
  expect(state.ran).toBeUndefined();
});
