/** Limits `text.matches("…")`: the pattern is a literal and checked to be fast, the length of the text is limited. */
import type { ASTNode, Environment } from "@marcbachmann/cel-js";
import { childrenOf } from "./cel-reading.ts";
import type { SourceFault } from "./expression.ts";
import { patternFault, SLOW } from "./pattern.ts";

/** The length to which a customer's latest message is kept for conditions. For a longer text the result is unknown. */
export const MAX_MATCHED_CHARACTERS = 4_000;

/** Name of the function that replaces the library's `matches`. No condition can call it by this name. */
const OURS = "matchesWithinBounds";

type Call = Extract<ASTNode, { op: "rcall" }>;

/** The fault of the first `matches` that is not allowed, or null. `source` is the text that `ast` was parsed from. */
export function matchesFault(ast: ASTNode, source: string): SourceFault | null {
  for (const call of matchesIn(ast)) {
    const pattern = call.args[2][0];
    if (pattern === undefined) continue;
    if (pattern.op !== "value" || typeof pattern.args !== "string") {
      const message = 'matches takes its pattern in quotes, as in matches("^[0-9]{6}$"), so that it can be checked';
      return { offset: pattern.start, message, number: SLOW };
    }
    const fault = patternFault(pattern.args, MAX_MATCHED_CHARACTERS);
    if (fault === null) continue;
    // A pattern with escapes differs from its text in the source.
    const inside = source.startsWith(pattern.args, pattern.start + 1) ? 1 + fault.offset : 0;
    return { ...fault, offset: pattern.start + inside };
  }
  return null;
}

/** Declares the limited `matches` in an environment, for expressions changed by `boundMatches`. */
export function registerMatches(env: Environment): void {
  env.registerFunction(`string.${OURS}(string): bool`, (text: string, pattern: string) => {
    if (text.length > MAX_MATCHED_CHARACTERS)
      throw new RangeError(`matches reads texts of up to ${MAX_MATCHED_CHARACTERS} characters`);
    return new RegExp(pattern, "u").test(text);
  });
}

/** Makes every `matches` of a parsed expression call the limited one. */
export function boundMatches(ast: ASTNode): void {
  for (const call of matchesIn(ast)) call.args[0] = OURS;
}

function matchesIn(node: ASTNode): Call[] {
  const inner = childrenOf(node.args).flatMap(matchesIn);
  return node.op === "rcall" && node.args[0] === "matches" ? [node, ...inner] : inner;
}
