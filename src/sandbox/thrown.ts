/** The faults of blocks in words: what was thrown, and in which line of the block. */
import { type CodeResult, faulty } from "./job.ts";
import { MEMORY_MB, MESSAGE_LENGTH } from "./limits.ts";
import type { ThrownError } from "./prelude.ts";

/** Name of the block in the engine's stacks. */
export const BLOCK_FILE = "block";

export const tooMuchMemory: CodeResult = faulty(
  "memory",
  `It needed more than ${MEMORY_MB} MB, with what its engine needs.`,
);

/** The fault of a block that can't be read. `lines`: the number of its own lines; the engine may name the one after. */
export const syntaxFault = (error: ThrownError, lines: number): CodeResult =>
  error.name === "SyntaxError" ? faulty("syntax", sentence(error, lines)) : thrownFault(error, lines);

/** The fault of a block that threw. */
export function thrownFault(error: ThrownError, lines: number): CodeResult {
  const { name, message } = error;
  if (name === "InternalError" && /out of memory|string too long/.test(message)) return tooMuchMemory;
  if (message === "stack overflow")
    return faulty("threw", sentence({ ...error, message: "calls or values are nested too deeply" }, lines));
  return faulty("threw", sentence(error, lines));
}

function sentence({ message, stack }: ThrownError, lines: number): string {
  const line = new RegExp(`\\b${BLOCK_FILE}:(\\d+)`).exec(stack)?.[1];
  const where = line === undefined ? "" : `Line ${Math.min(Number(line), lines)}: `;
  const said = message.split("\n", 1)[0]?.slice(0, MESSAGE_LENGTH).toWellFormed().trim().replace(/\.$/, "") ?? "";
  const what = said === "" ? "it threw something that is no error" : said;
  return `${where}${what}${unknownName(said)}.`;
}

const unknownName = (message: string): string =>
  /^'?[\w$]+'? is not defined$/.test(message) ? "; a block knows only its inputs and the functions of the library" : "";
