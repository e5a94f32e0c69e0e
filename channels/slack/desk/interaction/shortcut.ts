/**
 * The message shortcut "Open a case": an act of the operator who uses it, never of the message's author.
 *
 * 1. Nothing of the message is stored until it is known that the operator works in a queue and that the app is in the
 *    message's channel; a refusal leaves a row with the reason only.
 * 2. Nothing is sent to the author before a person replies.
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
import { parseMessage } from "../../inbound/parse-message.ts";
import { SHORTCUT_OPEN } from "../view/actions.ts";
import { notice } from "../view/modals.ts";
import { clip, oneLine } from "../view/words.ts";
import { showNotice, slackCode } from "./failures.ts";
import type { InteractionDeps } from "./interaction-deps.ts";
import { noAccessText, requesterQueues } from "./operator-queues.ts";
import { contextOf, type Request, type RequestContext } from "./request-context.ts";
import { showView } from "./show-view.ts";
import { noSuchCase } from "./stale-dialog.ts";

const TITLE = "Open a case";
/** Part of Slack's three seconds; the rest is for the answer. */
const ASK_WITHIN_MS = 1_000;
/** The longest quote, as long as a card's summary (turn/core/case/open.ts); the rest is in Slack. */
const MAX_QUOTED_CHARACTERS = 4_000;
const MAX_NAME = 80;

const ShortcutCall = z.object({
  callback_id: z.string(),
  api_app_id: maybeText,
  team: z.object({ id: maybeText }).nullish().catch(undefined),
  channel: z.object({ id: z.string() }),
  message: Message.extend({ ts: Ts }),
});
type ShortcutCall = z.infer<typeof ShortcutCall>;

/** Reason why a case can't be opened: a code for the row, and a text for the person. */
interface Fault {
  reason: "not_at_the_desk" | "not_in_place" | "desk_place" | "no_author" | "unclear";
  message: string;
}

const UNCLEAR: Fault = {
  reason: "unclear",
  message:
    "Slack did not say in time whether Frontdesk is in this channel, so nothing of the message was stored. Use the shortcut again.",
};
const NOT_IN_PLACE: Fault = {
  reason: "not_in_place",
  message:
    "Frontdesk is not in this channel, so it could not answer, and nothing of the message was stored. Invite it (/invite), then use the shortcut again.",
};
const DESK_PLACE: Fault = {
  reason: "desk_place",
  message: "This is a queue's channel, so its messages are not customers'. Use the shortcut on a customer's message.",
};
const NO_AUTHOR: Fault = {
  reason: "no_author",
  message:
    "This message was written by an app, or by us, so there is nobody to answer. Use the shortcut on a person's message.",
};

/** Decides before storing whether to refuse the shortcut, and tells the person why; null: allowed. Never throws. */
export async function refuseShortcut(deps: InteractionDeps, body: unknown): Promise<RefusedInteraction | null> {
  const [shortcut, context] = [ShortcutCall.safeParse(body).data, contextOf(body)];
  // Other message shortcuts are not ours, and their message is not stored anyway (parse-interaction.ts).
  if (shortcut?.callback_id !== SHORTCUT_OPEN || context === null) return null;
  const found = checkPermission(deps, context, shortcut).catch((error: unknown) => {
    deps.log.warn({ err: error, code: slackCode(error) }, "shortcut check failed");
    return UNCLEAR;
  });
  const permission = await Promise.race([found, pause(ASK_WITHIN_MS, UNCLEAR, { ref: false })]);
  if (!("reason" in permission)) return null;
  const { trigger } = context;
  if (trigger !== null)
    deps.runLater("shortcut", () => showView(deps, trigger, Promise.resolve(notice(TITLE, permission.message))));
  return { reason: permission.reason, answer: null };
}

export async function openFromMessage(deps: InteractionDeps, { context, body }: Request): Promise<void> {
  const shortcut = ShortcutCall.safeParse(body).data;
  if (shortcut === undefined) return;
  if (context.trigger === null)
    return showNotice(deps, context, "The answer could not be shown. Use the shortcut again.");
  await showView(deps, context.trigger, openCaseView(deps, context, shortcut));
}

