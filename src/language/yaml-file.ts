/**
 * A YAML file that an admin wrote, opened for reading with positions.
 *
 * 1. Every fault is reported with its place, and reading goes on, so that all faults are reported at once.
 * 2. A node with a reported fault is "spoiled": readers skip it, so that nothing is reported twice.
 * 3. Anchors, aliases and tags are refused: these files do not need them, and a small file can grow huge through them.
 */
import {
  isAlias,
  isCollection,
  isMap,
  isNode,
  isScalar,
  type Node,
  parseDocument,
  type Scalar,
  visit,
  type YAMLError,
  type YAMLMap,
} from "yaml";
import type { Diagnostic, Position } from "./diagnostic.ts";
import { offsetInScalar, positionAt, type ScalarStyle } from "./position.ts";

/** Our own limit: fifty times the size of a long workflow. Any file of this size is read within half a second. */
export const MAX_FILE_CHARACTERS = 128_000;
/** Our own limit for brackets open at once, those in texts included. The library takes seconds for thousands. */
const MAX_OPEN_BRACKETS = 200;
/** Our own limit. Nested steps take three levels each, so this allows a dozen nested decisions. */
const MAX_YAML_DEPTH = 40;
/** Our own limit. So many faults usually come from a single mistake. */
export const MAX_DIAGNOSTICS = 200;

/** The first letter of a file's codes: workflows, connectors, frontdesk.yaml, procedures, scenarios. */
export type FileLetter = "W" | "C" | "F" | "P" | "S";

/** Positions of a key and its value. An item of a list has no key, so both are the item's position. */
export interface SourceRange {
  key: Position;
  value: Position;
}

export interface YamlFile {
  readonly file: string;
  readonly letter: FileLetter;
  readonly source: string;
  readonly diagnostics: Diagnostic[];
  readonly places: Map<string, SourceRange>;
  /** Offsets (from, to) of text for which a fault has been reported. */
  readonly spoiled: [number, number][];
}

export interface OpenedYaml {
  yaml: YamlFile;
  /** null if the file cannot be read at all, or is empty; the diagnostics give the reason. */
  root: Node | null;
}

// "error", because with "silent" the library ignores a second document.
const READING = { version: "1.2", schema: "core", prettyErrors: false, logLevel: "error" } as const;

export interface OpenOptions {
  file: string;
  letter: FileLetter;
  /** Offset at which the YAML ends and other text begins; left out if all of it is YAML. */
  end?: number;
}

/** Opens a file. `number` of a code is the same for every kind of file: W002, C002 and F002 all mean missing quotes. */
export function openYaml(source: string, { file, letter, end }: OpenOptions): OpenedYaml {
  const yaml: YamlFile = { file, letter, source, diagnostics: [], places: new Map(), spoiled: [] };
  if (source.length > MAX_FILE_CHARACTERS) {
    report(yaml, {
      at: 0,
      number: "001",
      message: `the file has ${source.length} characters; ${MAX_FILE_CHARACTERS} are read at most`,
    });
    return { yaml, root: null };
  }
  const text = source.slice(0, end);
  const deep = openBrackets(text);
  if (deep !== null) {
    report(yaml, { at: deep, number: "001", message: "the file is nested too deeply to be read" });
    return { yaml, root: null };
  }
  try {
    // The library compares each key with all keys before it, so `refuseNodes` looks for duplicates instead.
    const document = parseDocument(text, { ...READING, uniqueKeys: false });
    const readable = reportErrors(yaml, document.errors);
    if (!refuseNodes(yaml, document.contents) || !readable || isFull(yaml)) return { yaml, root: null };
    if (document.contents === null || isNothing(document.contents)) {
      report(yaml, { at: 0, number: "001", message: "the file is empty" });
      return { yaml, root: null };
    }
    return { yaml, root: document.contents };
  } catch (error) {
    // Thousands of brackets in a row overflow the library's stack.
    if (!(error instanceof RangeError)) throw error;
    report(yaml, { at: 0, number: "001", message: "the file is nested too deeply to be read" });
    return { yaml, root: null };
  }
}

