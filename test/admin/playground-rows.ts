import type { CaseCard, DeskEntry } from "../../src/domain/case.ts";
import { type DeskPart, storedDeskPart } from "../../src/domain/desk-part.ts";
import type { Db } from "../../src/store/db.ts";

/** Inserts rows as inbound, turns and outbound do, for tests of the playground's view. */
export interface PlaygroundRows {
  conversation(of: { channel: string; thread: string; prompt?: string; closed?: boolean }): Promise<number>;
  wrote(conversation: number, name: string, text: string): Promise<number>;
  answered(conversation: number, part: Answered): Promise<{ message: number; outbox: number }>;
  desk(conversation: number, part: DeskPart, mirrors?: number): Promise<number>;
  happened(conversation: number, event: Happened): Promise<number>;
  settle(outbox: number, outcome: "sent" | "failed" | "parked" | "dropped", error?: string): Promise<void>;
  delivered(outbox: number, status: string): Promise<void>;
}

interface Answered {
  channel: string;
  thread: string;
  author?: "bot" | "operator";
  name?: string;
  text: string;
  options?: { n: number; id: string; label: string; aliases: string[] }[];
  promptId?: string;
  outcome?: "sent" | null;
}

interface Happened {
  kind: string;
  payload: object;
  seq: number | null;
  lines?: readonly object[];
}

export const DESK = "desk";

export function playgroundRows(db: Db): PlaygroundRows {
  let events = 1_000_000;
  const one = async (sql: string, values: unknown[]): Promise<number> => {
    const { rows } = await db.pool.query<{ id: number }>(sql, values);
    return rows[0]?.id ?? 0;
  };
  const post = (values: unknown[]) =>
    one(
      `insert into outbox (conversation, event, n, channel, thread, kind, epoch, message, content, outcome, settled_at, attempted_at)
       values ($1, $2, 0, $3, $4, 'reply', 0, $5, $6, $7, case when $7::text is null then null else now() end, null) returning id`,
      values,
    );
  return {
    conversation: ({ channel, thread, prompt, closed }) =>
      one(
        `insert into conversation (channel, thread, contact, state, joinable, closed_at)
         values ($1, $2, 1, $3, $4, case when $4 then null else now() end) returning id`,
        [
          channel,
          thread,
          JSON.stringify({ seq: 1, state: { prompt: prompt === undefined ? null : { id: prompt } } }),
          closed !== true,
        ],
      ),
    wrote: (conversation, name, text) =>
      one(
        `insert into message (conversation, author, author_name, text, at) values ($1, 'customer', $2, $3, now()) returning id`,
        [conversation, name, text],
      ),
    async answered(conversation, { channel, thread, author = "bot", name = "", outcome = "sent", ...part }) {
      const message = await one(
        `insert into message (conversation, author, author_name, text, at) values ($1, $2, $3, $4, now()) returning id`,
        [conversation, author, name, part.text],
      );
      const outbox = await post([conversation, events++, channel, thread, message, JSON.stringify(part), outcome]);
      return { message, outbox };
    },
    async desk(conversation, part, mirrors) {
      if (part.kind === "card") await upsertCase(db, part.card);
      return post([
        conversation,
        events++,
        DESK,
        `case:${conversation}`,
        mirrors ?? null,
        JSON.stringify(storedDeskPart(part)),
        "sent",
      ]);
    },
    happened: (conversation, { kind, payload, seq, lines }) =>
      one(`insert into event (conversation, kind, payload, seq, lines) values ($1, $2, $3, $4, $5) returning id`, [
        conversation,
        kind,
        JSON.stringify(payload),
        seq,
        lines === undefined ? null : JSON.stringify(lines),
      ]),
    settle: async (outbox, outcome, error) => {
      await db.pool.query(`update outbox set outcome = $2, error = $3, settled_at = now() where id = $1`, [
        outbox,
        outcome,
        error ?? null,
      ]);
    },
    delivered: async (outbox, status) => {
      await db.pool.query(
        `insert into delivery (channel, remote_id, outbox, status, rank) values ('sms', $1::text, $1::bigint, $2, 3)`,
        [outbox, status],
      );
    },
  };
}

async function upsertCase(db: Db, card: CaseCard): Promise<void> {
  await db.pool.query(
    `insert into "case" (conversation, queue, status, card, opened_at, updated_at)
     select id, $2, $3, $4::jsonb || jsonb_build_object('channel', channel), now(), now() from conversation where id = $1
     on conflict (conversation) do update set queue = $2, status = $3, card = excluded.card, updated_at = now()`,
    [card.conversation, card.queue, card.status, JSON.stringify(card)],
  );
}

export function card(conversation: number, more: Partial<CaseCard> = {}): CaseCard {
  return {
    conversation,
    queue: "billing",
    status: "new",
    priority: "normal",
    customer: "Dana Meyer",
    channel: "Playground",
    reason: "The customer asked for a person.",
    summary: null,
    facts: [],
    tags: [],
    holder: null,
    mergedInto: null,
    waitingSince: "2026-01-01T10:00:00.000Z",
    openedAt: "2026-01-01T10:00:00.000Z",
    ...more,
  };
}

export function entry(more: Partial<DeskEntry>): DeskPart {
  const given: DeskEntry = {
    kind: "customer",
    author: "Dana Meyer",
    text: "Hello",
    at: "2026-01-01T10:00:00.000Z",
    message: null,
    internal: false,
  };
  return { kind: "entry", entry: { ...given, ...more } };
}