/** Returns the name of the message's place, or the reason why the operator may not open a case. Throws SendError. */
async function checkPermission(
  deps: InteractionDeps,
  context: RequestContext,
  { channel }: ShortcutCall,
): Promise<{ place: string } | Fault> {
  const mine = await requesterQueues(deps, context);
  if (mine.length === 0) return { reason: "not_at_the_desk", message: await noAccessText(deps) };
  const place = placeOf(channel.id);
  if ((await deps.store.places()).some((one) => one.place === place)) return DESK_PLACE;
  try {
    const { channel: info } = await deps.slack((web) => web.conversations.info({ channel: channel.id }));
    if (info?.is_im === true) return { place: "a direct message" };
    if (info?.is_member !== true) return NOT_IN_PLACE;
    return { place: info.is_mpim === true ? "a group message" : `#${info.name ?? channel.id}` };
  } catch (error) {
    // Slack's answer for a private channel that the app is not in.
    if (slackCode(error) === "channel_not_found") return NOT_IN_PLACE;
    throw error;
  }
}

async function openCaseView(
  deps: InteractionDeps,
  context: RequestContext,
  shortcut: ShortcutCall,
): Promise<ModalView> {
  const permission = await checkPermission(deps, context, shortcut);
  if ("reason" in permission) return notice(TITLE, permission.message);
  const message = readMessage(deps, shortcut);
  if (message === null) return notice(TITLE, NO_AUTHOR.message);
  const { store, channel } = deps;
  const known = await store.conversation(channel, message.thread);
  if (known !== null && (await isOutOfReach(deps, context, known))) return notice(TITLE, noSuchCase(known));
  const operator = await deps.withDisplayName(context.operator);
  const { name } = await deps.withDisplayName({ id: message.from, name: message.displayName ?? message.from });
  const author = oneLine(name, MAX_NAME);
  const quote = { author, place: oneLine(permission.place, MAX_NAME), text: quoteText(message) };
  const conversation = await store.open({
    operator,
    key: `open:${context.key}`,
    channel,
    thread: message.thread,
    author: { address: message.from, name },
    quote,
  });
  const shown = await store.case(operator, conversation);
  const where = shown === null ? "Its card appears in its queue in a moment." : "Its card is in its queue.";
  const link = shown === null ? null : await deps.links(shown.thread);
  const result =
    known === null
      ? `You take case ${conversation}.`
      : `You take over conversation ${conversation}, and the bot is silent there.`;
  return notice(TITLE, [result, where, ...(known === null ? [replyNotice(quote)] : [])].join(" "), link);
}

/** Returns the message's text and the names of its files, which stay in Slack. */
function quoteText({ text, attachments }: NonNullable<ReturnType<typeof readMessage>>): string {
  const files = attachments.map(({ name }) => `📎 ${oneLine(name ?? "a file", MAX_NAME)}`);
  return clip([text, ...files].filter((line) => line !== "").join("\n"), MAX_QUOTED_CHARACTERS);
}

/** Tells the operator who will read a reply. */
function replyNotice({ author, place }: { author: string; place: string }): string {
  return `${author} is not told. Your first reply goes into the message's thread in ${place}, where everybody there can read it.`;
}

/** True when a conversation is a case outside the operator's reach. */
async function isOutOfReach(
  { store }: InteractionDeps,
  { operator }: RequestContext,
  conversation: number,
): Promise<boolean> {
  if ((await store.case(FRONTDESK, conversation)) === null) return false;
  return (await store.case(operator, conversation)) === null;
}

/** Parses the message as a customer's; null: no person wrote it. */
function readMessage({ config }: InteractionDeps, { message, channel, team, api_app_id: appId }: ShortcutCall) {
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
  const item: Inbound = parseMessage({ message, channel: channel.id, direct, addressed: true }, delivery);
  return item.kind === "message" ? item : null;
}
