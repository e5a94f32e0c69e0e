/** Reads a conversation's whole journal, for a replay. Not on a hot path. */
import type { Db, Statement } from "./db.ts";

export interface JournalRow {
  id: number;
  kind: string;
  payload: unknown;
  at: string;
  /** null: it waits to be handled. */
  seq: number | null;
  /** The turn that handled it; null where a build before turns were numbered did. */
  turn: number | null;
  handledAt: string | null;
  /** The release that was live. */
  release: number | null;
  lines: readonly { code: string; message: string }[];
  quarantined: string | null;
  format: number;
  /** The settings in force; null: unknown. */
  setting: unknown;
}

export interface StoredJournal {
  conversation: { id: number; channel: string; thread: string; openedAt: string; state: unknown };
  runs: { id: string; format: number; body: unknown }[];
  events: JournalRow[];
  /** Parts by their event and their place among its parts. */
  parts: { event: number; n: number; content: unknown }[];
}

const CONVERSATION: Statement = {
  name: "journal_conversation",
  text: `select c.id, c.channel, c.thread, c.opened_at as "openedAt", c.state,
    (select coalesce(json_agg(json_build_object('id', r.id, 'format', r.format, 'body', r.body) order by r.started_at, r.id), '[]')
     from run r where r.conversation = c.id) as runs
    from conversation c where c.id = $1`,
};

const EVENTS: Statement = {
  name: "journal_events",
  text: `select e.id, e.kind, e.payload, to_json(e.at) #>> '{}' as at, e.seq, e.turn,
      to_json(e.handled_at) #>> '{}' as "handledAt", e.release, coalesce(e.lines, '[]'::json) as lines, e.quarantined,
      e.format, s.body as setting
    from event e left join setting s on s.id = e.setting where e.conversation = $1 order by e.seq nulls last, e.id`,
};

const PARTS: Statement = {
  name: "journal_parts",
  text: `select event, n, content from outbox where conversation = $1 order by event, n`,
};

/** Reads the journal of a conversation; null where there is none. */
export async function readJournal(db: Db, id: number): Promise<StoredJournal | null> {
  const [found] = await db.run<StoredJournal["conversation"] & Pick<StoredJournal, "runs">>(CONVERSATION, [id]);
  if (found === undefined) return null;
  const { runs, ...conversation } = found;
  const [events, parts] = await Promise.all([
    db.run<JournalRow>(EVENTS, [id]),
    db.run<StoredJournal["parts"][number]>(PARTS, [id]),
  ]);
  return { conversation, runs, events, parts };
}
