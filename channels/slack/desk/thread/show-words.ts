import type { DeskOptions, ShownDeliveryStatus } from "../../../../src/desk/desk.ts";
import type { DeskEntry } from "../../../../src/domain/case.ts";
import type { RemoteId, ThreadId } from "../../../../src/domain/ids.ts";
import { channelAndTs, remoteMessage } from "../../ids.ts";
import type { Shown } from "../view/blocks.ts";
import { deliveryStatusMessage } from "../view/delivery-status.ts";
import { entryPosts } from "../view/entry.ts";
import { post, update } from "./desk-client.ts";
import type { DeskDeps } from "./desk-deps.ts";
import { findPosted, partKey, wholePost } from "./find-posted.ts";
import { isFixed } from "./send-errors.ts";

interface Entries {
  thread: ThreadId;
  entries: readonly DeskEntry[];
}

/** Answers with the last post, under which a mark belongs. */
export async function postEntries(
  parts: DeskDeps,
  { thread, entries }: Entries,
  { key, signal }: DeskOptions,
): Promise<RemoteId> {
  const { client } = parts;
  const at = channelAndTs(thread);
  const posts = entryPosts(entries, await lookOf(parts, entries, signal));
  const several = posts.length > 1;
  const there = several ? await findPosted(client.web, at, { since: null, signal }) : [];
  let last = "";
  for (const [index, shown] of posts.entries()) {
    const own = several ? partKey(key, index) : key;
    last = wholePost(there, own) ?? (await post(client, at, { shown, key: own, of: posts.length, signal }));
  }
  return remoteMessage(at.channel, last);
}

async function lookOf({ config, directory }: DeskDeps, entries: readonly DeskEntry[], signal: AbortSignal) {
  const customers = entries.some(({ kind }) => kind === "customer");
  return { mirror: config.mirror, taken: customers ? await directory.takenNames(signal) : () => false };
}

/** Under the operator's words; where a post shows both, that post is changed. */
export async function showDeliveryStatus(
  parts: DeskDeps,
  { thread, mark }: { thread: ThreadId; mark: ShownDeliveryStatus },
  o: DeskOptions,
): Promise<RemoteId> {
  const at = channelAndTs(thread);
  const earlier = mark.earlier === null ? null : channelAndTs(mark.earlier);
  if (earlier !== null && earlier.ts !== null) {
    const shown = deliveryStatusMessage(mark, mark.entry === null ? null : await lastPost(parts, mark.entry, o.signal));
    try {
      await update(parts.client, { channel: earlier.channel, ts: earlier.ts }, { ...o, shown });
      return remoteMessage(earlier.channel, earlier.ts);
    } catch (error) {
      if (!isFixed(error)) throw error;
    }
  }
  const ts = await post(parts.client, at, { ...o, shown: deliveryStatusMessage(mark, null) });
  return remoteMessage(at.channel, ts);
}

async function lastPost(parts: DeskDeps, entry: DeskEntry, signal: AbortSignal): Promise<Shown | null> {
  return entryPosts([entry], await lookOf(parts, [entry], signal)).at(-1) ?? null;
}
