import type { SetupFinding } from "../../adapter/adapter.ts";
import { readEntry } from "../../compose/channel-entry.ts";
import type { Config, Environment } from "../../config.ts";
import { readContent } from "../../content/read.ts";
import { type ChannelSettings, parseSettings, SETTINGS_FILE } from "../../content/settings.ts";
import { loadNamed } from "../content-check.ts";
import { placementOf } from "../placement.ts";
import type { World } from "../world.ts";
import { type Finding, fine, problem, warning } from "./finding.ts";

/** Time-out for a platform's answers. */
const WITHIN_MS = 20_000;

interface Given {
  config: Config;
  env: Environment;
  world: World;
}

/** Runs each adapter's own setup check. Channels with faulty secrets or entries are skipped; other checks report them. */
export async function checkChannels({ config, env, world }: Given): Promise<Finding[]> {
  const { files } = await readContent(config.home);
  const { settings } = parseSettings(files[SETTINGS_FILE] ?? "");
  if (settings === null) return [];
  const channels = Object.values(settings.channels);
  const adapters = await loadNamed(new Set(channels.map(({ adapter }) => adapter)), world.adapters);
  const one = async ({ name, adapter: wanted, entry }: ChannelSettings): Promise<Finding[]> => {
    const adapter = adapters.get(wanted);
    if (adapter?.setup?.checkSetup === undefined) return [];
    const read = readEntry(adapter, entry, env);
    if (read.missing.length > 0 || read.faults.length > 0) return [];
    const signal = AbortSignal.timeout(WITHIN_MS);
    const found = await adapter.setup.checkSetup(read.config, { ...placementOf(settings, name, config), signal });
    return found.map((finding) => findingOf(name, finding));
  };
  return (await Promise.all(channels.map(one))).flat();
}

function findingOf(name: string, found: SetupFinding): Finding {
  const message = `channel ${name}: ${found.message}`;
  switch (found.level) {
    case "fine":
      return fine("channels", message);
    case "warning":
      return warning("channels", message, found.fix);
    case "problem":
      return problem("channels", message, found.fix);
  }
}
