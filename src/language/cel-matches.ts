/** `text.matches("…")`: the pattern is written in the condition, is known to be quick, and is asked of a bounded text. */
import type { ASTNode, Environment } from "@marcbachmann/cel-js";
import { childrenOf } from "./cel-reading.ts";
import type { SourceFault } from "./expression.ts";
import { patternFault, SLOW } from "./pattern.ts";

/** As many as are kept of a customer's latest words for conditions; of a longer text the answer is unknown. */
export const MAX_MATCHED_CHARACTERS = 4_000;

/** What takes the place of the library's own `matches`, under a name that no condition can write. */
const OURS = "matchesWithinBounds";

type Call = Extract<ASTNode, { op: "rcall" }>;

/** What is wrong with the first `matches` that may not stand here, or null. `source` is what `ast` was read from. */
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
    // With escapes in it the text does not stand in the source as it is.
    const inside = source.startsWith(pattern.args, pattern.start + 1) ? 1 + fault.offset : 0;
    return { ...fault, offset: pattern.start + inside };
  }
  return null;
}

/** Declares the bounded `matches` in an environment whose expressions `boundMatches` has been over. */
export function registerMatches(env: Environment): void {
  env.registerFunction(`string.${OURS}(string): bool`, (text: string, pattern: string) => {
    if (text.length > MAX_MATCHED_CHARACTERS)
      throw new RangeError(`matches reads texts of up to ${MAX_MATCHED_CHARACTERS} characters`);
    return new RegExp(pattern, "u").test(text);
  });
}

/** Has every `matches` of a parsed expression call the bounded one. */
export function boundMatches(ast: ASTNode): void {
  for (const call of matchesIn(ast)) call.args[0] = OURS;
}

function matchesIn(node: ASTNode): Call[] {
  const inner = childrenOf(node.args).flatMap(matchesIn);
  return node.op === "rcall" && node.args[0] === "matches" ? [node, ...inner] : inner;
}
