/**
 * Checks that a regular expression is fast enough for a customer's text. The engine backtracks and cannot be stopped
 * while it does, so a pattern is accepted only if all of these hold:
 *
 * 1. Within an unbounded repetition, a character never has two ways to continue (nothing exponential).
 * 2. No two such repetitions can divide the same stretch of text in different ways (nothing polynomial).
 * 3. The remaining steps, counted for the longest text that the pattern is tried on, stay under `MAX_STEPS`.
 *
 * Rules 1 and 2 follow Weideman et al., "Analyzing Matching Time Behavior of Backtracking Regular Expression Matchers
 * by Using Ambiguity of NFA" (2016); rule 1 is stricter than theirs. Back-references and look-arounds are not part of
 * RE2's syntax, by which CEL defines `matches` (https://github.com/google/re2/wiki/Syntax).
 */
import { fail, ok, type Result } from "../lib/result.ts";
import type { SourceFault } from "./expression.ts";
import { graphOf, type PatternGraph } from "./pattern-graph.ts";
import { type PatternNode, readPattern, tokensOf } from "./pattern-reading.ts";
import { loopsOf, shareText, stepsEach } from "./pattern-steps.ts";

/** Our own limit: some tenths of a second in the worst case, far below the time of a lease. */
const MAX_STEPS = 200_000_000;

/** Number of the diagnostic for slow patterns: W017. */
export const SLOW = "017";

export interface PatternCost {
  /** Steps for one character of text, from one place where a match can begin. */
  perCharacter: number;
  /** True if a match can begin only at the start of the text. */
  anchored: boolean;
  /** True if a match can read on to the end of any text. */
  endless: boolean;
}

/** The fault of a pattern that is too slow for texts of up to `maxCharacters`, or null. Offsets are in the pattern. */
export function patternFault(source: string, maxCharacters: number): SourceFault | null {
  const cost = patternCost(source);
  if (!cost.ok) return cost.fault;
  const { perCharacter, anchored, endless } = cost.value;
  const reads = endless ? maxCharacters : 1;
  const starts = anchored ? 1 : maxCharacters / (endless ? 2 : 1);
  if (perCharacter * reads * starts <= MAX_STEPS) return null;
  const hint = anchored ? "" : ", begin it with ^, or leave out a .* that it begins with";
  return slow(0, `it has too many ways to try on a text of ${maxCharacters} characters; make it simpler${hint}`);
}

/** The cost of a pattern, or the fault by which its cost grows faster than the text. */
export function patternCost(source: string): Result<PatternCost, SourceFault> {
  const broken = syntaxFault(source);
  if (broken !== null) return fail(broken);
  const tokens = tokensOf(source);
  for (const { text, at } of tokens) {
    if (/^\\[1-9k]/u.test(text)) return fail(slow(at, `${text} looks back at what was found; write it out`));
    if (/^\(\?[^:]/u.test(text)) return fail(slow(at, `${text} is not taken: only ( and (?: open a group`));
  }
  const pattern = readPattern(tokens);
  const graph = graphOf(pattern);
  if ("message" in graph) return fail(slow(0, graph.message));
  return costOf(graph, pattern);
}

function syntaxFault(source: string): SourceFault | null {
  try {
    void new RegExp(source, "u");
    return null;
  } catch (error) {
    const hint = source.startsWith("(?i)") ? "; for either case write [Aa]" : "";
    return { offset: 0, message: (error instanceof Error ? error.message : String(error)) + hint };
  }
}

function costOf(graph: PatternGraph, pattern: PatternNode): Result<PatternCost, SourceFault> {
  const loops = loopsOf(graph);
  if (loops.some(({ forks }) => forks))
    return fail(slow(0, "a repetition can take the same text in more than one way, as (a+)+ and (a|a)* do"));
  const verdict = shareText(graph, loops);
  if (verdict === "yes") return fail(slow(0, "two repetitions can share out the same text, as a*a* and .*x.* do"));
  if (verdict === "too large") return fail(slow(0, "it is too large to tell"));
  return ok({
    perCharacter: stepsEach(graph, loops),
    anchored: isAnchored(pattern),
    endless: loops.length > 0,
  });
}

function slow(offset: number, why: string): SourceFault {
  return { offset, message: `this pattern could be too slow: ${why}`, number: SLOW };
}

function isAnchored(node: PatternNode): boolean {
  switch (node.kind) {
    case "edge":
      return node.of === "^";
    case "all":
      return node.of[0] !== undefined && isAnchored(node.of[0]);
    case "either":
      return node.of.every(isAnchored);
    case "repeat":
      return node.min > 0 && isAnchored(node.of);
    case "one":
      return false;
  }
}
