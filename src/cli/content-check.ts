import type { ChannelAdapter } from "../adapter/adapter.ts";
import type { AdapterRegistry } from "../adapter/registry.ts";
import { compileOptions } from "../compose/channels.ts";
import { type Compiled, compileContent } from "../content/compile.ts";
import { parseSettings, SETTINGS_FILE } from "../content/settings.ts";

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
