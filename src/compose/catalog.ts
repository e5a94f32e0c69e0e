/** What a turn may look up, made of the live content and of the releases that running workflows are pinned to. */
import type { ReleasedContent, Releases } from "../content/releases.ts";
import type { Catalog, ChannelShape, Release } from "../turn/core/catalog.ts";

interface CatalogOptions {
  releases: Releases;
  shapes: ReadonlyMap<string, ChannelShape>;
  deskChannel: string;
  /** Under which people reach us; null: nobody knows, so there is no link. */
  publicUrl: string | null;
}

/** Throws where nothing was ever released: without content nothing can be decided. */
export function createCatalogs(o: CatalogOptions): (pinned: readonly number[]) => Promise<Catalog> {
  const link = (conversation: number): string =>
    o.publicUrl === null ? "" : `${o.publicUrl}/playground?conversation=${conversation}`;
  const channel = (name: string): ChannelShape | null => o.shapes.get(name) ?? null;
  return async (pinned) => {
    const content = o.releases.live();
    if (content === null) throw new Error("No content is released; run `frontdesk check` and mend what it names");
    const live = releaseOf(content);
    const known = new Map<number, Release>([[live.id, live]]);
    for (const id of pinned) {
      const older = known.has(id) ? null : await o.releases.get(id);
      if (older !== null) known.set(id, releaseOf(older));
    }
    return { live, release: (id) => known.get(id) ?? null, channel, deskChannel: o.deskChannel, link };
  };
}

const made = new WeakMap<ReleasedContent, Release>();

function releaseOf(content: ReleasedContent): Release {
  const before = made.get(content);
  if (before !== undefined) return before;
  const { id, workflows, settings } = content;
  const release = { id, workflows, queues: settings.queues, defaultQueue: settings.defaultQueue };
  made.set(content, release);
  return release;
}
