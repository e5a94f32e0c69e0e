import type { WebClient } from "@slack/web-api";
import { METADATA_EVENT } from "../../outbound/body.ts";
import { call } from "../../outbound/errors.ts";
import type { Spot } from "./desk-client.ts";

/** Page size that Slack accepts without reducing it (docs, "conversations.replies"). */
const PAGE = 200;

/** A post found in a channel or thread. */
export interface FoundPost {
  ts: string;
  key: string | null;
  /** Number of posts that share the key. */
  of: number;
}

/** Lists the posts in a thread, or at the top level of a Slack channel, since `oldest`, a time as Slack writes it; null: all. Throws SendError. */
export async function findPosted(
  client: WebClient,
  spot: Spot,
  { oldest, signal }: { oldest: string | null; signal: AbortSignal },
): Promise<FoundPost[]> {
  const all: FoundPost[] = [];
  let cursor: string | undefined;
  do {
    const page = {
      channel: spot.channel,
      include_all_metadata: true,
      limit: PAGE,
      ...(oldest === null ? {} : { oldest }),
      ...(cursor ? { cursor } : {}),
    };
    const { ts } = spot;
    const answer = await call(signal, () =>
      ts === null ? client.conversations.history(page) : client.conversations.replies({ ...page, ts }),
    );
    all.push(...((answer.messages ?? []) as Listed[]).flatMap(readPost));
    cursor = answer.response_metadata?.next_cursor;
  } while (cursor !== undefined && cursor !== "");
  return all;
}

interface Listed {
  ts?: string;
  metadata?: { event_type?: string; event_payload?: { key?: unknown; of?: unknown } };
}

function readPost({ ts, metadata }: Listed): FoundPost[] {
  if (ts === undefined) return [];
  const ours = metadata?.event_type === METADATA_EVENT ? metadata.event_payload : undefined;
  const key = typeof ours?.key === "string" ? ours.key : null;
  const of = typeof ours?.of === "number" ? ours.of : 1;
  return [{ ts, key, of }];
}

/** Returns the ts of the post with this key, or of the last of several that share it; null if not all of them are there. */
export function findPost(all: readonly FoundPost[], key: string): string | null {
  const single = all.find((one) => one.key === key);
  if (single !== undefined) return single.ts;
  const of = all.find((one) => one.key?.startsWith(`${key}.`))?.of ?? 0;
  const parts = Array.from({ length: of }, (_, at) => all.find((one) => one.key === partKey(key, at)));
  return parts.includes(undefined) ? null : (parts.at(-1)?.ts ?? null);
}

/** Returns the key of one of several posts. */
export const partKey = (key: string, at: number): string => `${key}.${at + 1}`;
