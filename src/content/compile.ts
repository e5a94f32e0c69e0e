/** Checks and compiles the texts of a content folder. Pure except for the hash. */
import type { Capabilities } from "../adapter/capabilities.ts";
import { type ParsedManifest, parseManifest } from "../connector/manifest.ts";
import type { ConnectorManifest } from "../domain/connector-schema.ts";
import { type Diagnostic, inFileOrder, type Position } from "../language/diagnostic.ts";
import { didYouMean } from "../language/suggest.ts";
import type { Procedure } from "../procedure/definition.ts";
import type { ParsedProcedure } from "../procedure/parse.ts";
import { callsOf } from "../workflow/calls.ts";
import type { Workflow } from "../workflow/definition.ts";
import { lint } from "../workflow/lint.ts";
import type { LintWorld } from "../workflow/lint-subject.ts";
import { type Parsed, parse } from "../workflow/parse.ts";
import { compiledProcedures, parseProcedures, procedureFaults } from "./compile-procedures.ts";
import { isContentName } from "./folders.ts";
import { contentHash } from "./hash.ts";
import { type ChannelSettings, type ParsedSettings, parseSettings, SETTINGS_FILE, type Settings } from "./settings.ts";
import { listsWithoutConnector, unlistedSecrets } from "./unlisted-secrets.ts";

/** A content folder, checked and compiled. */
export interface CompiledContent {
  hash: string;
  settings: Settings;
  /** Sorted by priority, then by file name: the order in which they are offered an event. */
  workflows: readonly Workflow[];
  procedures: readonly Procedure[];
  connectors: Readonly<Record<string, ConnectorManifest>>;
}

export interface Compiled {
  /** null when any file has an error. */
  content: CompiledContent | null;
  diagnostics: readonly Diagnostic[];
}

export interface CompileContentOptions {
  /** Returns a channel's capabilities; null when there is no such adapter. A throw is a fault of the entry. */
  capabilities: (channel: {
    name: string;
    adapter: string;
    entry: Readonly<Record<string, unknown>>;
  }) => Capabilities | null;
  /** Names of adapters, for "did you mean". */
  adapters?: readonly string[];
  /**
   * True for the files of a stored release, perhaps of an older version: it has to load although its frontdesk.yaml may
   * list no secrets. An unlisted secret is refused when a call needs it.
   */
  stored?: boolean;
  /** True when the adapter's platform is our own page, which shows only the cases of its own channels. */
  ownPage?: (adapter: string) => boolean;
}

/** Compiles the files of a folder by path. Reports all faults of all files at once. */
export function compileContent(files: Readonly<Record<string, string>>, options: CompileContentOptions): Compiled {
  const settings = readSettings(files);
  const manifests = filesIn(files, "connectors").map(([path, source]) => parseManifest(source, path));
  const parsed = filesIn(files, "workflows").map(([path, source]) => parse(source, path));
  const channels =
    settings.settings === null ? { known: {}, diagnostics: [] } : checkChannels(settings.settings, options);
  const connectors = connectorsOf(manifests);
  const procedures = parseProcedures(filesIn(files, "procedures"), connectors);
  const world = worldOf(settings.settings, { connectors, parsed, procedures, channels: channels.known });
  const complete = settings.settings !== null && manifests.every(({ manifest }) => manifest !== null);
  const diagnostics = [
    ...settings.diagnostics,
    ...channels.diagnostics,
    ...(settings.settings === null ? [] : unseenCases(settings.settings, options)),
    ...manifests.flatMap((one) => one.diagnostics),
    ...(settings.settings === null || options.stored === true ? [] : unlistedSecrets(manifests, settings.settings)),
    ...(settings.settings === null || !complete ? [] : listsWithoutConnector(manifests, settings.settings)),
    ...parsed.flatMap((one) => one.diagnostics),
    ...duplicateIds(
      manifests.flatMap(({ manifest, idAt }) => (manifest === null ? [] : [{ ...manifest, at: idAt }])),
      "C121",
    ),
    ...duplicateIds(
      parsed.flatMap(({ partial }) =>
        partial === null ? [] : [{ ...partial, at: partial.places.get("id")?.value ?? START }],
      ),
      "W121",
    ),
    ...duplicateIds(
      procedures.flatMap(({ partial, places }) =>
        partial === null ? [] : [{ ...partial, at: places.get("id")?.value ?? START }],
      ),
      "P121",
    ),
    ...parsed.flatMap((one) => lintOne(one, { world, complete, parsed, procedures })),
    ...procedureFaults(procedures, {
      world: { ...world, workflows: world.workflows.map(({ id }) => id), channels: Object.keys(channels.known) },
      complete,
      workflowsComplete: parsed.every(({ workflow }) => workflow !== null),
    }),
  ].toSorted(inFileOrder);
  if (settings.settings === null || diagnostics.some(({ severity }) => severity === "error"))
    return { content: null, diagnostics };
  const workflows = parsed.flatMap(({ workflow }) => workflow ?? []).toSorted(byPriority);
  const content = {
    hash: contentHash(files),
    settings: settings.settings,
    workflows,
    procedures: compiledProcedures(procedures, manifests, files),
    connectors,
  };
  return { content, diagnostics };
}

