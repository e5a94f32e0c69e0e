import type { DeskOptions, ShownDeliveryStatus } from "../../../../src/desk/desk.ts";
import type { DeskEntry } from "../../../../src/domain/case.ts";
import type { RemoteId, ThreadId } from "../../../../src/domain/ids.ts";
import { channelAndTs, remoteMessage } from "../../ids.ts";
import type { DeskMessage } from "../view/blocks.ts";
import { deliveryStatusMessage } from "../view/delivery-status.ts";
import { entryPosts } from "../view/entry.ts";
import { postShown, updateShown } from "./desk-client.ts";
import type { DeskDeps } from "./desk-deps.ts";
import { findPost, findPosted, partKey } from "./find-posted.ts";
import { isUneditable } from "./send-errors.ts";

interface Entries {
  thread: ThreadId;
  entries: readonly DeskEntry[];
}

/** Posts entries; returns the last post, under which the delivery status belongs. */
export async function postEntries(
  deps: DeskDeps,
  { thread, entries }: Entries,
  { key, signal, leaving }: DeskOptions,
): Promise<RemoteId> {
  const { client } = deps;
  const at = channelAndTs(thread);
  const posts = entryPosts(entries, await lookOf(deps, entries, signal));
  const several = posts.length > 1;
  const there = several ? await findPosted(client.web, at, { oldest: null, signal }) : [];
  let last = "";
  for (const [index, shown] of posts.entries()) {
    const own = several ? partKey(key, index) : key;
    last =
      findPost(there, own) ?? (await postShown(client, at, { shown, key: own, of: posts.length, signal, leaving }));
  }
  return remoteMessage(at.channel, last);
}

async function lookOf({ config, directory }: DeskDeps, entries: readonly DeskEntry[], signal: AbortSignal) {
  const customers = entries.some(({ kind }) => kind === "customer");
  return { mirror: config.mirror, isTaken: customers ? await directory.takenNames(signal) : () => false };
}

/** Shows a delivery status under the operator's words; if a post shows both, updates that post. */
export async function showDeliveryStatus(
  deps: DeskDeps,
  { thread, mark }: { thread: ThreadId; mark: ShownDeliveryStatus },
  o: DeskOptions,
): Promise<RemoteId> {
  const at = channelAndTs(thread);
  const earlier = mark.earlier === null ? null : channelAndTs(mark.earlier);
  if (earlier !== null && earlier.ts !== null) {
    const shown = deliveryStatusMessage(mark, mark.entry === null ? null : await lastPost(deps, mark.entry, o.signal));
    try {
      await updateShown(deps.client, { channel: earlier.channel, ts: earlier.ts }, { ...o, shown });
      return remoteMessage(earlier.channel, earlier.ts);
    } catch (error) {
      if (!isUneditable(error)) throw error;
    }
  }
  const ts = await postShown(deps.client, at, { ...o, shown: deliveryStatusMessage(mark, null) });
  return remoteMessage(at.channel, ts);
}

async function lastPost(deps: DeskDeps, entry: DeskEntry, signal: AbortSignal): Promise<DeskMessage | null> {
  return entryPosts([entry], await lookOf(deps, [entry], signal)).at(-1) ?? null;
}
