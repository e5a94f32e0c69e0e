import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compileExpression } from "../../src/language/cel.ts";
import { patternCost, patternFault } from "../../src/language/pattern.ts";

const locate = (offset: number) => ({ line: 1, column: offset + 1 });
const CHARACTERS = 4_000;
const message = (pattern: string): string => patternFault(pattern, CHARACTERS)?.message ?? "ok";

describe("a pattern that could be slow is refused", () => {
  test.each([
    String.raw`^(\w+\s?)+$`,
    "(a+)+",
    "(a*)*b",
    "(a|a)*b",
    "([a-z]|[x-z]y?)*!",
    "(?:.|\\n)*(?:.|\\n)*x",
    "a{1,}a{2,}",
    ".*a.*b",
    ".*?a.*?b",
    "a*b*a*",
    String.raw`\d+\d+`,
    String.raw`(\p{L}+\s*)+`,
    "(a?){30}a{30}",
    "(a|a){25}b",
    ".{0,50}.{0,50}.{0,50}x",
    "(|b?|c?){20}$",
    "(?:(?:a{100}){100}){100}",
    "(?:(?:^){500}){500}",
  ])("%s", (pattern) => {
    expect(message(pattern)).toContain("this pattern could be too slow");
  });

  test.each<[string, number, string]>([
    [String.raw`(a)b\1`, 4, String.raw`\1 looks back`],
    [String.raw`(?:ab)(?=c)`, 6, "(?= is not taken"],
    ["ab(?<!c)", 2, "(?<! is not taken"],
    ["x(?<name>a)", 1, "(?< is not taken"],
  ])("%s, at %d", (pattern, offset, words) => {
    expect(patternFault(pattern, CHARACTERS)).toMatchObject({ offset, number: "017" });
    expect(message(pattern)).toContain(words);
  });

  test("that is no pattern says how it is written", () => {
    expect(message("(")).toContain("Unterminated group");
    expect(message("(?i)refund")).toContain("[Aa]");
  });
});

test.each([
  "refund|return|replace",
  "[Rr]efunds?",
  "[0-9]+ euros?",
  String.raw`\b[A-Z]{2}-?[0-9]{6}\b`,
  String.raw`^\s*(yes|yep|y)\s*$`,
  String.raw`[\w.+-]+@[\w-]+\.[a-z]{2,}`,
  "^([a-z]+ )*[a-z]+$",
  "^(?:(?:[0-9]{3}-)*[0-9]{4})$",
  String.raw`^[^\]\-]+\]`,
  String.raw`Stra(ß|ss)e \d{1,4}`,
  "",
])("%s is let in", (pattern) => {
  expect(message(pattern)).toBe("ok");
});

function fault(source: string) {
  const compiled = compileExpression(source, { locate });
  return compiled.ok ? null : compiled.fault;
}

test("a condition's pattern stands in it, and the fault where the pattern does", () => {
  expect(fault('a.matches("(?:x)(?=y)")')).toMatchObject({ offset: 16, number: "017" });
  expect(fault('b && {"k": [a.matches("(a+)+")]}.k[0]')).toMatchObject({ offset: 23, number: "017" });
  for (const pattern of ["b", '"a" + "b"', 'c ? "a" : "b"']) {
    expect(fault(`a.matches(${pattern})`)?.message).toContain("in quotes");
  }
  expect(fault('a.matchesWithinBounds("(a+)+")')).not.toBeNull();
  expect(fault('matches(a, "(a+)+")')).not.toBeNull();
});

// ─── Every pattern that is let in, tried step by step ───────────────────────────────────────────────────────────────

type Node =
  | { kind: "one"; of: string }
  | { kind: "all" | "either"; of: readonly Node[] }
  | { kind: "repeat"; of: Node; min: number; max: number };

const { node } = fc.letrec<{ node: Node }>((tie) => ({
  node: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    fc.record({ kind: fc.constant("one" as const), of: fc.constantFrom("a", "b", "[ab]", "[bc]", ".") }),
    fc.record({ kind: fc.constant("all" as const), of: fc.array(tie("node"), { minLength: 1, maxLength: 4 }) }),
    fc.record({ kind: fc.constant("either" as const), of: fc.array(tie("node"), { minLength: 1, maxLength: 3 }) }),
    fc.record({
      kind: fc.constant("repeat" as const),
      of: tie("node"),
      min: fc.constantFrom(0, 1, 2),
      max: fc.constantFrom(2, 4, Number.POSITIVE_INFINITY),
    }),
  ),
}));

function written(node: Node): string {
  switch (node.kind) {
    case "one":
      return node.of;
    case "all":
      return `(?:${node.of.map(written).join("")})`;
    case "either":
      return `(?:${node.of.map(written).join("|")})`;
    case "repeat":
      return `(?:${written(node.of)}){${node.min},${node.max === Number.POSITIVE_INFINITY ? "" : node.max}}`;
  }
}

/** Characters looked at by a plain backtracking matcher that finds nothing: every way is tried. */
function looks(node: Node, text: string, most: number): number {
  let count = 0;
  const run = (one: Node, at: number, then: (at: number) => void): void => {
    if (count > most) return;
    switch (one.kind) {
      case "one":
        count++;
        if (at < text.length && new RegExp(one.of).test(text[at] ?? "")) then(at + 1);
        return;
      case "all": {
        const from = (index: number, where: number): void => {
          const part = one.of[index];
          if (part === undefined) then(where);
          else run(part, where, (next) => from(index + 1, next));
        };
        return from(0, at);
      }
      case "either":
        for (const way of one.of) run(way, at, then);
        return;
      case "repeat": {
        const again = (times: number, where: number): void => {
          if (times < one.max)
            run(one.of, where, (next) => (next > where || times < one.min ? again(times + 1, next) : undefined));
          if (times >= one.min) then(where);
        };
        return again(0, at);
      }
    }
  };
  run(node, 0, () => {});
  return count;
}

test("a pattern that is let in never looks more often than was counted", () => {
  let tried = 0;
  fc.assert(
    fc.property(node, fc.stringMatching(/^[abc]{1,3}$/), fc.stringMatching(/^[abc]{0,12}$/), (tree, unit, odd) => {
      const cost = patternCost(written(tree));
      if (!cost.ok || cost.value.perCharacter > 10_000) return;
      tried++;
      for (const text of [unit.repeat(20), unit.repeat(12) + odd, odd + unit.repeat(12)]) {
        const counted = cost.value.perCharacter * (cost.value.endless ? text.length + 1 : 1);
        expect(looks(tree, text, counted * 10)).toBeLessThanOrEqual(counted);
      }
    }),
    { numRuns: 800 },
  );
  expect(tried).toBeGreaterThan(200);
});
