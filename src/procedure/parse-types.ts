/** Reads `types:` and the operations under `connectors:`: the names that fields, conditions and code can use. */
import type { ValueType } from "../domain/connector-schema.ts";
import { didYouMean } from "../language/suggest.ts";
import { type Entry, fault, quoted, readMap } from "../language/yaml-entry.ts";
import { readType } from "../language/yaml-type.ts";
import { own } from "../lib/own.ts";
import type { Connectors, ListedOperation } from "./head.ts";

/** Our own limits: a procedure that needs more is several. */
const MAX_OPERATIONS = 50;
const MAX_TYPES = 50;

/** Reads `types:`, each a map of fields, or a list of words. */
export function readTypes(entry: Entry): Readonly<Record<string, ValueType>> {
  const listed = [...(readMap(entry) ?? [])];
  if (listed.length > MAX_TYPES)
    fault(entry, "001", `types: has ${listed.length} types; ${MAX_TYPES} are read at most`);
  const types: [string, ValueType][] = [];
  for (const [name, field] of listed.slice(0, MAX_TYPES)) {
    if (!/^[A-Z][A-Za-z0-9]{0,63}$/.test(name)) {
      fault(field, "015", `a type's name begins with a capital, as in Offer; this is ${quoted(name)}`, "key");
      continue;
    }
    const type = readType(field);
    if (type !== null) types.push([name, type]);
  }
  return Object.fromEntries(types);
}

/** Reads the names under `connectors:`, and finds their operations. */
export function readOperations(entry: Entry, connectors: Connectors): ReadonlyMap<string, ListedOperation> {
  const listed = [...(readMap(entry) ?? [])];
  if (listed.length > MAX_OPERATIONS)
    fault(entry, "001", `connectors: lists ${listed.length} operations; ${MAX_OPERATIONS} are read at most`);
  const operations = listed
    .slice(0, MAX_OPERATIONS)
    .map(([name, field]) => ({ name, entry: field, operation: findOperation(name, field, connectors) }));
  return new Map(operations.map((one) => [one.name, one]));
}

function findOperation(name: string, entry: Entry, connectors: Connectors): ListedOperation["operation"] {
  const [id = "", operation = "", ...more] = name.split(".");
  if (id === "" || operation === "" || more.length > 0)
    return fault(
      entry,
      "015",
      `connectors: lists operations, as in billing.get_subscription; this is ${quoted(name)}`,
      "key",
    );
  const connector = own(connectors, id);
  if (connector === undefined)
    return fault(entry, "102", `there is no connector "${id}"${didYouMean(id, Object.keys(connectors))}`, "key");
  const known = Object.keys(connector.operations);
  return (
    own(connector.operations, operation) ??
    fault(entry, "103", `${id} has no operation "${operation}"${didYouMean(operation, known)}`, "key")
  );
}

/** The types that listed operations return, by the names that fields have for them: "billing.Subscription". */
export function returnedTypes(operations: ReadonlyMap<string, ListedOperation>): Readonly<Record<string, ValueType>> {
  const types = [...operations.values()].flatMap(({ name, operation }): [string, ValueType][] => {
    const type = returnedType(name, operation);
    return type === null || operation?.returns == null ? [] : [[type, operation.returns]];
  });
  return Object.fromEntries(types);
}

/** Name of the type that an operation returns ("billing.Subscription"); null if it has none. */
export function returnedType(name: string, operation: ListedOperation["operation"]): string | null {
  return operation === null || operation.returnsName === null ? null : `${name.split(".")[0]}.${operation.returnsName}`;
}
