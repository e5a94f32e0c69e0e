/** What the playground page reads: one function per statement. Newest first where there is a limit; callers turn it round. */
import type { Db, Statement } from "./db.ts";
import { DELIVERY, type PartFacts } from "./part-facts.ts";

const CONVERSATIONS: Statement = {
  name: "playground_conversations",
  text: `select id, state from conversation where channel = $1 and thread = $2 order by id`,
};

/** The conversations of a thread, oldest first; the last one is the current one. */
export function threadConversations(
  db: Db,
  channel: string,
  thread: string,
): Promise<{ id: number; state: unknown }[]> {
  return db.run(CONVERSATIONS, [channel, thread]);
}

const CUSTOMER_MESSAGES: Statement = {
  name: "playground_customer_messages",
  text: `select id, external_id as ref, author_name as name, text, at from message
    where conversation = any($1::bigint[]) and author = 'customer' order by id desc limit $2`,
};

export interface CustomerMessageRow {
  id: number;
  ref: string | null;
  name: string;
  text: string;
  at: Date;
}

/** What the customer wrote in these conversations. */
export function customerMessages(
  db: Db,
  conversations: readonly number[],
  limit: number,
): Promise<CustomerMessageRow[]> {
  return db.run(CUSTOMER_MESSAGES, [conversations, limit]);
}

const ARRIVED_PARTS: Statement = {
  name: "playground_arrived_parts",
  text: `select o.id, o.remote_id as ref, o.message, o.part, o.outcome, o.attempted_at is not null as attempted, o.error, o.settled_at as at,
      m.author, m.author_name as name, d.status, d.code
    from outbox o left join message m on m.id = o.message ${DELIVERY}
    where o.conversation = any($1::bigint[]) and o.channel = $2 and o.thread = $3 and o.outcome = 'sent'
    order by o.id desc limit $4`,
};

export interface ArrivedPartRow extends PartFacts {
  id: number;
  ref: string | null;
  message: number | null;
  part: unknown;
  at: Date;
  author: string | null;
  name: string | null;
}

/** The parts that reached the customer's thread. What has not been settled as sent has not arrived. */
export function arrivedParts(
  db: Db,
  conversations: readonly number[],
  { channel, thread, limit }: { channel: string; thread: string; limit: number },
): Promise<ArrivedPartRow[]> {
  return db.run(ARRIVED_PARTS, [conversations, channel, thread, limit]);
}

const DESK_CARDS: Statement = {
  name: "playground_desk_cards",
  text: `select shown.part -> 'card' as card
    from (
      select k.conversation from "case" k join conversation c on c.id = k.conversation
      where c.channel = any($3::text[]) order by k.updated_at desc limit $2) latest
    cross join lateral (
      select part from outbox o
      where o.conversation = latest.conversation and o.channel = $1 and o.outcome = 'sent' and o.part ->> 'desk' = 'card'
      order by o.id desc limit 1) shown`,
};

/** The cards as the desk was last told them, of the cases on these channels that moved last. */
export function deskCards(
  db: Db,
  desk: string,
  { channels, limit }: { channels: readonly string[]; limit: number },
): Promise<{ card: unknown }[]> {
  return db.run(DESK_CARDS, [desk, limit, channels]);
}

const DESK_CARD: Statement = {
  name: "playground_desk_card",
  text: `select part -> 'card' as card from outbox
    where conversation = $2 and channel = $1 and outcome = 'sent' and part ->> 'desk' = 'card' order by id desc limit 1`,
};

/** One case's card as the desk was last told it. */
export function deskCard(db: Db, desk: string, conversation: number): Promise<{ card: unknown }[]> {
  return db.run(DESK_CARD, [desk, conversation]);
}

const DESK_LINES: Statement = {
  name: "playground_desk_lines",
  text: `select id, message, part, settled_at as at from outbox
    where conversation = $2 and channel = $1 and outcome = 'sent' and part ->> 'desk' <> 'card'
    order by id desc limit $3`,
};

export interface DeskLineRow {
  id: number;
  /** The message that an entry mirrors, where a turn made both. */
  message: number | null;
  part: unknown;
  at: Date;
}

/** The entries, hints and transcripts of one case. */
export function deskLines(
  db: Db,
  desk: string,
  { conversation, limit }: { conversation: number; limit: number },
): Promise<DeskLineRow[]> {
  return db.run(DESK_LINES, [desk, conversation, limit]);
}

const MESSAGE_PARTS: Statement = {
  name: "playground_message_parts",
  text: `select o.message, o.channel, o.outcome, o.attempted_at is not null as attempted, o.error, d.status, d.code
    from outbox o ${DELIVERY}
    where o.conversation = $1 and o.message = any($2::bigint[]) and o.part ->> 'desk' is null`,
};

export interface MessagePartRow extends PartFacts {
  message: number;
  channel: string;
}

/** What became of the parts of some messages of one conversation. */
export function messageParts(db: Db, conversation: number, messages: readonly number[]): Promise<MessagePartRow[]> {
  return db.run(MESSAGE_PARTS, [conversation, messages]);
}

