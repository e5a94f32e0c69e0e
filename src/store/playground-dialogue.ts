/**
 * Reads for the customer's side and the journal of the playground page. Newest first where there is a limit; callers
 * reverse it.
 */
import type { Db, Statement } from "./db.ts";
import { DELIVERY, type PartFacts } from "./part-facts.ts";

const CONVERSATIONS: Statement = {
  name: "playground_conversations",
  text: `select id, state from conversation where channel = $1 and thread = $2 order by id`,
};

/** The conversations of a thread, oldest first; the last one is the current one. */
export function conversationsOfThread(
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

/** The customer's messages in these conversations. */
export function customerMessages(
  db: Db,
  conversations: readonly number[],
  limit: number,
): Promise<CustomerMessageRow[]> {
  return db.run(CUSTOMER_MESSAGES, [conversations, limit]);
}

const ARRIVED_PARTS: Statement = {
  name: "playground_arrived_parts",
  text: `select o.id, o.remote_id as ref, o.message, o.content, o.outcome, o.attempted_at is not null as attempted, o.error, o.settled_at as at,
      m.author, m.author_name as name, d.status, d.code
    from outbox o left join message m on m.id = o.message ${DELIVERY}
    where o.conversation = any($1::bigint[]) and o.channel = $2 and o.thread = $3 and o.outcome = 'sent'
    order by o.id desc limit $4`,
};

export interface ArrivedPartRow extends PartFacts {
  id: number;
  ref: string | null;
  message: number | null;
  content: unknown;
  at: Date;
  author: string | null;
  name: string | null;
}

/** The parts settled as sent in the customer's thread. */
export function arrivedParts(
  db: Db,
  conversations: readonly number[],
  { channel, thread, limit }: { channel: string; thread: string; limit: number },
): Promise<ArrivedPartRow[]> {
  return db.run(ARRIVED_PARTS, [conversations, channel, thread, limit]);
}

const JOURNAL: Statement = {
  name: "playground_journal",
  // Each half uses its own partial index; one condition for both would read the whole table.
  text: `select * from (
      (select id, seq, at, kind, payload, lines, quarantined from event
        where conversation = $1 and seq is null order by id desc limit $2)
      union all
      (select id, seq, at, kind, payload, lines, quarantined from event
        where conversation = $1 and seq is not null order by seq desc limit $2)) happened
    order by seq desc nulls first, id desc limit $2`,
};

export interface JournalEventRow {
  id: number;
  seq: number | null;
  at: Date;
  kind: string;
  payload: unknown;
  lines: unknown;
  quarantined: string | null;
}

/** The latest events of one conversation; pending ones first. */
export function recentEvents(db: Db, conversation: number, limit: number): Promise<JournalEventRow[]> {
  return db.run(JOURNAL, [conversation, limit]);
}

const CUSTOMER_NAME: Statement = {
  name: "playground_customer_name",
  text: `select author_name as name from message
    where conversation = $1 and author = 'customer' order by id desc limit 1`,
};

/** The customer's name on their latest message; no row before they wrote. */
export function latestCustomerName(db: Db, conversation: number): Promise<{ name: string }[]> {
  return db.run(CUSTOMER_NAME, [conversation]);
}

export const DIALOGUE_READS: readonly Statement[] = [
  CONVERSATIONS,
  CUSTOMER_MESSAGES,
  ARRIVED_PARTS,
  JOURNAL,
  CUSTOMER_NAME,
];
