import type { DeliveryStatus, DeskOptions } from "../../../../src/desk/desk.ts";
import type { DeskEntry } from "../../../../src/domain/case.ts";
import type { RemoteId, ThreadId } from "../../../../src/domain/ids.ts";
import { channelAndTs, remoteMessage } from "../../ids.ts";
import type { Shown } from "../view/blocks.ts";
import { entryPosts } from "../view/entry.ts";
import { markMessage } from "../view/mark.ts";
import { isFixed } from "./closed.ts";
import { found, partKey, whole } from "./found.ts";
import type { DeskParts } from "./parts.ts";
import { post, update } from "./wire.ts";

interface Entries {
  thread: ThreadId;
  entries: readonly DeskEntry[];
}

/** Answers with the last post, under which a mark belongs. */
export async function postEntries(
  parts: DeskParts,
  { thread, entries }: Entries,
  { key, signal }: DeskOptions,
): Promise<RemoteId> {
  const { wire } = parts;
  const at = channelAndTs(thread);
  const posts = entryPosts(entries, await lookOf(parts, entries, signal));
  const several = posts.length > 1;
  const there = several ? await found(wire.web, at, { since: null, signal }) : [];
  let last = "";
  for (const [index, shown] of posts.entries()) {
    const own = several ? partKey(key, index) : key;
    last = whole(there, own) ?? (await post(wire, at, { shown, key: own, of: posts.length, signal }));
  }
  return remoteMessage(at.channel, last);
}

async function lookOf({ config, directory }: DeskParts, entries: readonly DeskEntry[], signal: AbortSignal) {
  const customers = entries.some(({ kind }) => kind === "customer");
  return { mirror: config.mirror, taken: customers ? await directory.taken(signal) : () => false };
}

/** Under the operator's words; where a post shows both, that post is changed. */
export async function showMark(
  parts: DeskParts,
  { thread, mark }: { thread: ThreadId; mark: DeliveryStatus },
  o: DeskOptions,
): Promise<RemoteId> {
  const at = channelAndTs(thread);
  const earlier = mark.earlier === null ? null : channelAndTs(mark.earlier);
  if (earlier !== null && earlier.ts !== null) {
    const shown = markMessage(mark, mark.entry === null ? null : await lastPost(parts, mark.entry, o.signal));
    try {
      await update(parts.wire, { channel: earlier.channel, ts: earlier.ts }, { ...o, shown });
      return remoteMessage(earlier.channel, earlier.ts);
    } catch (error) {
      if (!isFixed(error)) throw error;
    }
  }
  const ts = await post(parts.wire, at, { ...o, shown: markMessage(mark, null) });
  return remoteMessage(at.channel, ts);
}

async function lastPost(parts: DeskParts, entry: DeskEntry, signal: AbortSignal): Promise<Shown | null> {
  return entryPosts([entry], await lookOf(parts, [entry], signal)).at(-1) ?? null;
}
