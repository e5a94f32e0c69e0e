/**
 * Asks Slack whether a post arrived, though its answer was lost. Slack takes no idempotency key, but keeps the metadata
 * that stands with every post of ours, and gives it back (docs.slack.dev, "message metadata"). A file share has none: it
 * is known by its name and size.
 */
import { setTimeout as sleep } from "node:timers/promises";
import type { WebClient } from "@slack/web-api";
import type { RemoteId } from "../../../src/domain/ids.ts";
import { remoteId } from "../../../src/domain/ids.ts";
import type { StoredFile } from "../../../src/domain/message.ts";
import { remoteMessage } from "../ids.ts";
import { METADATA_EVENT } from "./body.ts";
import { call } from "./errors.ts";

/** Our clock and Slack's differ, and the attempt is stamped before it leaves. */
const MARGIN_MS = 120_000;
/** Slack gives at most 999 at once, and asks for no more than 200 (docs, "pagination"). */
const PAGE = 200;
/** What was on its way when its connection broke is there by then. */
const SETTLED_MS = 2_000;
/** Files are scanned before they are shown. */
const SCANNED_MS = 120_000;
/** More than four thousand messages since one attempt: we can't say. */
const MAX_PAGES = 20;

export interface Sought {
  key: string;
  /** The part was this file. */
  file?: StoredFile | undefined;
  /** When it was tried. */
  since: Date;
  signal: AbortSignal;
}

interface Known extends Sought {
  own: string | undefined;
}

interface Listed {
  ts?: string | undefined;
  user?: string | undefined;
  metadata?: { event_type?: string; event_payload?: unknown } | undefined;
  files?: { id?: string; name?: string | null; size?: number }[] | undefined;
}

interface Page {
  messages?: Listed[] | undefined;
  has_more?: boolean | undefined;
  response_metadata?: { next_cursor?: string | undefined } | undefined;
}

/**
 * The id of the post with this key in a thread, or at the top of a Slack channel where `ts` is null. "not-sent" only
 * after a complete listing since the attempt, made when it had time to arrive; "unknown" for everything else. Never throws.
 */
export async function reconcile(
  web: WebClient,
  at: { channel: string; ts: string | null },
  sought: Sought,
): Promise<RemoteId | "not-sent" | "unknown"> {
  const found = await look(web, at, sought);
  if (found !== "not-sent") return found;
  const age = Date.now() - sought.since.getTime();
  if (sought.file !== undefined && age < SCANNED_MS) return "unknown";
  if (age >= SETTLED_MS) return found;
  const waited = await sleep(SETTLED_MS - Math.max(0, age), "waited", { signal: sought.signal }).catch(() => null);
  return waited === null ? "unknown" : look(web, at, sought);
}

async function look(
  web: WebClient,
  { channel, ts }: { channel: string; ts: string | null },
  sought: Sought,
): Promise<RemoteId | "not-sent" | "unknown"> {
  const oldest = (Math.max(0, sought.since.getTime() - MARGIN_MS) / 1_000).toFixed(6);
  const window = { channel, oldest, inclusive: true, include_all_metadata: true, limit: PAGE };
  const own = sought.file === undefined ? undefined : await ownUser(web, sought.signal);
  if (own === null) return "unknown";
  let cursor: string | undefined;
  for (let pages = 0; pages < MAX_PAGES; pages++) {
    const asked = { ...window, ...(cursor && { cursor }) };
    const listing = (): Promise<Page> =>
      ts === null ? web.conversations.history(asked) : web.conversations.replies({ ...asked, ts });
    const page = await call(sought.signal, listing).catch(() => null);
    if (page?.messages === undefined) return "unknown";
    const found = page.messages.map((message) => match(channel, message, { ...sought, own })).find((id) => id !== null);
    if (found !== undefined) return found;
    cursor = page.response_metadata?.next_cursor;
    if (!cursor) return page.has_more === true ? "unknown" : "not-sent";
  }
  return "unknown";
}

/** Ours is what our bot's user shared; whoever else shares the same file means something else by it. */
async function ownUser(web: WebClient, signal: AbortSignal): Promise<string | null> {
  const answer = await call(signal, () => web.auth.test()).catch(() => null);
  return answer?.user_id ?? null;
}

function match(channel: string, { ts, user, metadata, files }: Listed, { key, file, own }: Known): RemoteId | null {
  const payload = metadata?.event_type === METADATA_EVENT ? metadata.event_payload : undefined;
  const keyed = typeof payload === "object" && payload !== null && "key" in payload && payload.key === key;
  if (keyed && ts !== undefined) return remoteMessage(channel, ts);
  if (file === undefined || user !== own) return null;
  const shared = files?.find(({ name, size }) => name === file.name && size === file.bytes);
  return shared?.id === undefined ? null : remoteId(shared.id);
}
