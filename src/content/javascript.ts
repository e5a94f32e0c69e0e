import { Script } from "node:vm";
import type { CodeBlock } from "../procedure/definition.ts";
import type { SyntaxFault } from "../procedure/lint-subject.ts";

/** Lines before the code in what is compiled. */
const LINES_BEFORE = 1;
const FILE = "code";

/** Finds the first syntax error of a code block by compiling it as the body of a function. Nothing is run. */
export function syntaxFault({ source }: Pick<CodeBlock, "source">): SyntaxFault | null {
  try {
    void new Script(`(function () { "use strict";\n${source}\n})`, { filename: FILE });
    return null;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return faultOf(error, source);
  }
}

/** Reads the place of a syntax error, which V8 puts before the message: file:line, the line, and a caret under it. */
function faultOf(error: SyntaxError, source: string): SyntaxFault {
  const [head = "", , caret = ""] = (error.stack ?? "").split("\n");
  const written = Number(/^code:(\d+)$/.exec(head)?.[1] ?? LINES_BEFORE + 1) - LINES_BEFORE;
  const lines = source.split("\n").length;
  // An end that comes too early is found behind the code, and V8 speaks of a bracket there, which nobody wrote.
  if (written > lines)
    return { line: lines, column: 1, message: "it ends too early; look for a bracket or a quote that is not closed" };
  return { line: Math.max(1, written), column: caret.indexOf("^") + 1 || 1, message: error.message };
}
