import type { DeskOptions } from "../../../../src/desk/desk.ts";
import type { DeskStore } from "../../../../src/desk/desk-store.ts";
import type { CaseCard } from "../../../../src/domain/case.ts";
import { remoteChannelId, type ThreadId } from "../../../../src/domain/ids.ts";
import { channelAndTs, threadOf } from "../../ids.ts";
import type { Shown } from "../view/blocks.ts";
import { cardMessage, movedMessage } from "../view/card.ts";
import { post, update } from "./desk-client.ts";
import type { DeskDeps } from "./desk-deps.ts";
import { closedPlace, FIX_RETRY_MS, isClosed, isFixed, waiting } from "./send-errors.ts";

/** Slack tells of a new id within a second or two. */
const MOVED_MS = 500;
/** Somewhere else, where there is anywhere else: the default queue's channel. */
const ELSEWHERE_MS = 1_000;

/** Shows a case that has no thread yet; answers with the thread that its card begins. */
export async function newCard(parts: DeskDeps, card: CaseCard, o: DeskOptions): Promise<ThreadId> {
  return postCard(parts, { channel: await parts.places.of(card.queue), card }, o);
}

async function postCard(
  parts: DeskDeps,
  { channel, card }: { channel: string; card: CaseCard },
  o: DeskOptions,
): Promise<ThreadId> {
  try {
    const shown = cardOf(parts, card, o.key);
    return threadOf(channel, await post(parts.client, { channel, ts: null }, { ...o, shown }));
  } catch (error) {
    if (!isClosed(error)) throw error;
    // Somewhere else next time, if there is anywhere else. A channel that is not there may have a new id already.
    if (error.code === "channel_not_found") parts.places.invalidate();
    else await parts.places.close(remoteChannelId(channel), error.message);
    throw waiting(error, error.code === "channel_not_found" ? MOVED_MS : ELSEWHERE_MS);
  }
}

/** Shows the case as it is now; answers with its thread, which is another one where the card could not be changed. */
export async function changeCard(
  parts: DeskDeps,
  { thread, card }: { thread: ThreadId; card: CaseCard },
  o: DeskOptions,
): Promise<ThreadId> {
  const { channel, ts } = channelAndTs(thread);
  const goesTo = await parts.places.of(card.queue).catch(() => channel);
  if (ts === null || goesTo !== channel) return moveCard(parts, { thread, card, goesTo }, o);
  const why = await parts.places.closedReason(channel);
  if (why !== null) throw closedPlace(channel, why);
  try {
    const shown = cardOf(parts, card, o.key);
    await update(parts.client, { channel, ts }, { ...o, shown });
    return thread;
  } catch (error) {
    if (isFixed(error)) return postCard(parts, { channel, card }, o);
    if (!isClosed(error)) throw error;
    parts.places.invalidate();
    throw waiting(error, FIX_RETRY_MS);
  }
}

/** The case goes on in another Slack channel; what stays says so, and has no buttons. */
async function moveCard(
  parts: DeskDeps,
  o: { thread: ThreadId; card: CaseCard; goesTo: string },
  options: DeskOptions,
): Promise<ThreadId> {
  const { channel, ts } = channelAndTs(o.thread);
  const thread = await postCard(parts, { channel: o.goesTo, card: o.card }, options);
  if (ts === null) return thread;
  const shown = movedMessage(o.card, titleOf(parts.store, o.card.queue));
  // The case has its new thread; that the old one still looks alive is not worth doing it all again.
  await update(parts.client, { channel, ts }, { shown, signal: options.signal }).catch((error: unknown) => {
    parts.client.log.warn(
      { err: error, conversation: o.card.conversation },
      "the card of a moved case was left as it was",
    );
  });
  return thread;
}

const titleOf = (store: DeskStore, queue: string): string =>
  store.queues().find(({ id }) => id === queue)?.title ?? queue;

function cardOf({ store }: DeskDeps, card: CaseCard, revision: string): Shown {
  return cardMessage(card, { queue: titleOf(store, card.queue), manual: store.manual().length > 0, revision });
}
