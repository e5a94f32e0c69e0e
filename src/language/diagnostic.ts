/** A fault in a file that an admin wrote: its place (counted from 1), a stable code, and a message with the fix. */
export interface Diagnostic {
  file: string;
  line: number;
  column: number;
  /** `W…` workflow files, `C…` connector files, `F…` frontdesk.yaml, `P…` procedures, `S…` scenarios, `T…` advice; see docs of `frontdesk check`. */
  code: string;
  severity: "error" | "warning";
  message: string;
}

export interface Position {
  line: number;
  column: number;
}

/** Sorts diagnostics by file, then by place and code. */
export function inFileOrder(a: Diagnostic, b: Diagnostic): number {
  if (a.file !== b.file) return a.file < b.file ? -1 : 1;
  return a.line - b.line || a.column - b.column || (a.code < b.code ? -1 : 1);
}
