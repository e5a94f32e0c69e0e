/**
 * Shows cases in Slack: a thread per case in its queue's Slack channel, the card at its root.
 *
 * 1. Each post carries the key of what it shows, so that it can be found again; what takes several posts goes on where
 *    it stopped.
 * 2. A card that can't be changed is posted anew, and the case goes on in the new thread.
 * 3. Nothing is given up because a Slack channel can't be written to: that is mended by people, and waits for them.
 */
import { SendError } from "../../../../src/adapter/send-error.ts";
import type { Desk, DeskOptions } from "../../../../src/desk/desk.ts";
import type { RemoteId, ThreadId } from "../../../../src/domain/ids.ts";
import { channelAndTs, remoteMessage } from "../../ids.ts";
import { codeMeaning } from "../../outbound/error-codes.ts";
import { call } from "../../outbound/errors.ts";
import { escape } from "../../outbound/escape.ts";
import { isPerson, smallPrint, wellFormed } from "../view/blocks.ts";
import { showFile } from "../view/file.ts";
import type { DeskDeps } from "./desk-deps.ts";
import { reconcile } from "./reconcile.ts";
import { closedPlace, FIX_RETRY_MS, isClosed, waiting } from "./send-errors.ts";
import { changeCard, newCard } from "./show-card.ts";
import { postEntries, showDeliveryStatus } from "./show-words.ts";

/** The desk over an open connection to Slack. */
export function createDesk(parts: DeskDeps): Desk {
  return {
    card: (thread, card, o) => (thread === null ? newCard(parts, card, o) : changeCard(parts, { thread, card }, o)),
    post: (thread, entries, o) => inThread(parts, thread, () => postEntries(parts, { thread, entries }, o)),
    deliveryStatus: (thread, mark, o) => inThread(parts, thread, () => showDeliveryStatus(parts, { thread, mark }, o)),
    file: (thread, file, o) =>
      inThread(parts, thread, () =>
        showFile(parts.client, { at: channelAndTs(thread), file, unclear: parts.unclear }, o),
      ),
    hint: (thread, o) => hint(parts, thread, o),
    reconcile: (thread, key, o) => reconcile(parts, { thread, key }, o),
    sync: (signal) => parts.syncLoop.run(signal),
  };
}

/** Everything in a thread waits for its Slack channel to be mended (3), or for the case to go on elsewhere. */
async function inThread<Value>({ places }: DeskDeps, thread: ThreadId, show: () => Promise<Value>): Promise<Value> {
  const { channel } = channelAndTs(thread);
  const why = await places.closedReason(channel);
  if (why !== null) throw closedPlace(channel, why);
  try {
    return await show();
  } catch (error) {
    if (isClosed(error)) places.invalidate();
    if (!(error instanceof SendError) || codeMeaning(error.code ?? "")?.class !== "gone") throw error;
    throw waiting(error, FIX_RETRY_MS);
  }
}

async function hint(
  { client }: DeskDeps,
  thread: ThreadId,
  o: DeskOptions & { operator: string; text: string },
): Promise<RemoteId> {
  const { channel, ts } = channelAndTs(thread);
  if (!isPerson(o.operator)) {
    const message = `“${o.operator}” is nobody in Slack, so nothing can be said to them there`;
    throw new SendError(message, { outcome: "not-sent", retry: "never", code: "user_not_found" });
  }
  const body = {
    channel,
    user: o.operator,
    text: escape(wellFormed(o.text)),
    parse: "none" as const,
    blocks: smallPrint(o.text),
  };
  const { message_ts } = await call(o.signal, () =>
    client.web.chat.postEphemeral({ ...body, ...(ts === null ? {} : { thread_ts: ts }) }),
  );
  return remoteMessage(channel, message_ts ?? "");
}
