/** Reads for the desk's side of the playground page. Newest first where there is a limit; callers reverse it. */
import type { Db, Statement } from "./db.ts";
import { DELIVERY, type PartFacts } from "./part-facts.ts";

const DESK_CARDS: Statement = {
  name: "playground_desk_cards",
  text: `select shown.content -> 'card' as card
    from (
      select moved.conversation from unnest($3::text[]) as of(channel)
      cross join lateral (
        select conversation, updated_at from "case" k
        where k.card ->> 'channel' = of.channel order by k.updated_at desc limit $2) moved
      order by moved.updated_at desc limit $2) latest
    cross join lateral (
      select content from outbox o
      where o.conversation = latest.conversation and o.channel = $1 and o.outcome = 'sent' and o.content ->> 'desk' = 'card'
      order by o.id desc limit 1) shown`,
};

/** The latest cards sent to the desk, for the cases on these channels that changed last. */
export function deskCards(
  db: Db,
  desk: string,
  { channels, limit }: { channels: readonly string[]; limit: number },
): Promise<{ card: unknown }[]> {
  return db.run(DESK_CARDS, [desk, limit, channels]);
}

const DESK_CARD: Statement = {
  name: "playground_desk_card",
  text: `select content -> 'card' as card from outbox
    where conversation = $2 and channel = $1 and outcome = 'sent' and content ->> 'desk' = 'card' order by id desc limit 1`,
};

/** The latest card of one case sent to the desk. */
export function deskCard(db: Db, desk: string, conversation: number): Promise<{ card: unknown }[]> {
  return db.run(DESK_CARD, [desk, conversation]);
}

const DESK_LINES: Statement = {
  name: "playground_desk_lines",
  text: `select id, message, content, settled_at as at from outbox
    where conversation = $2 and channel = $1 and outcome = 'sent' and content ->> 'desk' <> 'card'
    order by id desc limit $3`,
};

export interface DeskLineRow {
  id: number;
  /** Id of the message that an entry mirrors, where one turn made both. */
  message: number | null;
  content: unknown;
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
    where o.conversation = $1 and o.message = any($2::bigint[]) and o.content ->> 'desk' is null`,
};

export interface MessagePartRow extends PartFacts {
  message: number;
  channel: string;
}

/** The outcomes of the parts of some messages of one conversation. */
export function messageParts(db: Db, conversation: number, messages: readonly number[]): Promise<MessagePartRow[]> {
  return db.run(MESSAGE_PARTS, [conversation, messages]);
}

/** Maximum number of a channel's open conversations searched for those with the bot, which limits the cost. */
const OPEN_LOOKED_AT = 1_000;

const WITH_BOT: Statement = {
  name: "playground_with_bot",
  text: `select c.id as conversation, c.channel, coalesce(last.name, '') as customer, coalesce(last.text, '') as last_text
    from (
      select open.id, of.channel from unnest($2::text[]) as of(channel)
      cross join lateral (
        select id from conversation
        where channel = of.channel and closed_at is null order by id desc limit ${OPEN_LOOKED_AT}) open
      left join lateral (
        select true as yes from "case" k
        where k.conversation = open.id and k.status in ('new', 'with us', 'waiting for the customer') offset 0) held on true
      where held.yes is null
      order by open.id desc limit $1) c
    left join lateral (
      select author_name as name, text from message m
      where m.conversation = c.id and m.author = 'customer' order by m.id desc limit 1) last on true
    order by c.id desc`,
};

export interface WithBotRow {
  conversation: number;
  channel: string;
  customer: string;
  last_text: string;
}

/** Open conversations on these channels that are not a case with people, latest first; see OPEN_LOOKED_AT. */
export function conversationsWithBot(db: Db, channels: readonly string[], limit: number): Promise<WithBotRow[]> {
  return db.run(WITH_BOT, [limit, channels]);
}

const ON_CHANNELS: Statement = {
  name: "playground_on_channels",
  text: `select id from conversation where id = any($1::bigint[]) and channel = any($2::text[])`,
};

/** Returns those of the conversations that are on these channels. */
export async function filterByChannels(
  db: Db,
  channels: readonly string[],
  conversations: readonly number[],
): Promise<ReadonlySet<number>> {
  const rows = await db.run<{ id: number }>(ON_CHANNELS, [conversations, channels]);
  return new Set(rows.map(({ id }) => id));
}

export const DESK_READS: readonly Statement[] = [
  DESK_CARDS,
  DESK_CARD,
  DESK_LINES,
  MESSAGE_PARTS,
  WITH_BOT,
  ON_CHANNELS,
];
