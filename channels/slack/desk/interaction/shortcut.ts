/**
 * "Open a case" on any message: an operator's act about it, never its author's.
 *
 * 1. Nothing of the message is kept before it is known that whoever asks works in a queue, and that the app is where the
 *    message stands; what is refused leaves a row with the reason alone.
 * 2. Its author is written to by nobody before a person replies.
 */
import { setTimeout as pause } from "node:timers/promises";
import type { ModalView } from "@slack/types";
import { z } from "zod";
import type { Inbound } from "../../../../src/adapter/inbound.ts";
import type { RefusedInteraction } from "../../../../src/desk/desk.ts";
import { FRONTDESK } from "../../../../src/domain/reach.ts";
import { placeOf } from "../../ids.ts";
import { type Delivery, isDirect } from "../../inbound/delivery.ts";
import { Message, Ts } from "../../inbound/event-body.ts";
import { maybeText } from "../../inbound/json.ts";
import { spoken } from "../../inbound/parse-message.ts";
import { SHORTCUT_OPEN } from "../view/actions.ts";
import { notice } from "../view/modals.ts";
import { clip, oneLine } from "../view/words.ts";
import { slackCode, tell } from "./failures.ts";
import type { InteractionDeps } from "./interaction-deps.ts";
import { outsiderWords, queuesOfAsked } from "./operator-queues.ts";
import { contextOf, type Request, type RequestContext } from "./request-context.ts";
import { showView } from "./show-view.ts";
import { notYours } from "./stale-dialog.ts";

const TITLE = "Open a case";
/** Slack waits three seconds, and the answer needs its share of them. */
const ASK_WITHIN_MS = 1_000;
/** Of a message that is quoted: as much as a card's summary has (turn/core/case/open.ts); the rest is in Slack. */
const MAX_QUOTED_CHARACTERS = 4_000;
const MAX_NAME = 80;

const Called = z.object({
  callback_id: z.string(),
  api_app_id: maybeText,
  team: z.object({ id: maybeText }).nullish().catch(undefined),
  channel: z.object({ id: z.string() }),
  message: Message.extend({ ts: Ts }),
});
type Called = z.infer<typeof Called>;

/** Why a case can't be opened: for the row, and for the person. */
interface Fault {
  reason: "not_at_the_desk" | "not_in_place" | "desk_place" | "no_author" | "unclear";
  message: string;
}

const UNCLEAR: Fault = {
  reason: "unclear",
  message:
    "Slack did not say in time whether Frontdesk is in this channel, so nothing was taken from the message. Use the shortcut again.",
};
const NOT_IN_PLACE: Fault = {
  reason: "not_in_place",
  message:
    "Frontdesk is not in this channel, so it could not answer, and nothing was taken from the message. Invite it (/invite), then use the shortcut again.",
};
const DESK_PLACE: Fault = {
  reason: "desk_place",
  message: "This is where our queues work: what is written here is no customer's. Use it on a customer's message.",
};
const NO_AUTHOR: Fault = {
  reason: "no_author",
  message: "This message was written by an app, or by us, so there is nobody to answer. Use it on a person's message.",
};

/** Asked before anything is kept; whoever may not is told why, and null is for whoever may. Never throws. */
export async function refuseShortcut(deps: InteractionDeps, body: unknown): Promise<RefusedInteraction | null> {
  const [called, asked] = [Called.safeParse(body).data, contextOf(body)];
  // Nothing else on a message is ours, and no message is kept with it anyway (parse-interaction.ts).
  if (called?.callback_id !== SHORTCUT_OPEN || asked === null) return null;
  const found = permission(deps, asked, called).catch((error: unknown) => {
    deps.log.warn({ err: error, code: slackCode(error) }, "a shortcut could not be checked");
    return UNCLEAR;
  });
  const may = await Promise.race([found, pause(ASK_WITHIN_MS, UNCLEAR, { ref: false })]);
  if (!("reason" in may)) return null;
  const { trigger } = asked;
  if (trigger !== null)
    deps.later("shortcut", () => showView(deps, trigger, Promise.resolve(notice(TITLE, may.message))));
  return { reason: may.reason, answer: null };
}

