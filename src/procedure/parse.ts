/**
 * Reads a procedure: a Markdown file that begins with front matter in YAML.
 *
 * 1. Any text gives a procedure, or diagnostics of all its faults; nothing is thrown.
 * 2. Whatever is in code font or in the front matter was checked, against types and names, when a procedure comes out.
 */
import { type Diagnostic, inFileOrder } from "../language/diagnostic.ts";
import { didYouMean } from "../language/suggest.ts";
import {
  type Entry,
  fault,
  readFields,
  readListOrOne,
  readName,
  readOneOf,
  readText,
  rootEntry,
} from "../language/yaml-entry.ts";
import {
  isFull,
  MAX_FILE_CHARACTERS,
  openYaml,
  report,
  type SourceRange,
  type YamlFile,
} from "../language/yaml-file.ts";
import type { BodyReading } from "./body-reading.ts";
import type { Procedure, ProcedureFieldType } from "./definition.ts";
import { frontMatterOf } from "./front-matter.ts";
import { type Connectors, type Head, optional } from "./head.ts";
import { PROCEDURE_KEYS } from "./keys.ts";
import { parseMarkdown } from "./markdown.ts";
import { readProcedureFields, sameType } from "./parse-fields.ts";
import { DEFAULT_LIMITS, EVERYONE, readAudience, readEscalations, readLimits, readTrigger } from "./parse-head.ts";
import { type ReadSteps, readSteps, resolveLinks } from "./parse-steps.ts";
import { readOperations, readTypes, returnedTypes } from "./parse-types.ts";
import { readUses } from "./parse-uses.ts";
import { scopeOf } from "./scope.ts";

export interface ParsedProcedure {
  /** null if the file has a fault of severity error. */
  procedure: Procedure | null;
  /** The parts that could be read in spite of faults. Only for checks, never to be run. */
  partial: Procedure | null;
  diagnostics: readonly Diagnostic[];
  /** Positions of the front matter's keys and values by path ("trigger.examples.0"). */
  places: ReadonlyMap<string, SourceRange>;
}

/** Reads one file. Connectors are those of the same folder. The version is "" until the folder is known. */
export function parse(source: string, file: string, connectors: Connectors = {}): ParsedProcedure {
  const { yaml, partial } = readFile(source, file, connectors);
  const faulty = yaml.diagnostics.some(({ severity }) => severity === "error");
  return {
    procedure: faulty ? null : partial,
    partial,
    diagnostics: yaml.diagnostics.toSorted(inFileOrder),
    places: yaml.places,
  };
}

function readFile(source: string, file: string, connectors: Connectors): { yaml: YamlFile; partial: Procedure | null } {
  const bounds = frontMatterOf(source.slice(0, MAX_FILE_CHARACTERS));
  const { yaml, root } = openYaml(source, { file, letter: "P", end: bounds?.end ?? 0 });
  if (source.length > MAX_FILE_CHARACTERS) return { yaml, partial: null };
  if (bounds === null) {
    const message = "a procedure begins with front matter: a line ---, keys such as id: and trigger:, and a line ---";
    return { yaml: { ...yaml, diagnostics: [faultAt(file, "P001", message)] }, partial: null };
  }
  // Behind a text without its quotes the library reads other keys than those that were meant.
  if (root === null || yaml.diagnostics.some(({ code }) => code === "P002")) return { yaml, partial: null };
  return { yaml, partial: readProcedure(rootEntry(yaml, root), { connectors, bodyStart: bounds.bodyStart }) };
}

const faultAt = (file: string, code: string, message: string): Diagnostic => ({
  file,
  line: 1,
  column: 1,
  code,
  severity: "error",
  message,
});

