/**
 * Looks up cases for an operator: only those within their reach. A case's thread is returned only if it is this desk's,
 * not one of an earlier desk.
 */

import type { CaseCard } from "../domain/case.ts";
import { UNKNOWN_CUSTOMER } from "../domain/customer-name.ts";
import { readCard } from "../domain/desk-part.ts";
import type { ThreadId } from "../domain/ids.ts";
import type { Reach } from "../domain/reach.ts";
import type { Db, Statement } from "./db.ts";
import { reachParameters, withinReach } from "./desk-reach.ts";
import { storableId } from "./long-id.ts";

interface CaseRow {
  card: CaseCard;
  thread: ThreadId | null;
  /** Id of the customer's contact. */
  contact: number;
}

/** A desk's channel, and the cases that the operator may see. */
export interface DeskScope {
  channel: string;
  reach: Reach;
}

/** Maximum number of cases in one result. */
const CASES_MAX = 1_000;

const SHOWN = `k.card, case when k.desk_channel = $1 then k.thread end as thread,
  (select c.contact from conversation c where c.id = k.conversation) as contact`;

const ONE: Statement = {
  name: "desk_case",
  text: `select ${SHOWN} from "case" k where k.conversation = $2 and ${withinReach(3)}`,
};

/** Finds a case by its id, open or closed; null where there is none within reach. */
export async function findCase(db: Db, { channel, reach }: DeskScope, conversation: number): Promise<CaseRow | null> {
  const [row] = await db.run<CaseRow>(ONE, [channel, conversation, ...reachParameters(reach)]);
  return row === undefined ? null : readRow(row);
}

// Our own times all have the same format, so their texts sort by time.
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

/** Open cases held by people, the longest wait first; at most 1,000, whatever the limit. */
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

// A conversation that was never a case is in no queue, so operators of any queue see it. It is shown as a case, so that
// people can take it over; its customer is named as by `customerLabel`.
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
 * Finds cases whose customer, channel or number contains a text, newest first, then open conversations of the bot; at
 * most 1,000, whatever the limit.
 */
export async function findCases(
  db: Db,
  { channel, reach }: DeskScope,
  o: { text: string; limit: number },
): Promise<CaseRow[]> {
  // Nothing stored contains a NUL or half of a surrogate pair.
  const text = o.text.trim();
  if (text === "" || text.includes("\0") || !text.isWellFormed()) return [];
  const patterns = [containsPattern(text), containsPattern(text.replace(/^#/, "")), containsPattern(phoneDigits(text))];
  const limit = clampLimit(o.limit);
  const cases = (await db.run<CaseRow>(FIND, [channel, ...patterns, limit, ...reachParameters(reach)])).map(readRow);
  if (cases.length >= limit || reach.queues.length === 0) return cases;
  return [...cases, ...(await db.run<CaseRow>(FIND_WITH_BOT, [...patterns, limit - cases.length]))];
}

const readRow = (row: CaseRow): CaseRow => ({ ...row, card: readCard(row.card) });

/** LIKE pattern for texts that contain this one. */
const containsPattern = (text: string): string => `%${text.replace(/[\\%_]/g, "\\$&")}%`;

/** Removes separators from a telephone number; other texts stay as they are. */
const phoneDigits = (text: string): string =>
  /^[\d\s+().\-/]+$/.test(text) ? text.replace(/[^\d+]/g, "") || text : text;

const clampLimit = (limit: number): number => Math.max(0, Math.min(CASES_MAX, Math.trunc(limit)));

const LATEST: Statement = {
  name: "desk_latest_conversation",
  text: `select id from conversation where channel = $1 and thread = $2 order by id desc limit 1`,
};

/** The latest conversation of a thread. */
export async function latestConversation(db: Db, channel: string, thread: ThreadId): Promise<number | null> {
  const [row] = await db.run<{ id: number }>(LATEST, [channel, storableId(thread)]);
  return row?.id ?? null;
}
