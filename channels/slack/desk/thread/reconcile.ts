import type { RemoteId, ThreadId } from "../../../../src/domain/ids.ts";
import { channelAndTs, remoteMessage } from "../../ids.ts";
import { reconcile as reconcileKeyed } from "../../outbound/reconcile.ts";
import type { DeskDeps } from "./desk-deps.ts";
import { type FoundPost, findPosted, wholePost } from "./find-posted.ts";
import { isClosed } from "./send-errors.ts";

/** A card that moved is looked for wherever cards are shown, because its old thread does not know of it. */
export async function reconcile(
  parts: DeskDeps,
  { thread, key }: { thread: ThreadId | null; key: string },
  o: Asked,
): Promise<Known> {
  const { client, places, unclear } = parts;
  const file = unclear.get(key);
  if (thread !== null && file !== undefined)
    return reconcileKeyed(client.web, channelAndTs(thread), { key, file, ...o });
  try {
    const ts = thread === null ? null : wholePost(await findPosted(client.web, channelAndTs(thread), o), key);
    if (thread !== null && ts !== null) return remoteMessage(channelAndTs(thread).channel, ts);
    for (const channel of await places.all()) {
      const root = wholePost(await topOf(parts, channel, o), key);
      if (root !== null) return remoteMessage(channel, root);
    }
    return "not-sent";
  } catch {
    return "unknown";
  }
}

type Known = RemoteId | "not-sent" | "unknown";
interface Asked {
  since: Date;
  signal: AbortSignal;
}

/** A Slack channel that is not there, or not ours to read, took no card either. */
async function topOf({ client }: DeskDeps, channel: string, o: Asked): Promise<FoundPost[]> {
  try {
    return await findPosted(client.web, { channel, ts: null }, o);
  } catch (error) {
    if (isClosed(error)) return [];
    throw error;
  }
}
