/** Reads `operations:`, and checks what several operations have to agree on. */
import type { ConnectorOperation } from "../domain/connector-schema.ts";
import { type Entry, fault, isName, quoted, readMap } from "../language/yaml-entry.ts";
import type { ReadOperation } from "./manifest-http.ts";
import { readReadBack } from "./manifest-read-back.ts";

type Unlinked = Omit<ConnectorOperation, "readBack">;

/** Reads all operations with the reader of their kind of connector. */
export function readOperations<Operation extends Unlinked>(
  entry: Entry,
  readOne: (name: string, entry: Entry) => ReadOperation<Operation> | null,
): Readonly<Record<string, Operation & Pick<ConnectorOperation, "readBack">>> | null {
  const listed = readMap(entry);
  if (listed === null) return null;
  if (listed.size === 0) return fault(entry, "006", "operations: names at least one operation");
  const read: ReadOperation<Operation>[] = [];
  for (const [name, field] of listed) {
    if (!isName(name))
      fault(field, "015", `an operation's name is a word of letters, digits, - and _; this is ${quoted(name)}`, "key");
    const one = readOne(name, field);
    if (one !== null) read.push(one);
  }
  checkTypeNames(read);
  const all = Object.fromEntries(read.map(({ operation }) => [operation.name, operation]));
  // An unreadable operation would be reported once more, as missing.
  const whole = read.length === listed.size;
  const linked = read.map(({ operation, fields }) => {
    const field = whole && operation.kind === "write" ? fields.get("read_back") : undefined;
    const readBack = field === undefined ? null : readReadBack(field, operation, all);
    return [operation.name, { ...operation, readBack }] as const;
  });
  return Object.fromEntries(linked);
}

/** A name stands for the same fields wherever `returns:` has it, since procedures refer to it. */
function checkTypeNames(read: readonly ReadOperation<Unlinked>[]): void {
  const first = new Map<string, Unlinked>();
  for (const { operation, fields } of read) {
    const { returnsName, returns, name } = operation;
    const before = returnsName === null ? undefined : first.get(returnsName);
    if (returnsName !== null && before === undefined) first.set(returnsName, operation);
    if (before === undefined || JSON.stringify(before.returns) === JSON.stringify(returns)) continue;
    const message = `${returnsName} of ${name} has other fields than ${returnsName} of ${before.name}; choose another name`;
    const field = fields.get("returns");
    if (field !== undefined) fault(field, "208", message);
  }
}
