import type { Entry, Fields } from "../language/yaml-entry.ts";
import type { Step, StepBase } from "./definition.ts";

/** Reads a list of steps nested in a step; null if it is no list, which is reported. */
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

/** Reads an optional key; null if it is missing. */
export function optional<Value>(fields: Fields, key: string, read: (entry: Entry) => Value | null): Value | null {
  const entry = fields.get(key);
  return entry === undefined ? null : read(entry);
}

/** The built step, or null if the one value that it needs could not be read. */
export function built<Value, Built>(value: Value | null, build: (value: Value) => Built): Built | null {
  return value === null ? null : build(value);
}
