/**
 * Which regular expressions may be asked of a customer's text. The engine backtracks and nothing can stop it while it
 * does, so a pattern is let in only when this is shown beforehand:
 *
 * 1. Within a repetition without end, a character never has two ways to go (nothing exponential).
 * 2. No two such repetitions can take the same stretch of text and share it out differently (nothing polynomial).
 * 3. What is left is counted, at the longest text it is asked of, and stays under `MAX_STEPS`.
 *
 * 1 and 2 are Weideman et al., "Analyzing Matching Time Behavior of Backtracking Regular Expression Matchers by Using
 * Ambiguity of NFA" (2016), with 1 stricter than theirs. Back-references and look-arounds are not in RE2's syntax, which
 * CEL's `matches` is defined by (https://github.com/google/re2/wiki/Syntax).
 */
import { fail, ok, type Result } from "../lib/result.ts";
import type { SourceFault } from "./expression.ts";
import { graphOf, type PatternGraph } from "./pattern-graph.ts";
import { type PatternNode, readPattern, tokensOf } from "./pattern-reading.ts";
import { loopsOf, shareText, stepsEach } from "./pattern-steps.ts";

/** Our own: some tenths of a second at the very worst, and far below a lease. */
const MAX_STEPS = 200_000_000;

/** The diagnostic's number: W017. */
export const SLOW = "017";

export interface PatternCost {
  /** Steps for a character of text, from one place where a match may begin. */
  perCharacter: number;
  /** Whether a match can begin only where the text does. */
  anchored: boolean;
  /** Whether it may read on to the end of any text. */
  endless: boolean;
}

/** Why a pattern may not be asked of texts of up to `maxCharacters`; null where it may. Offsets point into the pattern. */
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

/** What a pattern costs, or why that grows faster than the text. */
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
