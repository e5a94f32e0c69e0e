/**
 * Who may import whom: the table of the design, as data. A folder may always import itself; a longer path wins over a
 * shorter one, so `src/turn/core` is not `src/turn`. An entry may also be one file, where only that is meant.
 */
const domain = ["src/domain", "src/lib"];
const stored = ["src/store", "src/jobs", ...domain];
const line = ["src/adapter", ...stored];
const files = ["src/workflow", "src/language", "src/adapter"];

/** Everything that takes part in running, put together by the composition and watched by people. */
const parts = [
  ...line,
  ...files,
  "src/connector",
  "src/content",
  "src/desk",
  "src/inbound",
  "src/outbound",
  "src/turn",
  "src/turn/core",
  "src/metrics",
];
/** What the process was told by its environment. */
const config = ["src/config.ts", "src/environment.ts"];

export const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  "src/lib": [],
  "src/domain": ["src/lib"],
  "src/language": domain,
  "src/adapter": domain,
  "src/store": domain,
  "src/jobs": domain,
  // What was shown and what can be shown are types that a workflow's asking is about.
  "src/workflow": ["src/language", "src/adapter/choice.ts", "src/adapter/capabilities.ts", ...domain],
  "src/turn/core": [...files, ...domain],
  // Manifests are files that admins edit; how calls are made is not content's business.
  "src/content": [
    "src/workflow",
    "src/language",
    "src/adapter/capabilities.ts",
    "src/connector/manifest.ts",
    "src/store",
    ...domain,
  ],
  "src/connector": ["src/language", ...stored],
  "src/inbound": ["src/content", ...line],
  "src/outbound": line,
  "src/desk": line,
  "src/turn": ["src/turn/core", "src/content", "src/connector", ...files, ...line],
  "src/metrics": stored,
  "src/admin": parts,
  "src/environment.ts": ["src/lib"],
  "src/config.ts": ["src/environment.ts", "src/lib"],
  "src/compose": [...parts, ...config, "src/admin"],
  "src/cli": [...parts, ...config, "src/admin", "src/compose"],
  "src/start.ts": [...parts, ...config, "src/admin", "src/compose"],
  "src/main.ts": [...config, "src/cli", "src/start.ts", "channels/index.ts", "examples"],
  channels: ["src/adapter", "src/desk/desk.ts", "src/desk/desk-store.ts", ...domain, "channels/twilio"],
};

/** Decide, and touch nothing: no node, no clock, no chance. */
export const PURE = ["src/domain", "src/language", "src/adapter", "src/workflow", "src/turn/core"];

/** What pure folders may use of npm. */
export const PURE_PACKAGES: ReadonlySet<string> = new Set(["zod", "yaml", "@marcbachmann/cel-js", "liquidjs"]);
