import type { ValueType } from "../domain/connector-schema.ts";

/** Possible values of a setting: one of some words, the value under another path, a type, or anything. */
export type Source =
  | { kind: "words"; words: readonly string[] }
  | { kind: "path"; path: string }
  | { kind: "schema"; schema: ValueType }
  | { kind: "open" };

/** A dotted path that a step sets. */
export interface Setting {
  path: string;
  source: Source;
}

export const OPEN: Source = { kind: "open" };

export const rootOf = (path: string): string => path.split(".")[0] ?? path;
