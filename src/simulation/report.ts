/** A verdict in words, for a terminal. */
import type { Happened } from "./happened.ts";
import type { Failure, TimedVerdict } from "./simulate.ts";

/** Lines of a transcript that a failure shows. */
const TRANSCRIPT_MAX = 20;
/** Characters of a line that it shows. */
const LINE_MAX = 300;

/** The verdict as a block of lines. `verbose`: with all that happened. */
export function textOf(verdict: TimedVerdict, { verbose }: { verbose: boolean }): string {
  const { id, file, ms, passed, happened } = verdict;
  const head = passed ? `passed  ${id} (${ms} ms)` : `FAILED  ${id} (${ms} ms)`;
  const whole = verbose ? happened.flatMap((one) => shown(one, { verbose })).map((line) => `    ${line}`) : [];
  const failures = verdict.failures.flatMap((one) => [
    `  ${file}:${failureText(one)}`,
    ...(verbose ? [] : transcriptOf(one)),
  ]);
  return `${[head, ...whole, ...failures].join("\n")}\n`;
}

/** "12:5 expected `…`, but …" */
export function failureText({ position, expected, instead }: Failure): string {
  const place = `${position.line}:${position.column}`;
  return expected === "" ? `${place} ${instead}` : `${place} expected \`${expected}\`, but ${instead}`;
}

/** What was said and done before a failure, shortened to its end. */
export function transcriptOf({ since }: Failure): string[] {
  const lines = since.flatMap((one) => shown(one, { verbose: false }));
  const left = lines.length - TRANSCRIPT_MAX;
  return [...(left > 0 ? [`… ${left} lines before`] : []), ...lines.slice(-TRANSCRIPT_MAX)].map(
    (line) => `    ${line}`,
  );
}

function shown(one: Happened, { verbose }: { verbose: boolean }): string[] {
  const line = words(one, verbose);
  if (line === null) return [];
  const flat = line.replaceAll("\n", " / ");
  return [flat.length > LINE_MAX ? `${flat.slice(0, LINE_MAX)}…` : flat];
}

/** null: not shown. */
function words(one: Happened, verbose: boolean): string | null {
  switch (one.kind) {
    case "customer":
      return `customer: ${one.text}`;
    case "said":
      return `${one.by}: ${one.text}`;
    case "called":
      return `called ${one.operation} with ${JSON.stringify(one.input)}`;
    case "answered":
      return `${one.by} answered ${one.words}`;
    case "refused":
      return `refused (${one.rule})`;
    case "ended":
      return `ended: ${one.outcome}`;
    case "handoff":
      return `handoff to ${one.queue}`;
    case "line":
      return verbose ? `  ${one.code}: ${one.message}` : null;
    case "asked":
    case "step":
      return null;
  }
}
