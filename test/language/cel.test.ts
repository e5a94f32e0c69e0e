import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compileExpression, type DeclaredFields, MAX_EXPRESSION_CHARACTERS } from "../../src/language/cel.ts";
import { MAX_MATCHED_CHARACTERS } from "../../src/language/cel-matches.ts";
import type { Values } from "../../src/language/expression.ts";

const locate = (offset: number) => ({ line: 1, column: offset + 1 });
const declared: DeclaredFields = { contact: { name: "string", blocked: "bool", attributes: "map" }, n: "double" };

function evaluated(source: string, values: Values = {}): unknown {
  const compiled = compileExpression(source, { locate });
  if (!compiled.ok) throw new Error(compiled.fault.message);
  return compiled.value.evaluate(values);
}

function refusal(source: string, wanted: "bool" | "any" = "any"): [number, string] | null {
  const compiled = compileExpression(source, { locate, declared, wanted });
  return compiled.ok ? null : [compiled.fault.offset, compiled.fault.message];
}

describe("a condition", () => {
  test.each<[string, Values, unknown]>([
    ["x == 2", { x: 2 }, true],
    ["2 == x", { x: 2 }, true],
    ["x != 2", { x: 2.5 }, true],
    ["x + 1", { x: 2 }, 3],
    ["x % 2 == 0", { x: 4 }, true],
    ["x in [1, 2]", { x: 2 }, true],
    ["size(l) + 0.5", { l: [1] }, 1.5],
    ["l.map(i, i * 2)", { l: [1, 2] }, [2, 4]],
    ["has(a.b)", { a: {} }, false],
    ['a["b-c"] == "x"', { a: { "b-c": "x" } }, true],
    ["n == null", { n: null }, true],
    ['timestamp(at) + duration("1h")', { at: "2026-11-20T10:00:00Z" }, "2026-11-20T11:00:00.000Z"],
    ['duration("90s")', {}, 90],
  ])("%s over %j is %j", (source, values, expected) => {
    expect(evaluated(source, values)).toEqual(expected);
  });

  test.each<[string, Values]>([
    ["missing == 1", {}],
    ["!missing", {}],
    ["a.b.c == 1", { a: { b: {} } }],
    ['x < "a"', { x: 1 }],
    ['a.matches("b")', { a: "b".repeat(MAX_MATCHED_CHARACTERS + 1) }],
    ['a.matches("b")', { a: 1 }],
    ['timestamp("soon")', {}],
    ["x / 0", { x: 1 }],
    ["1 / 0", {}],
    ["l[9]", { l: [1] }],
  ])("%s over %j is unknown, and does not throw", (source, values) => {
    expect(evaluated(source, values)).toBeUndefined();
  });

  test("is true in spite of an unknown part where that part does not matter", () => {
    expect(evaluated("missing == 1 || x == 2", { x: 2 })).toBe(true);
  });
});

describe("nothing of ours is reachable", () => {
  test.each([
    "constructor",
    "toString",
    "a.constructor",
    'a["constructor"]',
    "a.constructor.constructor",
    "a.hasOwnProperty",
    "l.length",
    "s.length",
  ])("%s is unknown", (source) => {
    expect(evaluated(source, { a: {}, l: [1], s: "x" })).toBeUndefined();
  });

  test("a name of the prototype is no name", () => {
    expect(refusal("__proto__ == 1")?.[1]).toContain("Reserved");
  });
});

describe("a fault has a place and says what to write", () => {
  test.each<[string, number, string]>([
    ["n = 2", 2, "write == instead of ="],
    ["n == 2 and n == 3", 7, "write && instead of and"],
    ["contact.blokd", 8, 'did you mean "blocked"'],
    ["contact.name == 2", 0, "string == int"],
    ["nope(1)", 0, "nope(int)"],
    ['n == "', 5, "Unterminated string"],
    ["{{ n }} == 2", 5, "without {{ }}"],
  ])("%s at %i: %s", (source, offset, message) => {
    expect(refusal(source)).toEqual([offset, expect.stringContaining(message)]);
  });

  test("a condition is true or false", () => {
    expect(refusal(" contact.name", "bool")).toEqual([1, expect.stringContaining("true or false")]);
    expect(refusal("contact.attributes.x", "bool")).toBeNull();
  });

  test("long and deep expressions are refused", () => {
    expect(refusal("1".repeat(MAX_EXPRESSION_CHARACTERS + 1))?.[1]).toContain(String(MAX_EXPRESSION_CHARACTERS));
    expect(refusal(`${"(".repeat(300)}1${")".repeat(300)}`)).not.toBeNull();
    expect(refusal(`[${"1,".repeat(600)}1]`)).not.toBeNull();
  });
});

test("it tells what it reads, and what it compares with", () => {
  const compiled = compileExpression(
    'topic in ["a", "b"] && l.exists(i, i.kind == "q") && "x" != contact.attributes["tier"]',
    { locate },
  );
  if (!compiled.ok) throw new Error(compiled.fault.message);
  const { uses, comparisons } = compiled.value;
  expect(uses.map(({ path, position }) => `${path.join(".")}:${position.column}`)).toEqual([
    "topic:1",
    "l:24",
    "contact.attributes.tier:61",
  ]);
  expect(comparisons.map(({ path, text }) => `${path.join(".")}=${text}`)).toEqual([
    "topic=a",
    "topic=b",
    "contact.attributes.tier=x",
  ]);
});

test("compiling and evaluating are total", () => {
  const piece = fc.constantFrom(
    "a",
    ".b",
    "[0]",
    "==",
    "&&",
    "!",
    "(",
    ")",
    '"x"',
    "1",
    " ",
    "in",
    "has(",
    ".map(i, i",
    "?",
    ":",
    "{",
    "}",
    "\\",
    "timestamp(",
    "'",
    "9999999999999999999",
  );
  const source = fc.oneof(
    fc.string({ maxLength: 30 }),
    fc.array(piece, { maxLength: 15 }).map((pieces) => pieces.join("")),
  );
  fc.assert(
    fc.property(source, fc.dictionary(fc.constantFrom("a", "b", "i"), fc.jsonValue()), (text, values) => {
      const compiled = compileExpression(text, { locate, declared });
      if (compiled.ok) expect(() => JSON.stringify(compiled.value.evaluate(values))).not.toThrow();
      else expect(compiled.fault.offset).toBeLessThanOrEqual(text.length);
    }),
    { numRuns: 1_000 },
  );
});
