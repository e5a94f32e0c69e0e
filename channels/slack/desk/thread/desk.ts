/**
 * Shows cases in Slack: a thread per case in its queue's Slack channel, with the card at its root.
 *
 * 1. Each post carries the key of its content, so that it can be found again; content of several posts continues after the
 *    last one that was posted.
 * 2. A card that can't be updated is posted again, and the case continues in the new thread.
 * 3. Nothing is dropped because a Slack channel can't be written to: it waits until people have fixed that.
 */
import { SendError } from "../../../../src/adapter/send-error.ts";
import type { Desk, DeskOptions } from "../../../../src/desk/desk.ts";
import type { RemoteId, ThreadId } from "../../../../src/domain/ids.ts";
import { channelAndTs, remoteMessage } from "../../ids.ts";
import { codeMeaning } from "../../outbound/error-codes.ts";
import { callFor } from "../../outbound/errors.ts";
import { escape } from "../../outbound/escape.ts";
import { isPerson, smallPrint, wellFormed } from "../view/blocks.ts";
import type { DeskDeps } from "./desk-deps.ts";
import { reconcileShown } from "./reconcile.ts";
import { FIX_RETRY_MS, isChannelClosed, placeClosedError, withRetry } from "./send-errors.ts";
import { changeCard, newCard } from "./show-card.ts";
import { showFile } from "./show-file.ts";
import { postEntries, showDeliveryStatus } from "./show-words.ts";

/** Creates the desk over an open connection to Slack. */
export function createDesk(deps: DeskDeps): Desk {
  return {
    card: (thread, card, o) => (thread === null ? newCard(deps, card, o) : changeCard(deps, { thread, card }, o)),
    post: (thread, entries, o) => inThread(deps, thread, () => postEntries(deps, { thread, entries }, o)),
    deliveryStatus: (thread, mark, o) => inThread(deps, thread, () => showDeliveryStatus(deps, { thread, mark }, o)),
    file: (thread, file, o) =>
      inThread(deps, thread, () => showFile(deps.client, { at: channelAndTs(thread), file }, o)),
    hint: (thread, o) => hint(deps, thread, o),
    reconcile: (thread, key, o) => reconcileShown(deps, { thread, key }, o),
    sync: (signal) => deps.syncLoop.run(signal),
  };
}

/** Shows something in a thread; if its channel is closed, throws an error that retries until it is fixed (3). */
async function inThread<Value>({ places }: DeskDeps, thread: ThreadId, show: () => Promise<Value>): Promise<Value> {
  const { channel } = channelAndTs(thread);
  const reason = await places.closedReason(channel);
  if (reason !== null) throw placeClosedError(channel, reason);
  try {
    return await show();
  } catch (error) {
    if (isChannelClosed(error)) places.invalidate();
    if (!(error instanceof SendError) || codeMeaning(error.code ?? "")?.class !== "gone") throw error;
    throw withRetry(error, FIX_RETRY_MS);
  }
}

async function hint(
  { client }: DeskDeps,
  thread: ThreadId,
  o: DeskOptions & { operator: string; text: string },
): Promise<RemoteId> {
  const { channel, ts } = channelAndTs(thread);
  if (!isPerson(o.operator)) {
    const message = `“${o.operator}” is not a user in Slack, so no hint can be shown to them`;
    throw new SendError(message, { outcome: "not-sent", retry: "never", code: "user_not_found" });
  }
  const body = {
    channel,
    user: o.operator,
    text: escape(wellFormed(o.text)),
    parse: "none" as const,
    blocks: smallPrint(o.text),
  };
  const { message_ts } = await callFor(o, () =>
    client.web.chat.postEphemeral({ ...body, ...(ts === null ? {} : { thread_ts: ts }) }),
  );
  return remoteMessage(channel, message_ts ?? "");
}
