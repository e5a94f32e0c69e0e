/** Limits the length of the text in `duration("1h30m")`: the library searches it again from each of its digits. */
import { type ASTNode, Environment } from "@marcbachmann/cel-js";
import { childrenOf } from "./cel-reading.ts";

/** Our own limit. The longest duration that fits into 64 bits of nanoseconds is "-2562047h47m16.854775807s". */
const MAX_DURATION_CHARACTERS = 64;

/** Name of the function that replaces the library's `duration`. No condition can call it by this name. */
const OURS = "durationWithinBounds";

const LIBRARYS = new Environment().registerVariable("text", "string").parse("duration(text)");

/** Declares the limited `duration` in an environment, for expressions changed by `boundDurations`. */
export function registerDurations(env: Environment): void {
  env.registerFunction(`${OURS}(string): google.protobuf.Duration`, (text: string): unknown => {
    if (text.length > MAX_DURATION_CHARACTERS)
      throw new RangeError(`duration reads texts of up to ${MAX_DURATION_CHARACTERS} characters`);
    return LIBRARYS({ text });
  });
}

/** Makes every `duration` of a parsed expression call the limited one. */
export function boundDurations(node: ASTNode): void {
  if (node.op === "call" && node.args[0] === "duration") node.args[0] = OURS;
  for (const child of childrenOf(node.args)) boundDurations(child);
}