function readSettings(files: Readonly<Record<string, string>>): ParsedSettings {
  const source = files[SETTINGS_FILE];
  if (source !== undefined) return parseSettings(source);
  const message = "frontdesk.yaml is missing; it names the channels, the desk and the queues";
  return {
    settings: null,
    diagnostics: [{ file: SETTINGS_FILE, line: 1, column: 1, code: "F001", severity: "error", message }],
  };
}

function filesIn(files: Readonly<Record<string, string>>, folder: string): [string, string][] {
  const within = `${folder}/`;
  const paths = Object.keys(files).filter(
    (path) => path.startsWith(within) && isContentName(folder, path.slice(within.length)),
  );
  return paths.toSorted().map((path) => [path, files[path] ?? ""]);
}

interface KnownChannels {
  known: Record<string, Capabilities>;
  diagnostics: Diagnostic[];
}

function checkChannels(settings: Settings, { capabilities, adapters = [] }: CompileContentOptions): KnownChannels {
  const found: KnownChannels = { known: {}, diagnostics: [] };
  for (const { name, adapter, entry, position } of Object.values(settings.channels)) {
    const refuse = (code: string, message: string): void => {
      found.diagnostics.push({ file: SETTINGS_FILE, ...position, code, severity: "error", message });
    };
    try {
      const can = capabilities({ name, adapter, entry });
      if (can === null)
        refuse("F107", `there is no adapter "${adapter}" for the channel ${name}${didYouMean(adapter, adapters)}`);
      else found.known[name] = can;
    } catch (error) {
      refuse("F108", `the channel ${name} is misconfigured: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  return found;
}

/** Lists channels whose cases no desk shows: the desk is on our own page, which shows only its own channels. */
export function unseenChannels(
  { channels, desk }: Settings,
  { ownPage = () => false }: Pick<CompileContentOptions, "ownPage">,
): ChannelSettings[] {
  return ownPage(desk.adapter) ? Object.values(channels).filter(({ adapter }) => !ownPage(adapter)) : [];
}

function unseenCases(settings: Settings, options: CompileContentOptions): Diagnostic[] {
  const { adapter } = settings.desk;
  return unseenChannels(settings, options).map(({ name, position }) => {
    const message = `nobody sees the cases of ${name}: desk: is on ${adapter}, whose page shows only its own channels; they are stored, and appear once desk: names another platform, such as Slack`;
    return { file: SETTINGS_FILE, ...position, code: "F110", severity: "warning", message };
  });
}

interface Read {
  connectors: Readonly<Record<string, ConnectorManifest>>;
  parsed: readonly Parsed[];
  procedures: readonly ParsedProcedure[];
  channels: Readonly<Record<string, Capabilities>>;
}

const connectorsOf = (manifests: readonly ParsedManifest[]): Readonly<Record<string, ConnectorManifest>> =>
  Object.fromEntries(manifests.flatMap(({ manifest }) => (manifest === null ? [] : [[manifest.id, manifest]])));

function worldOf(settings: Settings | null, { connectors, parsed, procedures, channels }: Read): LintWorld {
  return {
    queues: Object.keys(settings?.queues ?? {}),
    connectors,
    workflows: parsed.flatMap(({ partial }) => partial ?? []),
    channels,
    procedures: procedures.flatMap(({ partial }) => partial ?? []),
  };
}

interface LintContext {
  world: LintWorld;
  /** True when the settings and all connectors could be read. */
  complete: boolean;
  parsed: readonly Parsed[];
  procedures: readonly ParsedProcedure[];
}

/** Lints one workflow, without consequences of other files' faults, such as a queue of an unreadable frontdesk.yaml. */
function lintOne(one: Parsed, { world, complete, parsed, procedures }: LintContext): readonly Diagnostic[] {
  if (one.partial === null) return [];
  const whole = parsed.every(({ workflow }) => workflow !== null);
  const hidden = new Set([
    ...(complete ? [] : ["W101", "W102", "W106"]),
    ...(whole ? [] : ["W104"]),
    ...(procedures.every(({ procedure }) => procedure !== null) ? [] : ["W123"]),
  ]);
  const partial = one.workflow === null || (!whole && sharesValues(one.partial, parsed));
  return lint(one.partial, world, { partial }).filter(({ code }) => !hidden.has(code));
}

/** True when a workflow may get values from others: it calls one, is called, or an unreadable file may call it. */
function sharesValues(workflow: Workflow, parsed: readonly Parsed[]): boolean {
  if (callsOf(workflow).length > 0) return true;
  return parsed.some(({ partial }) => partial === null || callsOf(partial).includes(workflow.id));
}

const START: Position = { line: 1, column: 1 };

function duplicateIds(all: readonly { id: string; file: string; at: Position }[], code: string): Diagnostic[] {
  const first = new Map<string, string>();
  return all.flatMap(({ id, file, at }): Diagnostic[] => {
    const before = first.get(id);
    first.set(id, before ?? file);
    if (before === undefined || id === "") return [];
    return [{ file, ...at, code, severity: "error", message: `${before} already has the id "${id}"` }];
  });
}

function byPriority(a: Workflow, b: Workflow): number {
  return a.priority - b.priority || (a.file < b.file ? -1 : a.file > b.file ? 1 : 0);
}
