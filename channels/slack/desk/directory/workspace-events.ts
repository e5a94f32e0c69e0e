/** What Slack tells us about the people and channels that the desk stands on. */

import { z } from "zod";
import { remoteChannelId } from "../../../../src/domain/ids.ts";
import { FRONTDESK } from "../../../../src/domain/reach.ts";
import { own } from "../../../../src/lib/own.ts";
import { maybe, maybeText } from "../../inbound/json.ts";
import type { InteractionDeps } from "../interaction/interaction-deps.ts";

/** What somebody who leaves can hold; what is beyond goes back by the queue's members. */
const MAX_HELD = 500;

/** Events after which a queue's place or members may be others. */
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

/** Why nothing more may be shown in a channel, from this moment on; the keeper finds out what holds after it. */
const REFUSED: Readonly<Record<string, string>> = {
  channel_shared: "it is shared with another organisation",
  channel_archive: "it is archived",
  group_archive: "it is archived",
};

/** A channel or its members changed. Only what is a queue's matters. */
export async function onWorkspaceChange(deps: InteractionDeps, body: unknown): Promise<void> {
  const event = Event.safeParse((body as { event?: unknown }).event).data;
  if (event === undefined) return;
  if (event.type.startsWith("subteam_")) return deps.onChange();
  const channel = channelOf(event.channel);
  const places = (await deps.store.places()).filter(({ place }) => place === channel);
  const refused = own(REFUSED, event.type);
  if (refused !== undefined) {
    for (const place of places) await deps.store.savePlace({ ...place, refused });
    if (places.length > 0)
      deps.log.error(
        { place: channel, refused },
        "a queue's channel can't be used any more: give the queue another one",
      );
  }
  // A channel that is nobody's yet may be the one that a queue waits for.
  deps.onChange();
}

/** "C1", or {id: "C1"}, as the event has it. */
function channelOf(channel: unknown): string | null {
  const read = z.union([z.string(), z.object({ id: z.string() })]).safeParse(channel).data;
  return read === undefined ? null : typeof read === "string" ? read : read.id;
}

/** Somebody has left the workspace: what they held goes back to its queue, once per departure. */
export async function onOperatorLeft(deps: InteractionDeps, body: unknown): Promise<void> {
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

/** A channel has a new id: its queue's place and threads follow. */
export async function onChannelMoved(deps: InteractionDeps, body: unknown): Promise<void> {
  const event = Moved.safeParse(body).data?.event;
  if (event === undefined) return;
  await deps.store.movePlace(remoteChannelId(event.old_channel_id), remoteChannelId(event.new_channel_id));
  deps.onChange();
}

/** The app can't do anything any more until somebody mends it. */
export function onAppRemoved({ log, channel }: InteractionDeps, body: unknown): void {
  const event = Event.safeParse((body as { event?: unknown }).event).data;
  if (event?.type === "app_uninstalled") {
    log.error({ channel }, "the Slack app was removed from the workspace: install it again and set bot_token");
  } else {
    log.error({ channel }, "the Slack app's tokens were revoked: install it again and set bot_token");
  }
}
