/**
 * `npm run test:fast`: the tests that need no service, no counterpart and no other process, for the seconds between two
 * edits. Suites that try thousands of inputs (doors, mutants, properties) are left to `npm test` too.
 */
import { defineConfig } from "vitest/config";
import { importsOf, sourcesUnder } from "./test/architecture/sources.ts";

const tests = sourcesUnder("test");

/** Tests that try thousands of inputs are named so wherever they stand. */
const FEW_INPUTS = /^(?!.*\b(?:total|for any text)\b)/;
const SLOW = /^test\/(?:doors|conformance|e2e|faults|support)\/|\.properties\.test\.ts$/;
/** Support that starts something or waits for the network; whatever imports it does so too. */
const STARTS =
  /^test\/support\/(?:services|own-postgres|own-redis|worker-process|skips|counterpart|slack\/counterpart|twilio-counterpart)\.ts$/;
const RUNS = /from "(?:node:child_process|node:net|node:http|playwright-core)"/;

function isSlow(path: string, seen: ReadonlySet<string> = new Set()): boolean {
  if (STARTS.test(path) || RUNS.test(tests[path] ?? "")) return true;
  return importsOf(path, tests[path] ?? "").some(
    ({ to }) => to !== null && to in tests && !seen.has(to) && isSlow(to, new Set([...seen, path])),
  );
}

const fast = Object.keys(tests).filter((path) => path.endsWith(".test.ts") && !SLOW.test(path) && !isSlow(path));

export default defineConfig({
  test: { include: fast, testNamePattern: FEW_INPUTS, testTimeout: 20_000, isolate: false, maxWorkers: 2 },
});
