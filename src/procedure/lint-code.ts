/** P134: code blocks are valid JavaScript. */
import type { Block } from "./definition.ts";
import { find, type Subject } from "./lint-subject.ts";

export function lintCode(subject: Subject): void {
  for (const { code, position } of codeBlocksOf(subject.body)) {
    const fault = subject.world.syntaxFault(code);
    if (fault === null) continue;
    // The code begins on the line after the fence, and is indented like it.
    const at = { line: position.line + fault.line, column: position.column - 1 + fault.column };
    find(subject, at, "P134", `the code ${code.name} is no JavaScript: ${fault.message}`);
  }
}

/** All code blocks of a body, nested ones included. */
export function codeBlocksOf(body: readonly Block[]): readonly Extract<Block, { kind: "code" }>[] {
  return body.flatMap((block) => {
    switch (block.kind) {
      case "code":
        return [block];
      case "list":
        return block.items.flatMap(codeBlocksOf);
      case "branches":
        return block.branches.flatMap((branch) => codeBlocksOf(branch.body));
      case "prose":
        return [];
    }
  });
}
