/** Diagnostics as people, machines and pull requests read them. */
import type { Diagnostic } from "../language/diagnostic.ts";

/** `file:line:column CODE message`, one line. */
export function formatDiagnostic(diagnostic: Diagnostic): string {
  const { file, line, column, code, severity, message } = diagnostic;
  return `${file}:${line}:${column} ${code} ${severity === "warning" ? "warning: " : ""}${toOneLine(message)}`;
}

/** Our own: what fits a terminal beside the line's number. */
const EXCERPT_CHARACTERS = 100;

/** The same with the line it is about and a caret under the place. `source` is the file's text, where there is one. */
export function formatWithExcerpt(diagnostic: Diagnostic, source: string | undefined): string {
  const line = source?.split(/\r?\n/)[diagnostic.line - 1];
  if (line === undefined || line.trim() === "") return formatDiagnostic(diagnostic);
  const from = Math.max(0, diagnostic.column - 1 - EXCERPT_CHARACTERS / 2);
  const shown = line.slice(from, from + EXCERPT_CHARACTERS).replaceAll("\t", " ");
  const margin = `${String(diagnostic.line).padStart(5)} | `;
  const caret = `${" ".repeat(5)} | ${" ".repeat(Math.min(diagnostic.column - 1, line.length) - from)}^`;
  return `${formatDiagnostic(diagnostic)}\n${margin}${shown}\n${caret}`;
}

/** A JSON array of diagnostics, as they are. */
export function formatJson(diagnostics: readonly Diagnostic[]): string {
  return JSON.stringify(diagnostics, null, 2);
}

/** A GitHub workflow command, which shows at the line in a pull request. https://docs.github.com/actions (workflow commands) */
export function formatGithub({ file, line, column, code, severity, message }: Diagnostic): string {
  const properties = `file=${escapeProperty(file)},line=${line},col=${column},title=${escapeProperty(code)}`;
  return `::${severity} ${properties}::${escapeData(message)}`;
}

const escapeData = (text: string): string =>
  text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
const escapeProperty = (text: string): string => escapeData(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
const toOneLine = (text: string): string => text.replaceAll(/\s*\r?\n\s*/g, " ");
