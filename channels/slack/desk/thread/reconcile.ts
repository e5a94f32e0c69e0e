import type { DeskReconciling } from "../../../../src/desk/desk.ts";
import type { RemoteId, ThreadId } from "../../../../src/domain/ids.ts";
import { channelAndTs, remoteMessage } from "../../ids.ts";
import { identityOf } from "../../outbound/identity.ts";
import { isSettled, oldestOf, reconcile as reconcileKeyed, untilSettled } from "../../outbound/reconcile.ts";
import type { DeskDeps } from "./desk-deps.ts";
import { type FoundPost, findPost, findPosted } from "./find-posted.ts";
import { isChannelClosed } from "./send-errors.ts";

interface Asked {
  thread: ThreadId | null;
  key: string;
}

/** Asks Slack if something was posted: "not-sent" only once it had time to become visible. Never throws. */
export async function reconcileShown(deps: DeskDeps, asked: Asked, o: DeskReconciling): Promise<Outcome> {
  const { thread, key } = asked;
  const { file, ...attempt } = o;
  if (thread !== null && file !== null)
    return reconcileKeyed(deps.client.web, channelAndTs(thread), { ...attempt, key, file });
  const found = await findShown(deps, asked, o);
  if (found !== "not-sent" || isSettled(o)) return found;
  return (await untilSettled(o)) ? findShown(deps, asked, o) : "unknown";
}

/** Finds something by its key. A card may have moved, so all channels of the desk are searched for it. */
async function findShown(deps: DeskDeps, { thread, key }: Asked, o: DeskReconciling): Promise<Outcome> {
  const { client, places } = deps;
  const us = await identityOf(client.web, o.signal);
  if (us === null) return "unknown";
  const listing = { oldest: oldestOf(us, o), signal: o.signal };
  try {
    const ts = thread === null ? null : findPost(await findPosted(client.web, channelAndTs(thread), listing), key);
    if (thread !== null && ts !== null) return remoteMessage(channelAndTs(thread).channel, ts);
    for (const channel of await places.all()) {
      const root = findPost(await topLevelPosts(deps, channel, listing), key);
      if (root !== null) return remoteMessage(channel, root);
    }
    return "not-sent";
  } catch {
    return "unknown";
  }
}

type Listing = Parameters<typeof findPosted>[2];
type Outcome = RemoteId | "not-sent" | "unknown";

/** Lists the posts at the top level of a channel; none for a channel that is closed to us, which got no card either. */
async function topLevelPosts({ client }: DeskDeps, channel: string, listing: Listing): Promise<FoundPost[]> {
  try {
    return await findPosted(client.web, { channel, ts: null }, listing);
  } catch (error) {
    if (isChannelClosed(error)) return [];
    throw error;
  }
}
