import { expect, test } from "vitest";
import { junitOf } from "../../src/simulation/junit.ts";
import type { TimedVerdict } from "../../src/simulation/simulate.ts";

const PASSED: TimedVerdict = { id: "a", file: "scenarios/a.md", passed: true, failures: [], happened: [], ms: 12 };
const FAILED: TimedVerdict = {
  ...PASSED,
  id: "b",
  passed: false,
  failures: [
    {
      position: { line: 12, column: 5 },
      expected: 'said "<b>"',
      instead: "said “a\u0000 & b”",
      since: [{ kind: "said", by: "bot", text: "a\u0000 & b ]]>\ud83d" }],
    },
  ],
};

test("verdicts become a report that XML readers can read", () => {
  expect(junitOf([PASSED, FAILED])).toBe(`<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="frontdesk simulate" tests="2" failures="1" errors="0" time="0.024">
  <testsuite name="scenarios" skipped="0" tests="2" failures="1" errors="0" time="0.024">
    <testcase name="a" classname="scenarios/a.md" file="scenarios/a.md" time="0.012"/>
    <testcase name="b" classname="scenarios/a.md" file="scenarios/a.md" time="0.012">
      <failure message="scenarios/a.md:12:5 expected \`said &quot;&lt;b&gt;&quot;\`, but said “a\uFFFD &amp; b”">scenarios/a.md:12:5 expected \`said &quot;&lt;b&gt;&quot;\`, but said “a\uFFFD &amp; b”
    bot: a\uFFFD &amp; b ]]&gt;\uFFFD</failure>
    </testcase>
  </testsuite>
</testsuites>
`);
});
