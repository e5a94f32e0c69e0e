/** Opens the configured channels: loads adapters, resolves secrets, checks configuration. */
import type { ChannelAdapter, Deps } from "../adapter/adapter.ts";
import { type AdapterRegistry, loadAdapter } from "../adapter/registry.ts";
import type { Config, Environment } from "../config.ts";
import type { CompileContentOptions } from "../content/compile.ts";
import type { ChannelSettings } from "../content/settings.ts";
import type { OpenChannel } from "../inbound/ingest.ts";
import type { Logger } from "../lib/logger.ts";
import { capabilitiesOf, readEntry } from "./channel-entry.ts";

/** Loads all adapters by name: content is checked against their capabilities. */
export async function loadAdapters(registry: AdapterRegistry): Promise<ReadonlyMap<string, ChannelAdapter>> {
  const names = Object.keys(registry);
  const loaded = await Promise.all(names.map((name) => loadAdapter(registry, name)));
  return new Map(names.map((name, at) => [name, loaded[at] as ChannelAdapter]));
}

/** Options that `compileContent` needs from the adapters. Works without secrets. */
export function compileOptions(adapters: ReadonlyMap<string, ChannelAdapter>): CompileContentOptions {
  return {
    adapters: [...adapters.keys()],
    ownPage: (name) => adapters.get(name)?.ownPage === true,
    capabilities: ({ adapter: name, entry }) => {
      const adapter = adapters.get(name);
      return adapter === undefined ? null : capabilitiesOf(adapter, entry);
    },
  };
}

/** Channels that can't be opened, with all faults. */
class ChannelFault extends Error {
  override readonly name = "ChannelFault";
}

/** Reads every channel's configuration with secrets resolved. Throws one ChannelFault that lists all faults. */
export function readChannels(
  settings: Readonly<Record<string, ChannelSettings>>,
  o: { adapters: ReadonlyMap<string, ChannelAdapter>; env: Environment },
): ReadonlyMap<string, OpenChannel> {
  const faults: string[] = [];
  const open = new Map<string, OpenChannel>();
  for (const { name, adapter: wanted, entry } of Object.values(settings)) {
    const adapter = o.adapters.get(wanted);
    if (adapter === undefined) {
      faults.push(`channels.${name}: there is no adapter “${wanted}”`);
      continue;
    }
    const read = readEntry(adapter, entry, o.env);
    faults.push(...read.missing.map(({ at, ref, problem }) => `channels.${name}.${at}: ${ref} ${problem}`));
    faults.push(...read.faults.map((fault) => `channels.${name}: ${fault}`));
    open.set(name, { adapter, config: read.config });
  }
  if (faults.length > 0) throw new ChannelFault(`frontdesk.yaml can't be used as it is:\n  ${faults.join("\n  ")}`);
  return open;
}

/** Builds the dependencies passed to an adapter. */
export function channelDeps(name: string, o: { config: Pick<Config, "publicUrl">; log: Logger }): Deps {
  const { publicUrl } = o.config;
  const log = o.log.child({ channel: name });
  return publicUrl === null ? { log } : { log, webhookUrl: `${publicUrl}/channels/${name}` };
}
