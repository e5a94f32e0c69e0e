import type { Reconciling } from "../../../../src/adapter/adapter.ts";
import type { RemoteId, ThreadId } from "../../../../src/domain/ids.ts";
import { channelAndTs, remoteMessage } from "../../ids.ts";
import { reconcile as reconcileKeyed } from "../../outbound/reconcile.ts";
import type { DeskDeps } from "./desk-deps.ts";
import { type FoundPost, findPost, findPosted } from "./find-posted.ts";
import { isChannelClosed } from "./send-errors.ts";

/** Asks Slack whether something was posted. A card may have moved, so all channels of the desk are searched for it. */
export async function reconcileShown(
  deps: DeskDeps,
  { thread, key }: { thread: ThreadId | null; key: string },
  o: Reconciling,
): Promise<Outcome> {
  const { client, places, unclear } = deps;
  const file = unclear.get(key);
  if (thread !== null && file !== undefined)
    return reconcileKeyed(client.web, channelAndTs(thread), { key, file, ...o });
  try {
    const ts = thread === null ? null : findPost(await findPosted(client.web, channelAndTs(thread), o), key);
    if (thread !== null && ts !== null) return remoteMessage(channelAndTs(thread).channel, ts);
    for (const channel of await places.all()) {
      const root = findPost(await topLevelPosts(deps, channel, o), key);
      if (root !== null) return remoteMessage(channel, root);
    }
    return "not-sent";
  } catch {
    return "unknown";
  }
}

type Outcome = RemoteId | "not-sent" | "unknown";

/** Lists the posts at the top level of a channel; none for a channel that is closed to us, which got no card either. */
async function topLevelPosts({ client }: DeskDeps, channel: string, o: Reconciling): Promise<FoundPost[]> {
  try {
    return await findPosted(client.web, { channel, ts: null }, o);
  } catch (error) {
    if (isChannelClosed(error)) return [];
    throw error;
  }
}