/** Offset at which too many brackets are open at once; null if there is none. */
function openBrackets(source: string): number | null {
  let open = 0;
  for (const { 0: bracket, index } of source.matchAll(/[[\]{}]/g)) {
    open = bracket === "[" || bracket === "{" ? open + 1 : Math.max(0, open - 1);
    if (open > MAX_OPEN_BRACKETS) return index;
  }
  return null;
}

/** Adds a diagnostic. `at` is an offset or a position; `number` is the code without the file's letter. */
export function report(
  yaml: YamlFile,
  fault: { at: number | Position; number: string; message: string; severity?: "warning" },
): void {
  if (isFull(yaml)) return;
  const place = typeof fault.at === "number" ? positionAt(yaml.source, fault.at) : fault.at;
  const full = yaml.diagnostics.length === MAX_DIAGNOSTICS - 1;
  yaml.diagnostics.push({
    file: yaml.file,
    ...place,
    code: `${yaml.letter}${full ? "001" : fault.number}`,
    severity: fault.severity ?? "error",
    message: full ? `more than ${MAX_DIAGNOSTICS} faults; fix the first ones and check again` : fault.message,
  });
}

/** Tells whether the list of faults is full. No more are reported, so a reader can stop looking for them. */
export const isFull = (yaml: YamlFile): boolean => yaml.diagnostics.length >= MAX_DIAGNOSTICS;

export function isSpoiled(yaml: YamlFile, node: Node): boolean {
  const start = node.range?.[0] ?? 0;
  return yaml.spoiled.some(([from, to]) => start >= from && start <= to);
}

/** Tells whether a value is missing: `key:` or `key: ~`. */
export function isNothing(node: Node | null): boolean {
  return node === null || (isScalar(node) && node.value === null);
}

/** Returns a function from an offset in a scalar's value to its position in the file. */
export function locator(yaml: YamlFile, node: Node): (offset: number) => Position {
  const start = node.range?.[0] ?? 0;
  if (!isScalar(node) || typeof node.value !== "string") return () => positionAt(yaml.source, start);
  const scalar = { start, style: styleOf(node.type), value: node.value };
  return (offset) => positionAt(yaml.source, offsetInScalar(yaml.source, scalar, offset));
}

function styleOf(type: string | null | undefined): ScalarStyle {
  if (type === "QUOTE_DOUBLE") return "double";
  if (type === "QUOTE_SINGLE") return "single";
  return type === "BLOCK_LITERAL" || type === "BLOCK_FOLDED" ? "block" : "plain";
}

/** Reports the library's errors. False if the rest of the file may be read differently from how it was meant. */
function reportErrors(yaml: YamlFile, errors: readonly YAMLError[]): boolean {
  const lines = new Set<number>();
  for (const error of errors) {
    const { line } = positionAt(yaml.source, error.pos[0]);
    if (lines.has(line)) continue;
    lines.add(line);
    if (isFull(yaml)) return false;
    if (!reportMissingQuotes(yaml, error)) {
      report(yaml, { at: error.pos[0], number: "001", message: wordsFor(error) });
      // Later errors of the library are most likely consequences of this one.
      return false;
    }
  }
  return true;
}

/** Reports keys that stand twice, compared as `readMap` reads them. */
function reportDuplicates(yaml: YamlFile, map: YAMLMap): void {
  const names = new Set<string>();
  for (const { key } of map.items) {
    if (!isScalar(key)) continue;
    const name = keyName(key);
    if (names.has(name))
      report(yaml, { at: key.range?.[0] ?? 0, number: "004", message: `the key ${name} stands here twice` });
    names.add(name);
  }
}

/** A key as written, so that `1.50` and `1.5` are different keys. */
export const keyName = (key: Scalar): string => key.source ?? String(key.value);

const QUOTABLE: ReadonlySet<string> = new Set(["BLOCK_AS_IMPLICIT_KEY", "BAD_SCALAR_START", "UNEXPECTED_TOKEN"]);

