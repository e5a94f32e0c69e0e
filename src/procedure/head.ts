import type { ConnectorOperation, ValueType } from "../domain/connector-schema.ts";
import type { Entry, Fields } from "../language/yaml-entry.ts";
import type { ProcedureField } from "./definition.ts";
import type { Scope } from "./scope.ts";

/** The connectors of the folder, by id; unreadable ones are missing. */
export type Connectors = Readonly<
  Record<string, { readonly operations: Readonly<Record<string, ConnectorOperation>> }>
>;

/** An operation under `connectors:`. */
export interface ListedOperation {
  name: string;
  /** Its rule: "read", "write" or a map. */
  entry: Entry;
  /** null if the connector or the operation is not there; the fault is reported. */
  operation: ConnectorOperation | null;
}

/** The parts of the front matter that the rest of the file refers to. */
export interface Head {
  operations: ReadonlyMap<string, ListedOperation>;
  /** Types by name: those of `types:`, and those of the listed operations. */
  types: Readonly<Record<string, ValueType>>;
  fields: Readonly<Record<string, ProcedureField>>;
  /** Fields that could not be read: they exist, so that using them is no second fault. */
  broken: ReadonlySet<string>;
  scope: Scope;
}

/** Reads the value under a key; null if the key is not there. */
export function optional<Value>(fields: Fields, key: string, how: (entry: Entry) => Value | null): Value | null {
  const entry = fields.get(key);
  return entry === undefined ? null : how(entry);
}
