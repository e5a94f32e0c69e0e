/** Catalogs of the past, for replays: the release and the settings that were in force when a turn was decided (V2). */
import type { ChannelAdapter } from "../adapter/adapter.ts";
import type { Config } from "../config.ts";
import type { ReleasedContent, Releases } from "../content/releases.ts";
import type { Catalog, ChannelShape } from "../turn/core/catalog.ts";
import type { CatalogThen } from "../turn/replay.ts";
import { conversationLink, type DecidedBy, deskRules, fileUrl, releaseOf, shapeWith } from "./catalog.ts";
import { compileOptions } from "./channels.ts";

interface CatalogThenOptions {
  releases: Pick<Releases, "get">;
  adapters: ReadonlyMap<string, ChannelAdapter>;
  /** Today's, for turns of builds that did not store theirs. */
  config: Pick<Config, "publicUrl" | "playground">;
}

/** Finds catalogs of the past. They throw Error where a release does not compile with this program. */
export function createCatalogThen(o: CatalogThenOptions): CatalogThen {
  const released = async (id: number): Promise<ReleasedContent> => {
    const content = await o.releases.get(id);
    if (content !== null) return content;
    throw new Error(`Release ${id} is not stored, or does not compile with this program`);
  };
  return async ({ release, pinned, setting }) => {
    const content = await released(release);
    const live = releaseOf(content);
    const known = new Map([[live.id, live]]);
    for (const id of pinned) if (!known.has(id)) known.set(id, releaseOf(await released(id)));
    const by = (setting as DecidedBy | null) ?? decidedByRelease(content, o);
    const { deskChannel, undoMs, internalHosts } = by;
    return {
      live,
      release: (id) => known.get(id) ?? null,
      channel: (name) => shapeOf(by, o.adapters, name),
      deskChannel,
      undoMs,
      internalHosts,
      link: conversationLink(by),
      fileUrl: fileUrl(by),
    } satisfies Catalog;
  };
}

function shapeOf(by: DecidedBy, adapters: CatalogThenOptions["adapters"], name: string): ChannelShape | null {
  const channel = Object.hasOwn(by.channels, name) ? by.channels[name] : undefined;
  const adapter = channel === undefined ? undefined : adapters.get(channel.adapter);
  if (channel === undefined || adapter === undefined) return null;
  return shapeWith(adapter, channel.can);
}

function decidedByRelease({ settings }: ReleasedContent, { adapters, config }: CatalogThenOptions): DecidedBy {
  const { capabilities } = compileOptions(adapters);
  const channels = Object.fromEntries(
    Object.values(settings.channels).flatMap((channel) => {
      const can = capabilities(channel);
      return can === null ? [] : [[channel.name, { adapter: channel.adapter, can }]];
    }),
  );
  const deskChannel = settings.desk.channel;
  const { publicUrl, playground } = config;
  const rules = deskRules(settings, { can: channels[deskChannel]?.can, publicUrl });
  return { deskChannel, ...rules, publicUrl, playground, channels };
}
