/** "Open a case" on any message: its conversation becomes a case that the operator holds. */
import type { ModalView } from "@slack/types";
import { z } from "zod";
import { isDirect, threadAndPlace } from "../delivery.ts";
import { placeOf } from "../ids.ts";
import type { Asked, Request } from "./asked.ts";
import { slackCode, tell } from "./failures.ts";
import type { FrontDeps } from "./front-deps.ts";
import { notice } from "./modals.ts";
import { showView } from "./show-view.ts";
import { NOT_AT_THE_DESK, queuesFor } from "./workers.ts";

const TITLE = "Open a case";

const Called = z.object({
  channel: z.object({ id: z.string() }),
  message: z.object({ ts: z.string(), thread_ts: z.string().optional() }),
});
type Called = z.infer<typeof Called>;

export async function openFromMessage(front: FrontDeps, { asked, body, stored }: Request): Promise<void> {
  const called = Called.safeParse(body).data;
  if (called === undefined) return;
  if (asked.trigger === null) return tell(front, asked, "Slack gave us no way to answer. Use the shortcut again.");
  // The message was taken in, as its author's, before this was called.
  const conversation = stored.find((one) => one.conversation !== undefined)?.conversation ?? null;
  await showView(front, asked.trigger, takenOver(front, asked, { called, conversation }));
}

async function takenOver(
  front: FrontDeps,
  asked: Asked,
  o: { called: Called; conversation: number | null },
): Promise<ModalView> {
  const mine = asked.external ? [] : await queuesFor(front, asked.operator);
  if (mine.length === 0) return notice(TITLE, NOT_AT_THE_DESK);
  const place = placeOf(o.called.channel.id);
  const queue = (await front.book.places()).find((one) => one.place === place);
  if (queue !== undefined) {
    return notice(
      TITLE,
      "This is where our queues work: what is written here is no customer's. Use it on a customer's message.",
    );
  }
  if (!(await canAnswer(front, o.called.channel.id))) {
    return notice(
      TITLE,
      "Frontdesk is not in this channel, so it could not answer. Invite it (/invite), then use the shortcut again.",
    );
  }
  const conversation = o.conversation ?? (await conversationOf(front, o.called));
  if (conversation === null)
    return notice(
      TITLE,
      "No conversation belongs to this message: it was written by an app, or by us. Ask its author to write to Frontdesk.",
    );
  const operator = await front.named(asked.operator);
  await front.book.act({ operator, conversation, command: { do: "take_over" }, key: `open:${asked.key}` });
  const shown = await front.book.case(conversation);
  const where = shown === null ? "Its card appears in its queue in a moment." : "Its card is in its queue.";
  const link = shown === null ? null : await front.links(shown.thread);
  return notice(TITLE, `You take over conversation ${conversation}, and the bot is silent there. ${where}`, link);
}

/** Seen before (it came as an event), it has its conversation by its thread. */
function conversationOf(
  { book, channel, config }: FrontDeps,
  { channel: { id }, message }: Called,
): Promise<number | null> {
  const where = { channel: id, direct: isDirect(id, undefined), ts: message.ts, parent: message.thread_ts };
  return book.conversation(channel, threadAndPlace(where, config).thread);
}

/** Whether we may post there; where Slack does not say, sending will show it. */
async function canAnswer(front: FrontDeps, channel: string): Promise<boolean> {
  try {
    const { channel: info } = await front.slack((web) => web.conversations.info({ channel }));
    return info?.is_im === true || info?.is_member !== false;
  } catch (error) {
    return slackCode(error) !== "channel_not_found";
  }
}
