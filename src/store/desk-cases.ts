/**
 * Cases as a desk looks them up for somebody: those within their reach, and no others. A case's thread counts only where it
 * is this desk's, not one that was there before it.
 */

import type { CaseCard } from "../domain/case.ts";
import { UNKNOWN_CUSTOMER } from "../domain/customer-name.ts";
import { readCard } from "../domain/desk-part.ts";
import type { ThreadId } from "../domain/ids.ts";
import type { Reach } from "../domain/reach.ts";
import type { Db, Statement } from "./db.ts";
import { reachParameters, withinReach } from "./desk-reach.ts";

interface CaseRow {
  card: CaseCard;
  thread: ThreadId | null;
  /** Whose case it is: two cases of one contact are of one person. */
  contact: number;
}

/** A desk's channel, and what whoever asks may see. */
export interface DeskScope {
  channel: string;
  reach: Reach;
}

/** Cases in one answer at most. */
const CASES_MAX = 1_000;

const SHOWN = `k.card, case when k.desk_channel = $1 then k.thread end as thread,
  (select c.contact from conversation c where c.id = k.conversation) as contact`;

const ONE: Statement = {
  name: "desk_case",
  text: `select ${SHOWN} from "case" k where k.conversation = $2 and ${withinReach(3)}`,
};

/** One case, whatever has become of it. */
export async function findCase(db: Db, { channel, reach }: DeskScope, conversation: number): Promise<CaseRow | null> {
  const [row] = await db.run<CaseRow>(ONE, [channel, conversation, ...reachParameters(reach)]);
  return row === undefined ? null : readRow(row);
}

// Our own times are all written alike, so their texts stand in the order of the times.
/** Exported for the test of its plan. */
export const OPEN_CASES: Statement = {
  name: "desk_open_cases",
  text: `
select ${SHOWN} from "case" k
where k.status in ('new', 'with us', 'waiting for the customer')
  and ($2::text is null or k.holder = $2)
  and ($3::text[] is null or k.queue = any($3))
  and (not $4::boolean or k.holder is null)
  and ${withinReach(6)}
order by k.card->>'waitingSince' nulls last, k.opened_at, k.conversation
limit $5`,
};

interface Wanted {
  holder?: string;
  queues?: readonly string[];
  unclaimed?: true;
  limit: number;
}

/** Open cases with people, those who wait longest first; at most 1,000, whatever the limit. */
export async function openCases(
  db: Db,
  { channel, reach }: DeskScope,
  { holder, queues, unclaimed, limit }: Wanted,
): Promise<CaseRow[]> {
  const wanted = [holder ?? null, queues ?? null, unclaimed ?? false, clampLimit(limit)];
  return (await db.run<CaseRow>(OPEN_CASES, [channel, ...wanted, ...reachParameters(reach)])).map(readRow);
}

const FIND: Statement = {
  name: "desk_find_cases",
  text: `
select ${SHOWN} from "case" k
join conversation c on c.id = k.conversation
left join contact p on p.id = c.contact
where (k.card->>'customer' ilike $2 or k.card->>'channel' ilike $2 or p.name ilike $2 or p.email ilike $2
   or k.conversation::text like $3 or p.phone like $4) and ${withinReach(6)}
order by k.conversation desc limit $5`,
};

// A conversation that only the bot has to do with is no case yet, so it is in no queue: it is there for whoever works in
// any. It is shown as a case would be, so that people can take it over; its customer as `customerLabel` names them.
const FIND_WITH_BOT: Statement = {
  name: "desk_find_with_bot",
  text: `
select json_build_object(
  'conversation', c.id, 'queue', '', 'status', 'with the bot', 'priority', 'normal',
  'customer', coalesce(nullif(p.name, ''), nullif(p.phone, ''), nullif(p.email, ''), '${UNKNOWN_CUSTOMER}'),
  'channel', c.channel, 'reason', 'The bot holds this conversation', 'summary', null, 'facts', '[]'::json, 'tags', '[]'::json,
  'holder', null, 'mergedInto', null, 'waitingSince', null, 'openedAt', c.opened_at) as card, null as thread, c.contact
from conversation c join contact p on p.id = c.contact
where c.closed_at is null and not exists (select from "case" k where k.conversation = c.id)
  and (p.name ilike $1 or p.email ilike $1 or c.channel ilike $1 or c.id::text like $2 or p.phone like $3)
order by c.id desc limit $4`,
};

/**
 * Cases whose customer, channel or number has this text in it, newest first, then open conversations that the bot holds;
 * at most 1,000, whatever the limit.
 */
export async function findCases(
  db: Db,
  { channel, reach }: DeskScope,
  o: { text: string; limit: number },
): Promise<CaseRow[]> {
  // Neither a NUL nor half a character can stand in anything that was stored.
  const text = o.text.trim();
  if (text === "" || text.includes("\0") || !text.isWellFormed()) return [];
  const patterns = [containsPattern(text), containsPattern(text.replace(/^#/, "")), containsPattern(phoneDigits(text))];
  const limit = clampLimit(o.limit);
  const cases = (await db.run<CaseRow>(FIND, [channel, ...patterns, limit, ...reachParameters(reach)])).map(readRow);
  if (cases.length >= limit || reach.queues.length === 0) return cases;
  return [...cases, ...(await db.run<CaseRow>(FIND_WITH_BOT, [...patterns, limit - cases.length]))];
}

const readRow = (row: CaseRow): CaseRow => ({ ...row, card: readCard(row.card) });

/** Any text with this one in it, as a LIKE pattern. */
const containsPattern = (text: string): string => `%${text.replace(/[\\%_]/g, "\\$&")}%`;

/** A telephone number without what people put between its digits; any other text as it is. */
const phoneDigits = (text: string): string =>
  /^[\d\s+().\-/]+$/.test(text) ? text.replace(/[^\d+]/g, "") || text : text;

const clampLimit = (limit: number): number => Math.max(0, Math.min(CASES_MAX, Math.trunc(limit)));

const LATEST: Statement = {
  name: "desk_latest_conversation",
  text: `select id from conversation where channel = $1 and thread = $2 order by id desc limit 1`,
};

/** The latest conversation of a thread. */
export async function latestConversation(db: Db, channel: string, thread: ThreadId): Promise<number | null> {
  const [row] = await db.run<{ id: number }>(LATEST, [channel, thread]);
  return row?.id ?? null;
}
