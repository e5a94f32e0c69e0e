import * as fc from "fast-check";
import { expect, test } from "vitest";
import { isScalar } from "yaml";
import { durationMs } from "../../src/language/duration.ts";
import { positionAt } from "../../src/language/position.ts";
import { suggest } from "../../src/language/suggest.ts";
import { locator, openYaml } from "../../src/language/yaml-file.ts";

test.each<[string, number | null]>([
  ["500ms", 500],
  ["30s", 30_000],
  ["10m", 600_000],
  ["4h", 14_400_000],
  ["2d", 172_800_000],
  [" 2d ", 172_800_000],
  ["0s", null],
  ["2 d", null],
  ["1.5h", null],
  ["-1s", null],
  ["10", null],
  ["10 minutes", null],
  ["400d", null],
  ["", null],
])("the duration %j is %j ms", (text, ms) => {
  expect(durationMs(text)).toBe(ms);
});

test.each<[string, string | null]>([
  ["bilng", "billing"],
  ["hnadoff", "handoff"],
  ["BILLING", "billing"],
  ["sya", "say"],
  ["zebra", null],
  ["", null],
  ["x".repeat(500), null],
])("for %j, %j was meant", (word, meant) => {
  expect(suggest(word, ["say", "handoff", "billing"])).toBe(meant);
});

test("lines and columns count from one, in UTF-16 units", () => {
  const source = "a\r\nbä👋c\n";
  expect(positionAt(source, 0)).toEqual({ line: 1, column: 1 });
  expect(positionAt(source, source.indexOf("c"))).toEqual({ line: 2, column: 5 });
  expect(positionAt(source, 999)).toEqual({ line: 3, column: 1 });
});

test.each([
  "a: hello X",
  'a: "he\\"l\\u0041\\x41lo\\n X"',
  "a: 'it''s X'",
  "a: |\n  one\n    two X\n",
  "a: >\n  one\n  two X\n",
  "a: >-\n\n   ä\n\n   b X",
  "a: plain\n  folded X",
  'a: "folded \\\n  on X"',
  "a: { b: c, d: e X }",
])("a character of a value is found again in %j", (source) => {
  const { yaml, root } = openYaml(source, { file: "a.yaml", letter: "W" });
  const node = JSON.stringify(root).includes('"d"') ? deepest(root, ["a", "d"]) : deepest(root, ["a"]);
  if (!isScalar(node) || typeof node.value !== "string") throw new Error("This is no text.");
  expect(locator(yaml, node)(node.value.indexOf("X"))).toEqual(positionAt(source, source.lastIndexOf("X")));
});

function deepest(root: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((node, key) => (node as { get(key: string, keep: true): unknown }).get(key, true), root);
}

test("any text in any style is found again, character by character", () => {
  const word = fc.string({ unit: fc.constantFrom("a", "ä", "'", '"', "\\", "k", "7"), minLength: 1, maxLength: 8 });
  const lines = fc.array(word, { minLength: 1, maxLength: 3 });
  fc.assert(
    fc.property(lines, fc.constantFrom("double", "single", "block"), (words, style) => {
      const text = words.join(style === "block" ? "\n" : " ");
      const written = {
        double: JSON.stringify(text),
        single: `'${text.replaceAll("'", "''")}'`,
        block: `|-\n  ${words.join("\n  ")}`,
      }[style];
      const source = `a: ${written}\n`;
      const { yaml, root } = openYaml(source, { file: "a.yaml", letter: "W" });
      const node = deepest(root, ["a"]);
      if (!isScalar(node)) throw new Error("This is no text.");
      expect(node.value).toBe(text);
      const found = locator(yaml, node)(text.length - 1);
      const offset =
        source
          .split("\n")
          .slice(0, found.line - 1)
          .join("\n").length +
        (found.line > 1 ? 1 : 0) +
        found.column -
        1;
      const last = text.at(-1) ?? "";
      const shown =
        style === "double" ? JSON.stringify(last).slice(1, -1) : style === "single" && last === "'" ? "''" : last;
      expect(source.slice(offset, offset + shown.length)).toBe(shown);
    }),
    { numRuns: 300 },
  );
});
