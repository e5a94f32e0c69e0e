/** Compiles the conditions and texts of a procedure, and checks every name and every fixed text in them. */
import { type CompileOptions, compileExpression, type DeclaredFields } from "../language/cel.ts";
import type { Expression, Locate, Template } from "../language/expression.ts";
import { didYouMean } from "../language/suggest.ts";
import { compileTemplate } from "../language/template.ts";
import { type Entry, quoted, readText } from "../language/yaml-entry.ts";
import { locator, report, type YamlFile } from "../language/yaml-file.ts";
import { type Scope, unknownValue } from "./scope.ts";

/** The place of a condition or text in its file. */
export interface SourcePlace {
  yaml: YamlFile;
  locate: Locate;
}

/** One object, because compiling keeps an environment for each. */
const NOTHING_DECLARED: DeclaredFields = {};

export interface CheckOptions extends SourcePlace {
  scope: Scope;
  wanted: NonNullable<CompileOptions["wanted"]>;
  /** Ends the message of a text that cannot be read. */
  hint?: string;
}

/** Compiles a CEL expression; null after reporting every name that is none, or else the first other fault. */
export function checkedExpression(source: string, o: CheckOptions): Expression | null {
  const { yaml, locate, scope, wanted } = o;
  const plain = compileExpression(source, { declared: NOTHING_DECLARED, locate });
  if (!plain.ok) return refuse(o, { ...plain.fault, message: plain.fault.message + (o.hint ?? "") });
  const before = yaml.diagnostics.length;
  checkUses(plain.value, o);
  checkTexts(plain.value, o);
  if (yaml.diagnostics.length > before) return null;
  const typed = compileExpression(source, { declared: scope.declared, wanted, locate });
  return typed.ok ? typed.value : refuse(o, typed.fault);
}

/** Compiles a Liquid text; null after reporting every name that is none, or the fault. */
export function checkedTemplate(source: string, o: SourcePlace & { scope: Scope }): Template | null {
  const compiled = compileTemplate(source, { locate: o.locate });
  if (!compiled.ok) {
    report(o.yaml, {
      at: o.locate(compiled.fault.offset),
      number: compiled.fault.number ?? "012",
      message: compiled.fault.message,
    });
    return null;
  }
  return checkUses(compiled.value, o) ? compiled.value : null;
}

/** Reads a CEL expression from the front matter. */
export function readChecked(entry: Entry, o: { scope: Scope; wanted: "bool" | "any" }): Expression | null {
  const source = readText(entry);
  if (source === null || entry.node === null) return null;
  return checkedExpression(source, { ...o, yaml: entry.yaml, locate: locator(entry.yaml, entry.node) });
}

/** Reads a Liquid text from the front matter. */
export function readCheckedTemplate(entry: Entry, scope: Scope): Template | null {
  const source = readText(entry);
  if (source === null || entry.node === null) return null;
  return checkedTemplate(source, { scope, yaml: entry.yaml, locate: locator(entry.yaml, entry.node) });
}

function refuse({ yaml, locate }: SourcePlace, fault: { offset: number; message: string; number?: string }): null {
  report(yaml, { at: locate(fault.offset), number: fault.number ?? "011", message: fault.message });
  return null;
}

function checkUses({ uses }: Expression | Template, { yaml, scope }: SourcePlace & { scope: Scope }): boolean {
  const unknown = uses.flatMap(({ path, position }) => {
    const message = unknownValue(path, scope);
    return message === null ? [] : [{ at: position, number: "115", message }];
  });
  for (const fault of unknown) report(yaml, fault);
  return unknown.length === 0;
}

/** Reports fixed texts that the enum they are compared with does not have. */
function checkTexts({ comparisons }: Expression, { yaml, scope }: CheckOptions): void {
  for (const { path, text, position } of comparisons) {
    const name = path.join(".");
    const values = scope.enums.get(name);
    if (values === undefined || values.includes(text)) continue;
    const meant = didYouMean(text, values) || `; it can be ${values.join(", ")}`;
    const message = `${quoted(text)} is not a value of ${name}${meant}`;
    report(yaml, { at: position, number: "118", message });
  }
}