function readProcedure(entry: Entry, o: { connectors: Connectors; bodyStart: number }): Procedure | null {
  const { yaml } = entry;
  const keys = readFields(entry, PROCEDURE_KEYS);
  if (keys === null) return null;
  const read = <Value>(key: string, how: (field: Entry) => Value | null): Value | null => optional(keys, key, how);
  const operations = read("connectors", (field) => readOperations(field, o.connectors)) ?? new Map();
  const types = { ...returnedTypes(operations), ...read("types", readTypes) };
  const raw = read("fields", (field) => readProcedureFields(field, { operations, types }));
  const scope = scopeOf({
    fields: Object.values(raw?.fields ?? {}),
    broken: raw?.broken ?? [],
    operations: operations.keys(),
  });
  const fields = raw?.questions(scope) ?? {};
  const head: Head = { operations, types, fields, broken: raw?.broken ?? new Set(), scope };
  const id = read("id", (field) => readName(field, "an id")) ?? "";
  const title = read("title", readText);
  const status: Procedure["status"] = read("status", (field) => readOneOf(field, ["draft", "live"])) ?? "live";
  const front = {
    owner: read("owner", readText) ?? "",
    trigger: read("trigger", readTrigger) ?? { when: "", notWhen: "", examples: [], counterExamples: [] },
    audience: read("audience", readAudience) ?? EVERYONE,
    uses: readUses(operations, scope),
    escalate: read("escalate", (field) => readEscalations(field, scope)) ?? [],
    limits: read("limits", readLimits) ?? DEFAULT_LIMITS,
  };
  const reading: BodyReading = { yaml, head, code: new Map(), blocks: new Set(), compiled: 0 };
  const page = readBody(reading, o.bodyStart);
  const body = page ?? NOTHING;
  const strict = read("strict", (field) => (page === null ? [] : readStrict(field, body))) ?? [];
  const code = Object.fromEntries(reading.code);
  const text = { intro: body.intro, steps: body.steps, code, file: yaml.file, source: yaml.source, version: "" };
  if (page !== null) checkBlocks(reading);
  return { id, title: title ?? (body.title || id), status, ...front, fields, types, strict, ...text };
}

const NOTHING: ReadSteps = { title: "", intro: [], steps: [] };

/** Reads the page; null if it can't be read, so that nothing is said to be missing in it. */
function readBody(reading: BodyReading, from: number): ReadSteps | null {
  const { yaml } = reading;
  if (isFull(yaml)) return null;
  const markdown = parseMarkdown(yaml.source, from);
  if (!("nodes" in markdown)) {
    report(yaml, { at: markdown.at, number: "001", message: markdown.message });
    return null;
  }
  const body = readSteps(markdown.nodes, reading);
  if (body.steps.length === 0)
    report(yaml, {
      at: from,
      number: "020",
      message: "a procedure has steps; each begins with a heading like ## Cancel",
    });
  resolveLinks(body, reading);
  return body;
}

function readStrict(entry: Entry, { steps }: ReadSteps): readonly string[] {
  const ids = steps.map(({ id }) => id);
  return (readListOrOne(entry) ?? []).flatMap((item) => {
    const id = readText(item);
    if (id === null || ids.includes(id)) return id ?? [];
    fault(item, "105", `there is no step #${id}${didYouMean(id, ids)}`);
    return [];
  });
}

/** Reports fields from code blocks that are not there, or that return something else. */
function checkBlocks({ yaml, head, code, blocks }: BodyReading): void {
  for (const { name, type, from, position } of Object.values(head.fields)) {
    if (from.kind !== "code") continue;
    const at = yaml.places.get(`fields.${name}.from`)?.value ?? position;
    const block = code.get(from.block);
    if (!blocks.has(from.block))
      report(yaml, {
        at,
        number: "110",
        message: `there is no code block ${from.block}${didYouMean(from.block, blocks)}`,
      });
    else if (block !== undefined && !sameType(type, block.returns))
      report(yaml, {
        at,
        number: "112",
        message: `${from.block} returns ${block.returns}, which is no ${typeName(type)}`,
      });
  }
}

const typeName = (type: ProcedureFieldType): string => (type.kind === "named" ? type.name : type.kind);
