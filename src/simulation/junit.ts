/** Verdicts as JUnit XML, which build servers read. */
import { failureText, transcriptOf } from "./report.ts";
import type { TimedVerdict } from "./simulate.ts";

export function junitOf(verdicts: readonly TimedVerdict[]): string {
  const failed = verdicts.filter(({ passed }) => !passed).length;
  const ms = verdicts.reduce((sum, one) => sum + one.ms, 0);
  const counts = `tests="${verdicts.length}" failures="${failed}" errors="0" time="${seconds(ms)}"`;
  const lines = [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="frontdesk simulate" ${counts}>`,
    `  <testsuite name="scenarios" skipped="0" ${counts}>`,
    ...verdicts.flatMap(caseOf),
    "  </testsuite>",
    "</testsuites>",
  ];
  return `${lines.join("\n")}\n`;
}

function caseOf({ id, file, ms, failures }: TimedVerdict): string[] {
  const head = `    <testcase name="${escaped(id)}" classname="${escaped(file)}" file="${escaped(file)}" time="${seconds(ms)}"`;
  if (failures.length === 0) return [`${head}/>`];
  // One element, since some readers take only the first.
  const message = failures.map((one) => `${file}:${failureText(one)}`);
  const text = failures.flatMap((one) => [`${file}:${failureText(one)}`, ...transcriptOf(one)]).join("\n");
  return [
    `${head}>`,
    `      <failure message="${escaped(message.join("; "))}">${escaped(text)}</failure>`,
    "    </testcase>",
  ];
}

const seconds = (ms: number): string => (ms / 1_000).toFixed(3);

const ESCAPES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

/** Escapes a text; characters that XML 1.0 does not allow (section 2.2) are replaced. */
const escaped = (text: string): string =>
  text
    .toWellFormed()
    .replaceAll(/[&<>"]/g, (found) => ESCAPES[found] ?? "")
    .replaceAll(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, "\uFFFD");