/** Reports the most common fault in words of our own: a text with `: ` or `{{` in it that is not quoted. */
function reportMissingQuotes(yaml: YamlFile, error: YAMLError): boolean {
  if (!QUOTABLE.has(error.code)) return false;
  const lineStart = yaml.source.lastIndexOf("\n", error.pos[0] - 1) + 1;
  const lineEnd = endOfLine(yaml.source, lineStart);
  const match = /^(\s*(?:- +)*(?:[^\s'"#:{}[\]-][^:]*:\s+)?)(\S.*)$/.exec(yaml.source.slice(lineStart, lineEnd));
  const value = match?.[2]?.trimEnd() ?? "";
  const what = /^[@`]/.test(value)
    ? `begins with ${value[0]}`
    : value.startsWith("{{")
      ? "begins with {{"
      : /^[^'"[{|>].*: /.test(value)
        ? 'contains ": "'
        : null;
  if (what === null) return false;
  quote(yaml, { from: lineStart + (match?.[1]?.length ?? 0), to: lineEnd, what });
  return true;
}

function quote(yaml: YamlFile, span: { from: number; to: number; what: string }): void {
  const value = yaml.source.slice(span.from, span.to).trim();
  const quoted = value.includes("'") ? JSON.stringify(value) : `'${value}'`;
  const shown = value.length <= 60 ? `: ${quoted}` : "";
  report(yaml, { at: span.from, number: "002", message: `this text ${span.what}, so it needs quotes${shown}` });
  yaml.spoiled.push([span.from, span.to]);
}

function wordsFor(error: YAMLError): string {
  if (error.code === "TAB_AS_INDENT") return "indent with spaces, not with tabs";
  if (error.code === "MULTIPLE_DOCS") return "one file holds one document; a line of three dashes begins a second one";
  return `not readable as YAML: ${error.message}`;
}

/** Refuses anchors, aliases, tags and duplicate keys. False if the file is nested too deeply to be read. */
function refuseNodes(yaml: YamlFile, contents: Node | null): boolean {
  let deep = false;
  visit(contents, (_, node, path) => {
    if (path.length > MAX_YAML_DEPTH * 2) {
      if (!deep)
        report(yaml, {
          at: isNode(node) ? (node.range?.[0] ?? 0) : 0,
          number: "001",
          message: `nested more than ${MAX_YAML_DEPTH} deep`,
        });
      deep = true;
      return visit.BREAK;
    }
    if (isFull(yaml)) return visit.BREAK;
    if (!isNode(node) || isSpoiled(yaml, node)) return undefined;
    if (refuse(yaml, node)) return visit.SKIP;
    if (isMap(node)) reportDuplicates(yaml, node);
    return undefined;
  });
  return !deep;
}

function refuse(yaml: YamlFile, node: Node): boolean {
  const start = node.range?.[0] ?? 0;
  const to = endOfLine(yaml.source, start);
  if (isAlias(node)) return refuseMark(yaml, start, "*");
  if (isMap(node) && yaml.source.startsWith("{{", start)) {
    quote(yaml, { from: start, to, what: "begins with {{" });
    return true;
  }
  if ((isScalar(node) || isCollection(node)) && node.anchor !== undefined)
    return refuseMark(yaml, before(yaml, start, "&"), "&");
  if (node.tag !== undefined && before(yaml, start, "!") !== start)
    return refuseMark(yaml, before(yaml, start, "!"), "!");
  return false;
}

/** Offset of the mark (`&` or `!`) before a node, on its line or an earlier one. */
function before(yaml: YamlFile, start: number, mark: string): number {
  const at = yaml.source.lastIndexOf(mark, start);
  return at === -1 ? start : at;
}

const MARKS = { "*": "an alias", "&": "an anchor", "!": "a tag" } as const;

function refuseMark(yaml: YamlFile, at: number, mark: keyof typeof MARKS): boolean {
  const message = `${MARKS[mark]} is not read here; a text or condition that begins with ${mark} needs quotes`;
  report(yaml, { at, number: "003", message });
  yaml.spoiled.push([at, endOfLine(yaml.source, at)]);
  return true;
}

function endOfLine(source: string, at: number): number {
  const end = source.indexOf("\n", at);
  return end === -1 ? source.length : end;
}