const WITH_BOT: Statement = {
  name: "playground_with_bot",
  text: `select c.id as conversation, c.channel, coalesce(last.name, '') as customer, coalesce(last.text, '') as last_text
    from conversation c
    left join lateral (
      select author_name as name, text from message m
      where m.conversation = c.id and m.author = 'customer' order by m.id desc limit 1) last on true
    where c.closed_at is null and c.channel = any($2::text[]) and not exists (
      select from "case" k where k.conversation = c.id and k.status in ('new', 'with us', 'waiting for the customer'))
    order by c.id desc limit $1`,
};

export interface WithBotRow {
  conversation: number;
  channel: string;
  customer: string;
  last_text: string;
}

/** Open conversations on these channels that no person holds or is waited for in, those opened last. */
export function withBot(db: Db, channels: readonly string[], limit: number): Promise<WithBotRow[]> {
  return db.run(WITH_BOT, [limit, channels]);
}

const ON_CHANNELS: Statement = {
  name: "playground_on_channels",
  text: `select id from conversation where id = any($1::bigint[]) and channel = any($2::text[])`,
};

/** Those of some conversations that are on these channels. */
export async function onChannels(
  db: Db,
  channels: readonly string[],
  conversations: readonly number[],
): Promise<ReadonlySet<number>> {
  const rows = await db.run<{ id: number }>(ON_CHANNELS, [conversations, channels]);
  return new Set(rows.map(({ id }) => id));
}

const JOURNAL: Statement = {
  name: "playground_journal",
  // Each half stands in a partial index of its own; one condition for both would read the whole table.
  text: `select * from (
      (select id, seq, at, kind, payload, lines, quarantined from event
        where conversation = $1 and seq is null order by id desc limit $2)
      union all
      (select id, seq, at, kind, payload, lines, quarantined from event
        where conversation = $1 and seq is not null order by seq desc limit $2)) happened
    order by seq desc nulls first, id desc limit $2`,
};

export interface EventRow {
  id: number;
  seq: number | null;
  at: Date;
  kind: string;
  payload: unknown;
  lines: unknown;
  quarantined: string | null;
}

/** What happened to one conversation; what waits to be handled comes first, since it is the newest. */
export function journal(db: Db, conversation: number, limit: number): Promise<EventRow[]> {
  return db.run(JOURNAL, [conversation, limit]);
}

const CUSTOMER_NAME: Statement = {
  name: "playground_customer_name",
  text: `select author_name as name from message
    where conversation = $1 and author = 'customer' order by id desc limit 1`,
};

/** What the customer of a conversation called themselves last; no row before they wrote. */
export function customerName(db: Db, conversation: number): Promise<{ name: string }[]> {
  return db.run(CUSTOMER_NAME, [conversation]);
}

const CHANGE: Statement = {
  name: "playground_change",
  text: `select concat_ws('.',
      (select max(updated_at) from "case"),
      (select count(*) || '/' || count(attempted_at) || '/' || coalesce(sum(id), 0) from outbox where outcome is null and channel = $2),
      (select string_agg(latest.id || ':' || coalesce(latest.said, 0), ',' order by latest.id) from (
        select c.id, (select max(m.id) from message m where m.conversation = c.id) as said
        from conversation c where c.closed_at is null and c.channel = any($4::text[]) order by c.id desc limit $3) latest),
      (select string_agg(concat_ws(':', w.id, e.waits, h.seq, m.said, o.mark, d.mark), ',' order by w.id)
        from unnest($1::bigint[]) as w(id)
        cross join lateral (select count(*) || '/' || coalesce(max(id), 0) as waits from event where conversation = w.id and seq is null) e
        cross join lateral (select max(seq) as seq from event where conversation = w.id and seq is not null) h
        cross join lateral (select max(id) as said from message where conversation = w.id) m
        cross join lateral (
          select concat_ws('/', max(id), count(outcome), count(attempted_at), max(settled_at)) as mark
          from outbox where conversation = w.id) o
        cross join lateral (
          select sum(d.rank) as mark from outbox o join delivery d on d.outbox = o.id where o.conversation = w.id) d)
    ) as mark`,
};

interface Watched {
  /** Those whose words, parts or journal the page shows. */
  conversations: readonly number[];
  /** The desk's channel. */
  desk: string;
  /** How many open conversations the page lists, and of which channels. */
  open: number;
  channels: readonly string[];
}

/**
 * A mark that differs after anything the page shows has changed, and seldom otherwise: other conversations count only
 * as far as the page lists them. Cheap: ends of indexes, the desk's parts that wait, and rows of what the page shows.
 */
export async function changeMark(db: Db, { conversations, desk, open, channels }: Watched): Promise<string> {
  const rows = await db.run<{ mark: string }>(CHANGE, [conversations, desk, open, channels]);
  return rows[0]?.mark ?? "";
}

/** Every statement of the page, so that a test can see that none of them reads a whole table. */
export const PLAYGROUND_READS: readonly Statement[] = [
  CONVERSATIONS,
  CUSTOMER_MESSAGES,
  ARRIVED_PARTS,
  DESK_CARDS,
  DESK_CARD,
  DESK_LINES,
  MESSAGE_PARTS,
  WITH_BOT,
  ON_CHANNELS,
  JOURNAL,
  CUSTOMER_NAME,
  CHANGE,
];
