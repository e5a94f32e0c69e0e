/**
 * A YAML file that an admin wrote, opened for reading with positions.
 *
 * 1. Every fault is reported with its place; reading goes on, so that all faults come at once.
 * 2. A node that is a fault already is "spoiled": readers pass over it in silence instead of reporting it twice.
 * 3. Anchors, aliases and tags are refused: nobody needs them here, and they are how small files become huge ones.
 */
import { isAlias, isCollection, isMap, isNode, isScalar, type Node, parseDocument, visit, type YAMLError } from "yaml";
import type { Diagnostic, Position } from "./diagnostic.ts";
import { offsetInScalar, positionAt, type ScalarStyle } from "./position.ts";

/** Our own: a hundred times a long workflow. */
const MAX_FILE_CHARACTERS = 256_000;
/** Our own: steps nest three keys per level, so this is a dozen levels of decisions. */
const MAX_YAML_DEPTH = 40;
/** Our own: a file broken in this many places is broken in one. */
export const MAX_DIAGNOSTICS = 200;

/** The first letter of a file's codes: workflows, connectors, frontdesk.yaml. */
export type FileLetter = "W" | "C" | "F";

/** Where a key and its value stand. An item of a list has no key; both are its own place. */
export interface Place {
  key: Position;
  value: Position;
}

export interface YamlFile {
  readonly file: string;
  readonly letter: FileLetter;
  readonly source: string;
  readonly diagnostics: Diagnostic[];
  readonly places: Map<string, Place>;
  /** Offsets, from and to, of text that has been reported as a whole. */
  readonly spoiled: [number, number][];
}

export interface OpenedYaml {
  yaml: YamlFile;
  /** null where the file cannot be read at all, or is empty; the diagnostics say why. */
  root: Node | null;
}

/** Opens a file. `number` of a code is the same for every kind of file: W002, C002 and F002 all mean missing quotes. */
export function openYaml(source: string, options: { file: string; letter: FileLetter }): OpenedYaml {
  const yaml: YamlFile = { ...options, source, diagnostics: [], places: new Map(), spoiled: [] };
  if (source.length > MAX_FILE_CHARACTERS) {
    report(yaml, {
      at: 0,
      number: "001",
      message: `the file has ${source.length} characters; ${MAX_FILE_CHARACTERS} are read at most`,
    });
    return { yaml, root: null };
  }
  try {
    // "error": with "silent" the library would pass over a second document.
    const document = parseDocument(source, { version: "1.2", schema: "core", prettyErrors: false, logLevel: "error" });
    const readable = reportErrors(yaml, document.errors);
    if (!refuseNodes(yaml, document.contents) || !readable) return { yaml, root: null };
    if (document.contents === null || isNothing(document.contents)) {
      report(yaml, { at: 0, number: "001", message: "the file is empty" });
      return { yaml, root: null };
    }
    return { yaml, root: document.contents };
  } catch (error) {
    // Thousands of brackets in a row exhaust the library's stack.
    if (!(error instanceof RangeError)) throw error;
    report(yaml, { at: 0, number: "001", message: "the file is nested too deeply to be read" });
    return { yaml, root: null };
  }
}

/** Adds a diagnostic. `at` is an offset or a place that is known already; `number` follows the file's letter. */
export function report(
  yaml: YamlFile,
  fault: { at: number | Position; number: string; message: string; severity?: "warning" },
): void {
  if (yaml.diagnostics.length >= MAX_DIAGNOSTICS) return;
  const place = typeof fault.at === "number" ? positionAt(yaml.source, fault.at) : fault.at;
  const full = yaml.diagnostics.length === MAX_DIAGNOSTICS - 1;
  yaml.diagnostics.push({
    file: yaml.file,
    ...place,
    code: `${yaml.letter}${full ? "001" : fault.number}`,
    severity: fault.severity ?? "error",
    message: full ? `more than ${MAX_DIAGNOSTICS} faults; mend the first ones and check again` : fault.message,
  });
}

export function isSpoiled(yaml: YamlFile, node: Node): boolean {
  const start = node.range?.[0] ?? 0;
  return yaml.spoiled.some(([from, to]) => start >= from && start <= to);
}

/** Nothing written: `key:` and `key: ~` alike. */
export function isNothing(node: Node | null): boolean {
  return node === null || (isScalar(node) && node.value === null);
}

/** Maps offsets into a scalar's value to the file. */
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

/** False where the rest of the file cannot be trusted to be what its author meant. */
function reportErrors(yaml: YamlFile, errors: readonly YAMLError[]): boolean {
  const lines = new Set<number>();
  for (const error of errors) {
    const { line } = positionAt(yaml.source, error.pos[0]);
    if (lines.has(line)) continue;
    lines.add(line);
    if (error.code === "DUPLICATE_KEY") reportDuplicate(yaml, error.pos[0]);
    else if (!reportMissingQuotes(yaml, error)) {
      report(yaml, { at: error.pos[0], number: "001", message: wordsFor(error) });
      // Whatever the library complains about after this is most likely an echo of it.
      return false;
    }
  }
  return true;
}

function reportDuplicate(yaml: YamlFile, at: number): void {
  const key = /^[^:\n]*/.exec(yaml.source.slice(at))?.[0].trim() ?? "";
  report(yaml, { at, number: "004", message: `the key ${key} stands here twice` });
}

const QUOTABLE: ReadonlySet<string> = new Set(["BLOCK_AS_IMPLICIT_KEY", "BAD_SCALAR_START", "UNEXPECTED_TOKEN"]);

/** The commonest fault of all, in our own words: a text with `: ` or `{{` in it that is not quoted. */
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

/** Refuses what no file of ours needs. False where it is too deep to walk. */
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
    if (!isNode(node) || isSpoiled(yaml, node)) return undefined;
    return refuse(yaml, node) ? visit.SKIP : undefined;
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

/** Where the mark stands that belongs to a node, on its line or the one above. */
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
