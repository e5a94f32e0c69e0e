import type { ReleasedContent, Releases } from "../content/releases.ts";
import type { Settings } from "../content/settings.ts";
import type { DeskRegistry } from "../desk/desk.ts";
import type { DeskStoreOptions } from "../desk/open-desk-store.ts";
import type { Membership } from "../domain/reach.ts";
import type { OpenChannel } from "../inbound/ingest.ts";

interface FactsOptions {
  releases: Releases;
  settings: Settings;
  channels: ReadonlyMap<string, OpenChannel>;
}

/** Who works at the configured desk; an adapter that is no desk has nobody, and the worker says that it can't be one. */
export async function membershipOf(desks: DeskRegistry, { desk }: Settings): Promise<Membership> {
  return (await desks[desk.adapter]?.())?.membership ?? "listed";
}

/** What the desk's book says of the live content and of the channels. */
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

/** Those that an operator may start by hand. */
export const manualWorkflows = (content: ReleasedContent | null): readonly { id: string; title: string }[] =>
  (content?.workflows ?? [])
    .filter(({ status, triggers }) => status === "live" && triggers.some(({ on }) => on === "manual"))
    .map(({ id, title }) => ({ id, title }));
