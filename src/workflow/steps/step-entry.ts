import type { Entry, Fields } from "../../language/yaml-entry.ts";
import type { Step, StepBase } from "../definition.ts";

/** Reads a list of steps nested in a step; null where it is no list, which is reported. */
export type ReadSteps = (entry: Entry) => readonly Step[] | null;

/** A step as it stands in a file. */
export interface StepEntry {
  /** The value under the key that names the step. */
  value: Entry;
  /** All its keys, that one among them. */
  fields: Fields;
  base: StepBase;
  readSteps: ReadSteps;
}

/** An optional key, read where it is there. */
export function optional<Value>(fields: Fields, key: string, read: (entry: Entry) => Value | null): Value | null {
  const entry = fields.get(key);
  return entry === undefined ? null : read(entry);
}

/** A step, where the one value that it needs could be read. */
export function built<Value, Built>(value: Value | null, build: (value: Value) => Built): Built | null {
  return value === null ? null : build(value);
}
