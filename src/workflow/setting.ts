import type { ValueType } from "../domain/connector-schema.ts";

/** What a step may put under a path: some of these words, what stands under another path, or anything. */
export type Source =
  | { kind: "words"; words: readonly string[] }
  | { kind: "path"; path: string }
  | { kind: "schema"; schema: ValueType }
  | { kind: "open" };

export interface Setting {
  path: string;
  source: Source;
}

export const OPEN: Source = { kind: "open" };

export const rootOf = (path: string): string => path.split(".")[0] ?? path;
