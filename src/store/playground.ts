/** The mark by which the playground page detects changes, and the list of its statements. */
import type { Db, Statement } from "./db.ts";
import { DESK_READS } from "./playground-desk.ts";
import { DIALOGUE_READS } from "./playground-dialogue.ts";

const CHANGE: Statement = {
  name: "playground_change",
  text: `select concat_ws('.',
      (select max(moved.at) from unnest($4::text[]) as of(channel) cross join lateral (
        select max(updated_at) as at from "case" k where k.card ->> 'channel' = of.channel) moved),
      (select count(*) || '/' || count(attempted_at) || '/' || coalesce(sum(id), 0) from outbox where outcome is null and channel = $2),
      (select string_agg(latest.id || ':' || coalesce(latest.said, 0), ',' order by latest.id) from (
        select open.id, (select max(m.id) from message m where m.conversation = open.id) as said
        from unnest($4::text[]) as of(channel) cross join lateral (
          select id from conversation
          where channel = of.channel and closed_at is null order by id desc limit $3) open
        order by open.id desc limit $3) latest),
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
  /** Conversations whose messages, parts or journal the page shows. */
  conversations: readonly number[];
  /** The desk's channel. */
  desk: string;
  /** Number of open conversations that the page lists, and their channels. */
  open: number;
  channels: readonly string[];
}

/**
 * Returns a mark that differs after a change of anything that the page shows, and seldom otherwise: other conversations
 * count only as far as the page lists them. Cheap: it reads ends of indexes, the desk's waiting parts, and rows that
 * the page shows.
 */
export async function changeMark(db: Db, { conversations, desk, open, channels }: Watched): Promise<string> {
  const rows = await db.run<{ mark: string }>(CHANGE, [conversations, desk, open, channels]);
  return rows[0]?.mark ?? "";
}

/** All statements of the page, for the test that none reads a whole table. */
export const PLAYGROUND_READS: readonly Statement[] = [...DIALOGUE_READS, ...DESK_READS, CHANGE];
