/** Plays every shipped scenario. */
import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import type { TimedVerdict } from "../../src/simulation/simulate.ts";
import { run } from "../cli/captured.ts";

const HOME = fileURLToPath(new URL("../../", import.meta.url));
const files = readdirSync(`${HOME}scenarios`).filter((name) => name.endsWith(".md") && name !== "README.md");
const { out, err } = await run(["simulate", "--json", "--home", HOME]);
const verdicts = out === "" ? [] : (JSON.parse(out) as TimedVerdict[]);

test("all shipped scenarios are played", () => {
  expect(err).toBe(`${files.length} scenarios: ${files.length} passed, 0 failed\n`);
  expect(verdicts).toHaveLength(files.length);
});

test.each(verdicts.map((one) => [one.id, one] as const))("%s", (_, { failures }) => {
  expect(failures.map(({ position, expected, instead }) => `${position.line}: ${expected}: ${instead}`)).toEqual([]);
});
