import type { Position } from "../language/diagnostic.ts";
import { positionAt } from "../language/position.ts";
import { report, type YamlFile } from "../language/yaml-file.ts";
import type { CodeBlock } from "./definition.ts";
import type { Head } from "./head.ts";

/** State of reading the Markdown of one file. */
export interface BodyReading {
  yaml: YamlFile;
  head: Head;
  /** Code blocks that were read so far, by name. */
  code: Map<string, CodeBlock>;
  /** Names of all code blocks, unreadable ones included. */
  blocks: Set<string>;
  /** Number of code spans and texts compiled so far. */
  compiled: number;
}

/** Our own limit: a long procedure has a hundred conditions and values, and each takes about a millisecond to check. */
const MAX_COMPILED = 1_000;

/** Counts a condition or text to compile. False past the limit, which is reported once. */
export function mayCompile(reading: BodyReading, at: number): boolean {
  reading.compiled += 1;
  if (reading.compiled === MAX_COMPILED + 1)
    report(reading.yaml, {
      at,
      number: "001",
      message: `more than ${MAX_COMPILED} pieces of code font and values; make several procedures of it`,
    });
  return reading.compiled <= MAX_COMPILED;
}

/** Position of a node of the Markdown. */
export function positionOf(
  node: { position?: { start: { offset?: number | undefined } } | undefined },
  { yaml }: BodyReading,
): Position {
  return positionAt(yaml.source, node.position?.start.offset ?? 0);
}

/** Position of a character of a text whose characters have these offsets in the file. */
export function positionIn(offsets: readonly number[], at: number, { yaml }: BodyReading): Position {
  return positionAt(yaml.source, offsets[at] ?? offsets.at(-1) ?? 0);
}