export async function openFromMessage(deps: InteractionDeps, { asked, body }: Request): Promise<void> {
  const called = Called.safeParse(body).data;
  if (called === undefined) return;
  if (asked.trigger === null) return tell(deps, asked, "Slack gave us no way to answer. Use the shortcut again.");
  await showView(deps, asked.trigger, opened(deps, asked, called));
}

/** Where the message stands, as people call it; or why whoever asks may not have it. Throws what Slack answers. */
async function permission(
  deps: InteractionDeps,
  asked: RequestContext,
  { channel }: Called,
): Promise<{ place: string } | Fault> {
  const mine = await queuesOfAsked(deps, asked);
  if (mine.length === 0) return { reason: "not_at_the_desk", message: await outsiderWords(deps) };
  const place = placeOf(channel.id);
  if ((await deps.store.places()).some((one) => one.place === place)) return DESK_PLACE;
  try {
    const { channel: info } = await deps.slack((web) => web.conversations.info({ channel: channel.id }));
    if (info?.is_im === true) return { place: "a direct message" };
    if (info?.is_member !== true) return NOT_IN_PLACE;
    return { place: info.is_mpim === true ? "a group message" : `#${info.name ?? channel.id}` };
  } catch (error) {
    // Of a private channel that the app is not in, Slack knows nothing.
    if (slackCode(error) === "channel_not_found") return NOT_IN_PLACE;
    throw error;
  }
}

async function opened(deps: InteractionDeps, asked: RequestContext, called: Called): Promise<ModalView> {
  const may = await permission(deps, asked, called);
  if ("reason" in may) return notice(TITLE, may.message);
  const message = read(deps, called);
  if (message === null) return notice(TITLE, NO_AUTHOR.message);
  const { store, channel } = deps;
  const known = await store.conversation(channel, message.thread);
  if (known !== null && (await isElsewhere(deps, asked, known))) return notice(TITLE, notYours(known));
  const operator = await deps.named(asked.operator);
  const { name } = await deps.named({ id: message.from, name: message.displayName ?? message.from });
  const author = oneLine(name, MAX_NAME);
  const quote = { author, place: oneLine(may.place, MAX_NAME), text: quoted(message) };
  const conversation = await store.open({
    operator,
    key: `open:${asked.key}`,
    channel,
    thread: message.thread,
    author: { address: message.from, name },
    quote,
  });
  const shown = await store.case(operator, conversation);
  const where = shown === null ? "Its card appears in its queue in a moment." : "Its card is in its queue.";
  const link = shown === null ? null : await deps.links(shown.thread);
  const taken =
    known === null
      ? `You take case ${conversation}.`
      : `You take over conversation ${conversation}, and the bot is silent there.`;
  return notice(TITLE, [taken, where, ...(known === null ? [replyWords(quote)] : [])].join(" "), link);
}

/** The message's words, and the names of its files, which stay in Slack. */
function quoted({ text, attachments }: NonNullable<ReturnType<typeof read>>): string {
  const files = attachments.map(({ name }) => `📎 ${oneLine(name ?? "a file", MAX_NAME)}`);
  return clip([text, ...files].filter((line) => line !== "").join("\n"), MAX_QUOTED_CHARACTERS);
}

/** Who reads a reply, before anybody writes one. */
function replyWords({ author, place }: { author: string; place: string }): string {
  return `${author} hears nothing of it. Your first reply goes into the message's thread in ${place}, where everybody there can read it.`;
}

/** Whether a conversation is a case of a queue in which they do not work. */
async function isElsewhere(
  { store }: InteractionDeps,
  { operator }: RequestContext,
  conversation: number,
): Promise<boolean> {
  if ((await store.case(FRONTDESK, conversation)) === null) return false;
  return (await store.case(operator, conversation)) === null;
}

/** The message as one of a customer's would be read; null: no person wrote it. */
function read({ config }: InteractionDeps, { message, channel, team, api_app_id: appId }: Called) {
  const delivery: Delivery = {
    config,
    eventId: undefined,
    appId,
    // Only members of the installing workspace have the shortcut.
    team: team?.id,
    bots: new Set(),
    shared: false,
  };
  const direct = isDirect(channel.id, undefined);
  const item: Inbound = spoken({ message, channel: channel.id, direct, addressed: true }, delivery);
  return item.kind === "message" ? item : null;
}
