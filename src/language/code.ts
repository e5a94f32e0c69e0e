import type { Diagnostic } from "./diagnostic.ts";

/** A code of faults, with its explanation. */
export interface Code {
  code: string;
  severity: Diagnostic["severity"];
  meaning: string;
  /** One or two lines that have this fault. */
  example: string;
}

/** A code of severity error. */
export const error = (code: string, meaning: string, example: string): Code => ({
  code,
  severity: "error",
  meaning,
  example,
});

/** A code of severity warning. */
export const warning = (code: string, meaning: string, example: string): Code => ({
  code,
  severity: "warning",
  meaning,
  example,
});
