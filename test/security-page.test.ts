import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const page = readFileSync(`${ROOT}SECURITY.md`, "utf8");
/** The last cell of each row of the second table. */
const tested = (page.split("## Guarantees")[1] ?? "")
  .split("\n")
  .filter((line) => /^\| (?!part|-)/.test(line))
  .flatMap((line) => [...(line.split("|").at(-2) ?? "").matchAll(/`([^`]+)`/g)].map(([, path = ""]) => path));

const there = readdirSync(`${ROOT}test`, { recursive: true, encoding: "utf8" });

test.each(tested)("SECURITY.md names existing tests: %s", (path) => {
  const start = path.replace(/\*$/, "");
  expect(there.filter((file) => file.startsWith(start) && file.endsWith(".test.ts"))).not.toEqual([]);
});
