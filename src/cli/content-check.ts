import type { ChannelAdapter } from "../channel/adapter.ts";
import type { Capabilities } from "../channel/capabilities.ts";
import type { AdapterRegistry } from "../channel/registry.ts";
import type { Environment } from "../config.ts";
import { type Compiled, compileContent } from "../content/compile.ts";
import { parseSettings, SETTINGS_FILE } from "../content/settings.ts";
import { readEntry } from "./channel-config.ts";

interface Given {
  adapters: AdapterRegistry;
  env: Environment;
}

/** Compiles the texts of a content folder. Secrets need not be here: what depends on them is then not looked at. */
export async function compileTexts(files: Readonly<Record<string, string>>, given: Given): Promise<Compiled> {
  const { settings } = parseSettings(files[SETTINGS_FILE] ?? "");
  const named = new Set(Object.values(settings?.channels ?? {}).map(({ adapter }) => adapter));
  const loaded = await loadNamed(named, given.adapters);
  return compileContent(files, {
    adapters: Object.keys(given.adapters),
    capabilities: ({ adapter, entry }) => {
      const found = loaded.get(adapter);
      return found === undefined ? null : capabilitiesOf(found, entry, given.env);
    },
  });
}

/** Loads those of the named adapters that exist. */
export async function loadNamed(
  names: ReadonlySet<string>,
  adapters: AdapterRegistry,
): Promise<ReadonlyMap<string, ChannelAdapter>> {
  const known = Object.entries(adapters).filter(([name]) => names.has(name));
  return new Map(await Promise.all(known.map(async ([name, load]) => [name, await load()] as const)));
}

/** What a channel can show. Throws Error with what its adapter finds wrong. */
export function capabilitiesOf(adapter: ChannelAdapter, entry: unknown, env: Environment): Capabilities {
  const { config, faults } = readEntry(adapter, entry, env);
  if (faults.length > 0) throw new Error(faults.join("; "));
  return adapter.capabilities(config);
}
