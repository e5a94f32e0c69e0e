/** Formats diagnostics for people, machines and pull requests. */
import type { Diagnostic } from "../language/diagnostic.ts";

/** Formats one line: `file:line:column CODE message`. */
export function formatDiagnostic(diagnostic: Diagnostic): string {
  const { file, line, column, code, severity, message } = diagnostic;
  return `${file}:${line}:${column} ${code} ${severity === "warning" ? "warning: " : ""}${toOneLine(message)}`;
}

/** Our choice: fits a terminal beside the line number. */
const EXCERPT_CHARACTERS = 100;

/** Adds the source line with a caret under the position. `source` is the file's text, if known. */
export function formatWithExcerpt(diagnostic: Diagnostic, source: string | undefined): string {
  const line = source?.split(/\r?\n/)[diagnostic.line - 1];
  if (line === undefined || line.trim() === "") return formatDiagnostic(diagnostic);
  const from = Math.max(0, diagnostic.column - 1 - EXCERPT_CHARACTERS / 2);
  const shown = line.slice(from, from + EXCERPT_CHARACTERS).replaceAll("\t", " ");
  const margin = `${String(diagnostic.line).padStart(5)} | `;
  const caret = `${" ".repeat(5)} | ${" ".repeat(Math.min(diagnostic.column - 1, line.length) - from)}^`;
  return `${formatDiagnostic(diagnostic)}\n${margin}${shown}\n${caret}`;
}

/** Formats diagnostics as a JSON array. */
export function formatJson(diagnostics: readonly Diagnostic[]): string {
  return JSON.stringify(diagnostics, null, 2);
}

/** Formats a GitHub workflow command, shown in a pull request. https://docs.github.com/actions (workflow commands) */
export function formatGithub({ file, line, column, code, severity, message }: Diagnostic): string {
  const properties = `file=${escapeProperty(file)},line=${line},col=${column},title=${escapeProperty(code)}`;
  return `::${severity} ${properties}::${escapeData(message)}`;
}

const escapeData = (text: string): string =>
  text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
const escapeProperty = (text: string): string => escapeData(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
const toOneLine = (text: string): string => text.replaceAll(/\s*\r?\n\s*/g, " ");
