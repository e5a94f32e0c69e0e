export type FileKind =
  | { kind: "media"; type: string }
  /** A document that is a ZIP file, and the names in it. */
  | { kind: "package"; type: string; names: readonly string[] }
  | { kind: "program" }
  /** A document that runs code when it is opened. */
  | { kind: "macros" }
  /** Several files in one: the names in a ZIP file; null where it can't be looked into. */
  | { kind: "archive"; names: readonly string[] | null }
  | { kind: "html" }
  /** `type`: null where it is text of no form that we know. */
  | { kind: "text"; type: string | null }
  | { kind: "unknown" };
