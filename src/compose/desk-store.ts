import type { ReleasedContent, Releases } from "../content/releases.ts";
import type { Settings } from "../content/settings.ts";
import type { DeskRegistry } from "../desk/desk.ts";
import type { DeskStoreOptions } from "../desk/desk-store-options.ts";
import type { Membership } from "../domain/reach.ts";
import type { OpenChannel } from "../inbound/ingest.ts";

interface FactsOptions {
  releases: Releases;
  settings: Settings;
  channels: ReadonlyMap<string, OpenChannel>;
}

/** Returns the membership of the configured desk; "listed" for an adapter that is no desk, which the worker refuses. */
export async function membershipOf(desks: DeskRegistry, { desk }: Settings): Promise<Membership> {
  return (await desks[desk.adapter]?.())?.membership ?? "listed";
}

/** Desk store options that depend on the live content and the channels. */
export function deskStoreFacts({
  releases,
  settings,
  channels,
}: FactsOptions): Pick<DeskStoreOptions, "channel" | "queues" | "defaultQueue" | "manual" | "reach" | "reachable"> {
  return {
    channel: settings.desk.channel,
    defaultQueue: () => (releases.live()?.settings ?? settings).defaultQueue,
    queues: () => Object.values((releases.live()?.settings ?? settings).queues),
    manual: () => manualWorkflows(releases.live()),
    reach: (name, to) => {
      const open = channels.get(name);
      return open?.adapter.resolveRecipient?.(to, open.config) ?? null;
    },
    reachable: () =>
      [...channels].filter(([, { adapter }]) => adapter.resolveRecipient !== undefined).map(([name]) => name),
  };
}

/** Lists live workflows that an operator may start by hand. */
export const manualWorkflows = (content: ReleasedContent | null): readonly { id: string; title: string }[] =>
  (content?.workflows ?? [])
    .filter(({ status, triggers }) => status === "live" && triggers.some(({ on }) => on === "manual"))
    .map(({ id, title }) => ({ id, title }));
