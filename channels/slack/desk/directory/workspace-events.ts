/** Handles Slack's events about the people and channels of the desk. */

import { z } from "zod";
import type { DeskStore } from "../../../../src/desk/desk-store.ts";
import { remoteChannelId } from "../../../../src/domain/ids.ts";
import { FRONTDESK } from "../../../../src/domain/reach.ts";
import type { Logger } from "../../../../src/lib/logger.ts";
import { own } from "../../../../src/lib/own.ts";
import { maybe, maybeText } from "../../inbound/json.ts";

/** Dependencies of what an event may change. */
interface WorkspaceDeps {
  /** The name of the desk's channel. */
  channel: string;
  store: DeskStore;
  log: Logger;
  /** Tells the sync loop that channels or members have changed. */
  onChange: () => void;
}

/** The most cases read of a person who leaves; the rest goes back with the next sync of the queue's members. */
const MAX_HELD = 500;

/** Events that may change a queue's place or members. */
export const CHANGES = [
  "member_joined_channel",
  "member_left_channel",
  "channel_shared",
  "channel_unshared",
  "channel_archive",
  "channel_unarchive",
  "channel_rename",
  "group_archive",
  "group_unarchive",
  "group_rename",
  "subteam_created",
  "subteam_updated",
  "subteam_members_changed",
] as const;

const Event = z.object({ type: z.string(), channel: z.unknown().optional() });
const Left = z.object({
  event_id: maybeText,
  event: z.object({
    user: z.object({ id: z.string(), deleted: maybe(z.boolean()), real_name: maybeText, name: maybeText }),
  }),
});
const Moved = z.object({ event: z.object({ old_channel_id: z.string().min(1), new_channel_id: z.string().min(1) }) });

/** Events that close a channel at once, with the reason; the next sync finds out whether it is still closed. */
const REFUSED: Readonly<Record<string, string>> = {
  channel_shared: "it is shared with another organisation",
  channel_archive: "it is archived",
  group_archive: "it is archived",
};

/** Handles a change of a channel or its members; closes a queue's channel at once if the event says so. */
export async function onWorkspaceChange(deps: WorkspaceDeps, body: unknown): Promise<void> {
  const event = Event.safeParse((body as { event?: unknown }).event).data;
  if (event === undefined) return;
  if (event.type.startsWith("subteam_")) return deps.onChange();
  const channel = channelOf(event.channel);
  const places = (await deps.store.places()).filter(({ place }) => place === channel);
  const refused = own(REFUSED, event.type);
  if (refused !== undefined) {
    for (const place of places) await deps.store.savePlace({ ...place, refused });
    if (places.length > 0)
      deps.log.error({ place: channel, refused }, "queue channel became unusable: give the queue another one");
  }
  // A channel that no queue uses yet may be the one that a queue waits for.
  deps.onChange();
}

/** Reads "C1", or {id: "C1"}; events have either. */
function channelOf(channel: unknown): string | null {
  const read = z.union([z.string(), z.object({ id: z.string() })]).safeParse(channel).data;
  return read === undefined ? null : typeof read === "string" ? read : read.id;
}

/** Gives the cases of a person who left the workspace back to their queues, once per departure. */
export async function onOperatorLeft(deps: WorkspaceDeps, body: unknown): Promise<void> {
  const left = Left.safeParse(body).data;
  if (left?.event.user.deleted !== true) return;
  const { id, real_name: realName, name } = left.event.user;
  const held = await deps.store.cases(FRONTDESK, { holder: id, limit: MAX_HELD });
  for (const { card } of held) {
    const reason = `${card.holder?.name ?? realName ?? name ?? id} has left`;
    await deps.store.act({
      operator: FRONTDESK,
      conversation: card.conversation,
      command: { kind: "release", reason },
      key: `left:${left.event_id ?? id}:${card.conversation}`,
    });
  }
  deps.onChange();
}

/** Moves a queue's place and threads to the channel's new id. */
export async function onChannelMoved(deps: WorkspaceDeps, body: unknown): Promise<void> {
  const event = Moved.safeParse(body).data?.event;
  if (event === undefined) return;
  await deps.store.movePlace(remoteChannelId(event.old_channel_id), remoteChannelId(event.new_channel_id));
  deps.onChange();
}

/** Logs that the app can't do anything until an admin installs it again. */
export function onAppRemoved({ log, channel }: WorkspaceDeps, body: unknown): void {
  const event = Event.safeParse((body as { event?: unknown }).event).data;
  if (event?.type === "app_uninstalled") {
    log.error({ channel }, "slack app was uninstalled: install it again and set bot_token");
  } else {
    log.error({ channel }, "slack app's tokens were revoked: install it again and set bot_token");
  }
}
