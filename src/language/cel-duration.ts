/** `duration("1h30m")`: asked of a bounded text, because the library searches a longer one from each of its digits. */
import { type ASTNode, Environment } from "@marcbachmann/cel-js";
import { childrenOf } from "./cel-reading.ts";

/** Ours: "-2562047h47m16.854775807s" is as long as one gets that fits into 64 bits of nanoseconds. */
const MAX_DURATION_CHARACTERS = 64;

/** What takes the place of the library's own `duration`, under a name that no condition can write. */
const OURS = "durationWithinBounds";

const LIBRARYS = new Environment().registerVariable("text", "string").parse("duration(text)");

/** Declares the bounded `duration` in an environment whose expressions `boundDurations` has been over. */
export function registerDurations(env: Environment): void {
  env.registerFunction(`${OURS}(string): google.protobuf.Duration`, (text: string): unknown => {
    if (text.length > MAX_DURATION_CHARACTERS)
      throw new RangeError(`duration reads texts of up to ${MAX_DURATION_CHARACTERS} characters`);
    return LIBRARYS({ text });
  });
}

/** Has every `duration` of a parsed expression call the bounded one. */
export function boundDurations(node: ASTNode): void {
  if (node.op === "call" && node.args[0] === "duration") node.args[0] = OURS;
  for (const child of childrenOf(node.args)) boundDurations(child);
}
