/**
 * The import table: the folders that each folder may import. A folder may always import itself; the longest matching path
 * wins, so `src/turn/core` is not `src/turn`. An entry may also be a single file.
 */
const domain = ["src/domain", "src/lib"];
const stored = ["src/store", "src/jobs", ...domain];
const line = ["src/adapter", ...stored];
const files = ["src/workflow", "src/procedure", "src/language", "src/adapter"];

/** Folders that the composition puts together. */
const parts = [
  ...line,
  ...files,
  "src/connector",
  "src/content",
  "src/desk",
  "src/model",
  "src/inbound",
  "src/outbound",
  "src/sandbox",
  "src/turn",
  "src/turn/core",
  "src/metrics",
];
/** Configuration from the environment. */
const config = ["src/config.ts", "src/environment.ts"];

export const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  "src/lib": [],
  "src/domain": ["src/lib"],
  "src/language": domain,
  "src/adapter": domain,
  "src/store": domain,
  "src/jobs": domain,
  "src/procedure": ["src/language", ...domain],
  // A procedure is a step of a workflow's run: one set of waits, one release, one prompt. Workflow steps use the types of options shown and of capabilities.
  "src/workflow": ["src/procedure", "src/language", "src/adapter/choice.ts", "src/adapter/capabilities.ts", ...domain],
  "src/turn/core": [...files, ...domain],
  // Content reads manifests, but makes no calls.
  "src/content": [
    "src/procedure",
    "src/workflow",
    "src/language",
    "src/adapter/capabilities.ts",
    "src/connector/manifest.ts",
    "src/store",
    ...domain,
  ],
  "src/connector": ["src/language", ...stored],
  "src/model": stored,
  "src/sandbox": domain,
  "src/inbound": ["src/content", ...line],
  "src/outbound": line,
  "src/desk": line,
  "src/turn": ["src/turn/core", "src/content", "src/connector", "src/sandbox", ...files, ...line],
  // Plays conversations through the core; answers come from scenarios.
  "src/simulation": ["src/turn/core", ...files, ...domain],
  "src/metrics": stored,
  "src/admin": parts,
  "src/environment.ts": ["src/lib"],
  "src/config.ts": ["src/environment.ts", "src/lib"],
  "src/compose": [...parts, ...config, "src/admin"],
  "src/cli": [...parts, ...config, "src/admin", "src/compose", "src/simulation"],
  "src/start.ts": [...parts, ...config, "src/admin", "src/compose"],
  "src/main.ts": [...config, "src/cli", "src/start.ts", "channels/index.ts", "examples"],
  channels: ["src/adapter", "src/desk/desk.ts", "src/desk/desk-store.ts", ...domain, "channels/twilio"],
};

/** Pure folders: no Node modules, no clock, no randomness. */
export const PURE = [
  "src/domain",
  "src/language",
  "src/adapter",
  "src/workflow",
  "src/procedure",
  "src/turn/core",
  "src/simulation",
];

/** npm packages that pure folders may use. */
export const PURE_PACKAGES: ReadonlySet<string> = new Set([
  "zod",
  "yaml",
  "@marcbachmann/cel-js",
  "liquidjs",
  "mdast",
  "mdast-util-from-markdown",
]);

/**
 * Floors inside a folder, lowest first: a file may import its own floor and those below it. A floor is a folder, one file, or
 * (with `/*`) the files right in a folder.
 */
export const FLOORS: Readonly<Record<string, readonly string[]>> = {
  "src/turn/core": [
    "src/turn/core/*",
    "src/turn/core/outgoing",
    "src/turn/core/case",
    "src/turn/core/automation",
    "src/turn/core/customer",
    "src/turn/core/operator",
    "src/turn/core/transition.ts",
    "src/turn/core/quarantine.ts",
  ],
  "channels/slack": [
    "channels/slack/*",
    "channels/slack/outbound",
    "channels/slack/desk/view",
    "channels/slack/inbound",
    "channels/slack/desk/directory",
    "channels/slack/desk/thread",
    "channels/slack/desk/interaction",
    "channels/slack/setup",
    "channels/slack/desk/*",
    "channels/slack/index.ts",
  ],
};
