import type { ChannelAdapter } from "../adapter/adapter.ts";
import type { AdapterRegistry } from "../adapter/registry.ts";
import { compileOptions } from "../compose/channels.ts";
import { type Compiled, type CompiledContent, compileContent } from "../content/compile.ts";
import { CONTENT_FOLDERS, isContentName, SCENARIO_FOLDER } from "../content/folders.ts";
import { type ReadFolder, readContent } from "../content/read.ts";
import { parseSettings, SETTINGS_FILE } from "../content/settings.ts";
import { type CheckedScenarios, checkScenarios } from "../simulation/check.ts";
import type { ScenarioWorld } from "../simulation/names.ts";

/** All folders that `check` reads. */
export const FOLDERS: readonly string[] = [...CONTENT_FOLDERS, SCENARIO_FOLDER];

/** Reads a home folder with its scenarios. */
export const readHome = (home: string): Promise<ReadFolder> => readContent(home, FOLDERS);

/** Compiles the texts of a content folder, loading only the adapters it names. Works without its secrets. */
export async function compileTexts(
  files: Readonly<Record<string, string>>,
  adapters: AdapterRegistry,
): Promise<Compiled> {
  const { settings } = parseSettings(files[SETTINGS_FILE] ?? "");
  const named = new Set(Object.values(settings?.channels ?? {}).map(({ adapter }) => adapter));
  const loaded = await loadNamed(named, adapters);
  return compileContent(files, { ...compileOptions(loaded), adapters: Object.keys(adapters) });
}

/** Loads the named adapters, skipping names that do not exist. */
export async function loadNamed(
  names: ReadonlySet<string>,
  adapters: AdapterRegistry,
): Promise<ReadonlyMap<string, ChannelAdapter>> {
  const known = Object.entries(adapters).filter(([name]) => names.has(name));
  return new Map(await Promise.all(known.map(async ([name, load]) => [name, await load()] as const)));
}

/** Checks the texts of a home folder, scenarios included. */
export async function checkFiles(
  files: Readonly<Record<string, string>>,
  adapters: AdapterRegistry,
): Promise<Compiled & Pick<CheckedScenarios, "scenarios">> {
  const compiled = await compileTexts(files, adapters);
  const written = Object.entries(files).filter(([path]) => isScenario(path));
  const { scenarios, diagnostics } = checkScenarios(
    written,
    compiled.content === null ? null : worldOf(compiled.content),
  );
  return { ...compiled, scenarios, diagnostics: [...compiled.diagnostics, ...diagnostics] };
}

const isScenario = (path: string): boolean =>
  path.startsWith(`${SCENARIO_FOLDER}/`) && isContentName(SCENARIO_FOLDER, path.slice(SCENARIO_FOLDER.length + 1));

const worldOf = ({ settings, workflows, procedures, connectors }: CompiledContent): ScenarioWorld => ({
  channels: Object.keys(settings.channels),
  queues: Object.keys(settings.queues),
  workflows: workflows.map(({ id }) => id),
  procedures,
  connectors,
});
