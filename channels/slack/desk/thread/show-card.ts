import type { DeskOptions } from "../../../../src/desk/desk.ts";
import type { DeskStore } from "../../../../src/desk/desk-store.ts";
import type { CaseCard } from "../../../../src/domain/case.ts";
import { remoteChannelId, type ThreadId } from "../../../../src/domain/ids.ts";
import { channelAndTs, threadOf } from "../../ids.ts";
import type { DeskMessage } from "../view/blocks.ts";
import { cardMessage, movedMessage } from "../view/card.ts";
import { postShown, updateShown } from "./desk-client.ts";
import type { DeskDeps } from "./desk-deps.ts";
import { FIX_RETRY_MS, isChannelClosed, isUneditable, placeClosedError, withRetry } from "./send-errors.ts";

/** Retry after a missing channel: Slack reports a new id within a second or two. */
const MOVED_MS = 500;
/** Retry in another channel, the default queue's, if there is one. */
const ELSEWHERE_MS = 1_000;

/** Shows a case that has no thread yet; returns the thread that its card starts. */
export async function newCard(deps: DeskDeps, card: CaseCard, o: DeskOptions): Promise<ThreadId> {
  return postCard(deps, { channel: await deps.places.of(card.queue), card }, o);
}

async function postCard(
  deps: DeskDeps,
  { channel, card }: { channel: string; card: CaseCard },
  o: DeskOptions,
): Promise<ThreadId> {
  try {
    const shown = cardOf(deps, card, o.key);
    return threadOf(channel, await postShown(deps.client, { channel, ts: null }, { ...o, shown }));
  } catch (error) {
    if (!isChannelClosed(error)) throw error;
    // The next try uses another channel, if there is one. A missing channel may already have a new id.
    if (error.code === "channel_not_found") deps.places.invalidate();
    else await deps.places.close(remoteChannelId(channel), error.message);
    throw withRetry(error, error.code === "channel_not_found" ? MOVED_MS : ELSEWHERE_MS);
  }
}

/** Updates the card of a case; returns its thread, which is a new one if the card could not be updated. */
export async function changeCard(
  deps: DeskDeps,
  { thread, card }: { thread: ThreadId; card: CaseCard },
  o: DeskOptions,
): Promise<ThreadId> {
  const { channel, ts } = channelAndTs(thread);
  const goesTo = await deps.places.of(card.queue).catch(() => channel);
  if (ts === null || goesTo !== channel) return moveCard(deps, { thread, card, goesTo }, o);
  const reason = await deps.places.closedReason(channel);
  if (reason !== null) throw placeClosedError(channel, reason);
  try {
    const shown = cardOf(deps, card, o.key);
    await updateShown(deps.client, { channel, ts }, { ...o, shown });
    return thread;
  } catch (error) {
    if (isUneditable(error)) return postCard(deps, { channel, card }, o);
    if (!isChannelClosed(error)) throw error;
    deps.places.invalidate();
    throw withRetry(error, FIX_RETRY_MS);
  }
}

/** Moves a case to another Slack channel; the old card says so and loses its buttons. */
async function moveCard(
  deps: DeskDeps,
  o: { thread: ThreadId; card: CaseCard; goesTo: string },
  options: DeskOptions,
): Promise<ThreadId> {
  const { channel, ts } = channelAndTs(o.thread);
  const thread = await postCard(deps, { channel: o.goesTo, card: o.card }, options);
  if (ts === null) return thread;
  const shown = movedMessage(o.card, titleOf(deps.store, o.card.queue));
  // The case has its new thread; an old card that still looks active is not worth another try.
  await updateShown(deps.client, { channel, ts }, { shown, signal: options.signal, leaving: options.leaving }).catch(
    (error: unknown) => {
      deps.client.log.warn({ err: error, conversation: o.card.conversation }, "old card of a moved case not updated");
    },
  );
  return thread;
}

const titleOf = (store: DeskStore, queue: string): string =>
  store.queues().find(({ id }) => id === queue)?.title ?? queue;

function cardOf({ store }: DeskDeps, card: CaseCard, revision: string): DeskMessage {
  return cardMessage(card, { queue: titleOf(store, card.queue), manual: store.manual().length > 0, revision });
}
