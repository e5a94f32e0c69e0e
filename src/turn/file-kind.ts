export type FileKind =
  | { kind: "media"; type: string }
  /** A document that is a ZIP file, with the names in it. */
  | { kind: "package"; type: string; names: readonly string[] }
  | { kind: "program" }
  /** A document that runs code when it is opened. */
  | { kind: "macros" }
  /** An archive with the names in it; null where it can't be inspected. */
  | { kind: "archive"; names: readonly string[] | null }
  | { kind: "html" }
  /** `type`: null for text of an unknown type. */
  | { kind: "text"; type: string | null }
  | { kind: "unknown" };
