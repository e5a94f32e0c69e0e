/** Reading the body of a step: its expressions, its actions and the places of what is done once. */

import type { Position } from "../language/diagnostic.ts";
import type { Expression, Template } from "../language/expression.ts";
import type { Action, Block, Branch, Inline } from "./definition.ts";

/** Name of a place in the file, stable within one version of it: "12:5". */
export const placeOf = ({ line, column }: Position): string => `${line}:${column}`;

/** All inlines of a body, nested ones included, in the file's order. */
export function inlinesOf(body: readonly Block[]): readonly Inline[] {
  return body.flatMap((block): readonly Inline[] => {
    switch (block.kind) {
      case "prose":
        return block.parts;
      case "list":
        return block.items.flatMap(inlinesOf);
      case "branches":
        return block.branches.flatMap((branch) => inlinesOf(branch.body));
      case "code":
        return [];
    }
  });
}

/** All branches of a body, nested ones included. */
export function branchesOf(body: readonly Block[]): readonly Branch[] {
  return body.flatMap((block): readonly Branch[] => {
    switch (block.kind) {
      case "branches":
        return block.branches.flatMap((branch) => [branch, ...branchesOf(branch.body)]);
      case "list":
        return block.items.flatMap(branchesOf);
      case "prose":
      case "code":
        return [];
    }
  });
}

/** All conditions and texts of a body. */
export function expressionsOf(body: readonly Block[]): readonly (Expression | Template)[] {
  const tests = branchesOf(body).flatMap(({ test }) => (test.kind === "condition" ? [test.if] : []));
  return [...tests, ...inlinesOf(body).flatMap(expressionOf)];
}

function expressionOf(part: Inline): readonly (Expression | Template)[] {
  switch (part.kind) {
    case "said":
    case "value":
      return [part.text];
    case "expression":
      return [part.expression];
    case "action":
      return part.action.kind === "set" ? [part.action.value] : [];
    case "text":
    case "link":
      return [];
  }
}

/** The places of a body at which something is done once. */
export const placesOf = (body: readonly Block[]): string[] =>
  inlinesOf(body).flatMap((part) => (part.kind === "text" ? [] : [placeOf(part.position)]));

/** The actions of a body, in the file's order. */
export const actionsOf = (body: readonly Block[]): readonly Action[] =>
  inlinesOf(body).flatMap((part) => (part.kind === "action" ? [part.action] : []));

/** All chains of branches of a body, nested ones included. */
export function chainsOf(body: readonly Block[]): readonly Extract<Block, { kind: "branches" }>[] {
  return body.flatMap((block) => {
    switch (block.kind) {
      case "branches":
        return [block, ...block.branches.flatMap((branch) => chainsOf(branch.body))];
      case "list":
        return block.items.flatMap(chainsOf);
      case "prose":
      case "code":
        return [];
    }
  });
}
