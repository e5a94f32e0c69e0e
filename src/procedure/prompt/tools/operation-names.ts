/** Longest name of a tool (https://platform.openai.com/docs/api-reference/chat/create). */
const NAME_MAX = 64;
const PREFIX = "use_";

/** Name of the tool that calls an operation: "use_billing_get_subscription". */
const operationToolName = (operation: string): string =>
  `${PREFIX}${operation.replaceAll(/[^a-zA-Z0-9_-]/g, "_")}`.slice(0, NAME_MAX);

/** Names for these operations, each its own: what would be named alike is numbered in the order of the operations. */
export function operationToolNames(operations: readonly string[]): ReadonlyMap<string, string> {
  const taken = new Set<string>();
  const names = new Map<string, string>();
  for (const operation of operations.toSorted()) {
    const plain = operationToolName(operation);
    let name = plain;
    for (let n = 2; taken.has(name); n++) name = `${plain.slice(0, NAME_MAX - `_${n}`.length)}_${n}`;
    taken.add(name);
    names.set(operation, name);
  }
  return names;
}
