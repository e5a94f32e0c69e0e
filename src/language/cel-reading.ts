import type { ASTNode } from "@marcbachmann/cel-js";
import type { Comparison, Locate, Use } from "./expression.ts";

/** Macros whose first argument declares a variable: `tags.exists(t, t == "vip")`. */
const BINDING_MACROS: ReadonlySet<string> = new Set(["all", "exists", "exists_one", "map", "filter", "bind"]);
/** Names that belong to the language, not to our values. */
const NAMESPACES: ReadonlySet<string> = new Set([
  "cel",
  "optional",
  "google",
  "bool",
  "int",
  "uint",
  "double",
  "string",
  "bytes",
  "list",
  "map",
  "type",
  "null_type",
]);

interface Reading {
  uses: Use[];
  comparisons: Comparison[];
  locate: Locate;
}

/** The values that an expression reads, and its comparisons of values with fixed texts. */
export function readAst(ast: ASTNode, locate: Locate): { uses: readonly Use[]; comparisons: readonly Comparison[] } {
  const reading: Reading = { uses: [], comparisons: [], locate };
  visit(ast, new Set(), reading);
  return reading;
}

function visit(node: ASTNode, bound: ReadonlySet<string>, reading: Reading): void {
  const path = pathOf(node);
  if (path !== null) return use(node, { path, bound, reading });
  compare(node, bound, reading);
  if (node.op === "rcall") return visitMethod(node, bound, reading);
  if (node.op === "call") return node.args[1].forEach((argument) => visit(argument, bound, reading));
  for (const child of childrenOf(node.args)) visit(child, bound, reading);
}

function visitMethod(node: Extract<ASTNode, { op: "rcall" }>, bound: ReadonlySet<string>, reading: Reading): void {
  const [name, receiver, given] = node.args;
  visit(receiver, bound, reading);
  const first = given[0];
  const binds = BINDING_MACROS.has(name) && given.length > 1 && first?.op === "id";
  const inner = binds ? new Set([...bound, first.args]) : bound;
  for (const argument of binds ? given.slice(1) : given) visit(argument, inner, reading);
}

function use(node: ASTNode, at: { path: readonly string[]; bound: ReadonlySet<string>; reading: Reading }): void {
  const root = at.path[0] ?? "";
  if (at.bound.has(root) || NAMESPACES.has(root)) return;
  at.reading.uses.push({ path: at.path, position: at.reading.locate(startOf(node)) });
}

/** Start of a node. The library gives the offset of the dot for `a.b`. */
function startOf(node: ASTNode): number {
  if (node.op === "." || node.op === "[]") return startOf(node.args[0]);
  return node.start;
}

/** `contact.attributes["tier"]` as ["contact", "attributes", "tier"]; null where a part is computed. */
function pathOf(node: ASTNode): readonly string[] | null {
  if (node.op === "id") return [node.args];
  if (node.op === ".") {
    const before = pathOf(node.args[0]);
    return before === null ? null : [...before, node.args[1]];
  }
  if (node.op !== "[]" || node.args[1].op !== "value" || typeof node.args[1].args !== "string") return null;
  const before = pathOf(node.args[0]);
  return before === null ? null : [...before, node.args[1].args];
}

function compare(node: ASTNode, bound: ReadonlySet<string>, reading: Reading): void {
  if (node.op !== "==" && node.op !== "!=" && node.op !== "in") return;
  const [left, right] = node.args;
  const pairs = node.op === "in" ? listed(left, right) : [...listed(left, right), ...listed(right, left)];
  for (const { path, text } of pairs) {
    if (bound.has(path[0] ?? "")) continue;
    reading.comparisons.push({ path, text: text.args, position: reading.locate(text.start) });
  }
}

type TextNode = Extract<ASTNode, { op: "value" }> & { args: string };

function listed(value: ASTNode, texts: ASTNode): { path: readonly string[]; text: TextNode }[] {
  const path = pathOf(value);
  if (path === null) return [];
  const nodes = texts.op === "list" ? texts.args : [texts];
  return nodes
    .filter((node): node is TextNode => node.op === "value" && typeof node.args === "string")
    .map((text) => ({ path, text }));
}

/** The nodes directly under one, given its `args`. */
export function childrenOf(args: unknown): ASTNode[] {
  if (Array.isArray(args)) return args.flatMap(childrenOf);
  return isNode(args) ? [args] : [];
}

function isNode(value: unknown): value is ASTNode {
  return typeof value === "object" && value !== null && "op" in value && "args" in value;
}
