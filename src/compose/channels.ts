/** The configured channels: their adapters loaded, their secrets resolved, their configuration checked. */
import type { ChannelAdapter } from "../channel/adapter.ts";
import type { Capabilities } from "../channel/capabilities.ts";
import { type AdapterRegistry, loadAdapter } from "../channel/registry.ts";
import type { Environment } from "../config.ts";
import type { CompileOptions } from "../content/compile.ts";
import type { ChannelSettings } from "../content/settings.ts";
import type { OpenChannel } from "../inbound/webhook.ts";
import { resolveSecrets } from "../lib/secret.ts";

/** Every adapter there is, by name: content is checked against what they can show. */
export async function loadAdapters(registry: AdapterRegistry): Promise<ReadonlyMap<string, ChannelAdapter>> {
  const names = Object.keys(registry);
  const loaded = await Promise.all(names.map((name) => loadAdapter(registry, name)));
  return new Map(names.map((name, at) => [name, loaded[at] as ChannelAdapter]));
}

/** What `compileContent` asks of the adapters. Secrets need not be there: what a channel can show does not depend on them. */
export function compileOptions(adapters: ReadonlyMap<string, ChannelAdapter>): CompileOptions {
  return {
    adapters: [...adapters.keys()],
    capabilities: ({ adapter, entry }): Capabilities | null => adapters.get(adapter)?.capabilities(entry) ?? null,
  };
}

/** A channel that can't be opened, with every reason. */
export class ChannelFault extends Error {
  override readonly name = "ChannelFault";
}

/** Reads every channel's configuration with its secrets in place. Throws one ChannelFault that names all faults. */
export function readChannels(
  settings: Readonly<Record<string, ChannelSettings>>,
  o: { adapters: ReadonlyMap<string, ChannelAdapter>; env: Environment },
): ReadonlyMap<string, OpenChannel> {
  const faults: string[] = [];
  const open = new Map<string, OpenChannel>();
  for (const channel of Object.values(settings)) {
    const adapter = o.adapters.get(channel.adapter);
    const resolved = resolveSecrets(channel.entry, { env: o.env });
    if (adapter === undefined) faults.push(`channels.${channel.name}: there is no adapter “${channel.adapter}”`);
    else if (!resolved.ok) faults.push(...resolved.fault.map((fault) => `channels.${channel.name}.${wordsOf(fault)}`));
    else configure(channel, { adapter, entry: resolved.value, open, faults });
  }
  if (faults.length > 0) throw new ChannelFault(`frontdesk.yaml can't be used as it is:\n  ${faults.join("\n  ")}`);
  return open;
}

interface Configured {
  adapter: ChannelAdapter;
  entry: unknown;
  open: Map<string, OpenChannel>;
  faults: string[];
}

function configure({ name }: ChannelSettings, { adapter, entry, open, faults }: Configured): void {
  try {
    open.set(name, { adapter, config: adapter.config.parse(entry) });
  } catch (error) {
    faults.push(...issuesOf(error).map((issue) => `channels.${name}${issue}`));
  }
}

/** A zod error's issues, each with the field it is about; anything else is one issue. */
function issuesOf(error: unknown): string[] {
  const issues = (error as { issues?: { path: PropertyKey[]; message: string }[] }).issues;
  if (issues === undefined) return [`: ${error instanceof Error ? error.message : String(error)}`];
  return issues.map(({ path, message }) => `${path.map((key) => `.${String(key)}`).join("")}: ${message}`);
}

const wordsOf = (fault: { at: string; problem: string }): string => `${fault.at}: ${fault.problem}`;
