/**
 * Asks Slack whether a post arrived though its answer was lost. Slack has no idempotency keys, but returns the metadata of
 * our posts (docs.slack.dev, "message metadata"). A file share has none: it is found by its name and size.
 */
import { setTimeout as sleep } from "node:timers/promises";
import type { WebClient } from "@slack/web-api";
import type { Reconciling } from "../../../src/adapter/adapter.ts";
import type { RemoteId } from "../../../src/domain/ids.ts";
import { remoteId } from "../../../src/domain/ids.ts";
import type { StoredFile } from "../../../src/domain/message.ts";
import { remoteMessage } from "../ids.ts";
import { METADATA_EVENT } from "./body.ts";
import { call } from "./errors.ts";
import { type Identity, identityOf } from "./identity.ts";

/** Tolerance: while Slack is asked time passes, and it tells the time in whole seconds. */
const MARGIN_MS = 60_000;
/** Page size that Slack recommends at most; its limit is 999 (docs, "pagination"). */
const PAGE = 200;
/** Time after which a post whose connection broke is visible. */
const SETTLED_MS = 2_000;
/** Time after which an uploaded file is visible: Slack scans files first. */
const SCANNED_MS = 120_000;
/** The most pages read; with more than four thousand messages since the attempt, the outcome is unknown. */
const MAX_PAGES = 20;

export interface ReconcileOptions extends Reconciling {
  key: string;
  /** The part's file, if it is one. */
  file?: StoredFile | undefined;
}

interface MatchOptions extends ReconcileOptions {
  /** Our bot's user: the same file shared by somebody else is not our part. */
  own: string;
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
 * Finds the post with this key in a thread, or at the top level of a Slack channel if `ts` is null, and returns its id.
 * "not-sent" only after a complete listing since the attempt, once it had time to arrive; else "unknown". Never throws.
 */
export async function reconcile(
  web: WebClient,
  at: { channel: string; ts: string | null },
  options: ReconcileOptions,
): Promise<RemoteId | "not-sent" | "unknown"> {
  const found = await findPost(web, at, options);
  if (found !== "not-sent") return found;
  if (options.file !== undefined && options.agoMs < SCANNED_MS) return "unknown";
  if (isSettled(options)) return found;
  return (await untilSettled(options)) ? findPost(web, at, options) : "unknown";
}

/** True once a post whose connection broke is visible. */
export const isSettled = ({ agoMs }: Reconciling): boolean => agoMs >= SETTLED_MS;

/** Waits until a post whose connection broke is visible; false where it was aborted. */
export const untilSettled = ({ agoMs, signal }: Reconciling): Promise<boolean> =>
  sleep(SETTLED_MS - Math.max(0, agoMs), true, { signal }).catch(() => false);

async function findPost(
  web: WebClient,
  { channel, ts }: { channel: string; ts: string | null },
  options: ReconcileOptions,
): Promise<RemoteId | "not-sent" | "unknown"> {
  const us = await identityOf(web, options.signal);
  if (us === null) return "unknown";
  const window = { channel, oldest: oldestOf(us, options), inclusive: true, include_all_metadata: true, limit: PAGE };
  let cursor: string | undefined;
  for (let pages = 0; pages < MAX_PAGES; pages++) {
    const args = { ...window, ...(cursor && { cursor }) };
    const listing = (): Promise<Page> =>
      ts === null ? web.conversations.history(args) : web.conversations.replies({ ...args, ts });
    const page = await call(options.signal, listing).catch(() => null);
    if (page?.messages === undefined) return "unknown";
    const found = page.messages
      .map((message) => match(channel, message, { ...options, own: us.user }))
      .find((id) => id !== null);
    if (found !== undefined) return found;
    cursor = page.response_metadata?.next_cursor;
    if (!cursor) return page.has_more === true ? "unknown" : "not-sent";
  }
  return "unknown";
}

/** Start of a listing in which a post of the attempt is, as Slack writes times. */
export const oldestOf = ({ nowMs }: Identity, { agoMs }: Reconciling): string =>
  (Math.max(0, nowMs - agoMs - MARGIN_MS) / 1_000).toFixed(6);

function match(
  channel: string,
  { ts, user, metadata, files }: Listed,
  { key, file, own }: MatchOptions,
): RemoteId | null {
  const payload = metadata?.event_type === METADATA_EVENT ? metadata.event_payload : undefined;
  const keyed = typeof payload === "object" && payload !== null && "key" in payload && payload.key === key;
  if (keyed && ts !== undefined) return remoteMessage(channel, ts);
  if (file === undefined || user !== own) return null;
  const shared = files?.find(({ name, size }) => name === file.name && size === file.bytes);
  return shared?.id === undefined ? null : remoteId(shared.id);
}
