import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Retention } from "../../src/domain/retention.ts";
import { type RetentionPlace, removeOld } from "../../src/store/retention.ts";
import { type Bench, openBench } from "../turn/store.ts";

// P5: what was kept for long enough is removed, a batch at a time, and nothing else.

let bench: Bench;
beforeAll(async () => {
  bench = await openBench();
});
afterAll(() => bench[Symbol.asyncDispose]());
beforeEach(async () => {
  await query(`truncate conversation, message, event, outbox, delivery, file, ask, alarm, run, "case", assignment, audit,
    model_call, model_budget, raw_inbound, dedupe_key`);
  await query("update file_store set files = 0, bytes = 0");
});

const query = async <Row = Record<string, unknown>>(text: string, values: unknown[] = []): Promise<Row[]> =>
  (await bench.db.pool.query(text, values)).rows as Row[];
const count = async (table: string): Promise<number> =>
  (await query<{ n: number }>(`select count(*)::int as n from ${table}`))[0]?.n ?? 0;

const DAY_MS = 86_400_000;
const KEPT_DAYS = 10;
/** Removes one batch after another until the round is over; returns the sizes of the batches. */
async function round(kind: keyof Retention): Promise<number[]> {
  const batches: number[] = [];
  let from: RetentionPlace = null;
  do {
    const { removed, next } = await removeOld(bench.db, kind, { keptMs: KEPT_DAYS * DAY_MS, from });
    batches.push(removed);
    from = next;
  } while (from !== null);
  return batches;
}

interface Past {
  /** Days since it closed; null: it is open. */
  closed: number | null;
  joinable?: boolean;
  events?: number;
}
/** Inserts a conversation with some rows in every table. */
async function insert({ closed, joinable = false, events = 3 }: Past): Promise<number> {
  const [row] = await query<{ id: number }>(
    `insert into conversation (channel, thread, contact, joinable, closed_at)
     values ('sms', gen_random_uuid()::text, 1, $1, now() - $2::int * interval '1 day') returning id`,
    [joinable || closed === null, closed],
  );
  const id = row?.id ?? 0;
  await query(
    `insert into event (conversation, kind, payload, seq) select $1, 'message', '{}', n from generate_series(1, $2::int) n`,
    [id, events],
  );
  const [raw] = await query<{ id: number }>(
    `insert into raw_inbound (channel, content_type, body, received_at, outcome)
     values ('sms', 'x', '', now(), 'stored') returning id`,
  );
  await query("insert into message (conversation, author, text, raw, at) values ($1, 'customer', 'hi', $2, now())", [
    id,
    raw?.id,
  ]);
  await query(
    `with parts as (
       insert into outbox (conversation, event, n, channel, thread, kind, epoch, content, outcome, settled_at, remote_id)
       values ($1::bigint, $1::bigint, 0, 'sms', 't', 'notice', 0, '{"text":"hi"}', 'sent', now() - interval '30 days', 'r' || $1::bigint),
         ($1::bigint, $1::bigint, 1, 'slack', 't', 'notice', 0, '{"desk":"card"}', 'sent', now() - interval '30 days', 'd' || $1::bigint)
       returning id, channel, remote_id)
     insert into delivery (channel, remote_id, outbox, status, rank) select channel, remote_id, id, 'sent', 1 from parts`,
    [id],
  );
  await query(
    `insert into file (conversation, ask, token, name, media_type, bytes, sha256, content)
     values ($1::bigint, 'e' || $1::bigint, 'token' || $1::bigint, 'a.png', 'image/png', 7, 'x', '')`,
    [id],
  );
  await query("update file_store set files = files + 1, bytes = bytes + 7");
  await query(
    "insert into ask (id, conversation, request, release, answered_at) values ('a' || $1::bigint, $1::bigint, '{}', 1, now())",
    [id],
  );
  await query("insert into alarm values ($1, 'x', now())", [id]);
  await query("insert into run (conversation, id, format, release, body) values ($1, 'r', 1, 1, '{}')", [id]);
  await query(
    `insert into "case" (conversation, queue, status, card, opened_at, updated_at) values ($1, 'q', 'solved', '{}', now(), now())`,
    [id],
  );
  await query("insert into assignment (conversation, operator, queue, from_at) values ($1, 'U1', 'q', now())", [id]);
  await query("insert into audit (conversation, event, operator, action, at) values ($1, 1, 'U1', 'claim', now())", [
    id,
  ]);
  await query(
    `insert into model_call (conversation, purpose, tier, model, reserved_usd, reserved_tokens, expires_at)
     values ($1, 'turn', 'large', 'm', 0, 0, now())`,
    [id],
  );
  await query("insert into model_budget (scope, conversation) values ('conversation:' || $1::bigint, $1)", [id]);
  return id;
}

describe("what was received", () => {
  it("raw forms go by their age", async () => {
    await query(
      `insert into raw_inbound (channel, content_type, body, received_at, outcome)
       select 'sms', 'x', '', now() - (n > 40)::int * interval '1 second' - (1300 - n) * interval '15 minutes', 'stored'
       from generate_series(1, 1300) n`,
    );
    const old = await query("select 1 from raw_inbound where received_at < now() - interval '10 days'");
    expect((await round("raw")).reduce((sum, n) => sum + n)).toBe(old.length);
    expect(await count("raw_inbound")).toBe(1300 - old.length);
  });

  it("dedupe keys go by their age, wherever they lie, a batch at a time", async () => {
    await query(
      `insert into dedupe_key (channel, key, raw, seen_at)
       select 'sms', 'k' || n, 1, now() - (n % 2) * interval '11 days' from generate_series(1, 9000) n`,
    );
    const batches = await round("dedupeKeys");
    expect(Math.max(...batches)).toBe(500);
    expect(
      await query("select min(seen_at) > now() - interval '10 days' as young, count(*)::int as n from dedupe_key"),
    ).toEqual([{ young: true, n: 4500 }]);
  });
});

describe("of conversations that closed long ago, and of no others,", () => {
  it("the journal goes, in batches, but nothing that is pending", async () => {
    const [old, young, open] = [
      await insert({ closed: 11, events: 1200 }),
      await insert({ closed: 9 }),
      await insert({ closed: null }),
    ];
    await query("insert into event (conversation, kind, payload) values ($1, 'message', '{}')", [old]);
    expect(await round("journal")).toEqual([500, 500, 200]);
    expect(await query("select conversation, count(*)::int as n from event group by 1 order by 1")).toEqual([
      { conversation: old, n: 1 },
      { conversation: young, n: 3 },
      { conversation: open, n: 3 },
    ]);
  });

  it("delivered parts go with their delivery, but not the desk's, by which it finds its cards", async () => {
    const old = await insert({ closed: 11 });
    await insert({ closed: 9 });
    await insert({ closed: null });
    await query(
      `insert into outbox (conversation, event, n, channel, thread, kind, epoch, content)
       values ($1, $1, 9, 'sms', 't', 'notice', 0, '{"text":"waits"}')`,
      [old],
    );
    expect(await round("deliveredParts")).toEqual([1]);
    expect(await query("select content from outbox where conversation = $1 order by n", [old])).toEqual([
      { content: { desk: "card" } },
      { content: { text: "waits" } },
    ]);
    expect(await count("delivery")).toBe(5);
  });

  it("files go, and leave room in the store", async () => {
    await insert({ closed: 11 });
    await insert({ closed: null });
    expect(await round("files")).toEqual([1]);
    expect(await query("select files, bytes from file_store")).toEqual([{ files: 1, bytes: 7 }]);
  });

  it("all goes, where conversations are not kept for ever", async () => {
    await insert({ closed: 11 });
    const kept = [
      await insert({ closed: 9 }),
      await insert({ closed: null }),
      await insert({ closed: 11, joinable: true }),
      await insert({ closed: 11 }),
      await insert({ closed: 11 }),
    ];
    await query("update event set seq = null where conversation = $1 and seq = 3", [kept[3]]);
    await query("update outbox set outcome = null where conversation = $1 and n = 0", [kept[4]]);
    expect(await round("closedConversations")).toEqual([1]);
    const left = await query<{ id: number }>("select id from conversation order by id");
    expect(left.map(({ id }) => id)).toEqual(kept);
    const tables = ["message", "file", "ask", "alarm", "run", `"case"`, "assignment", "audit"];
    for (const table of [...tables, "model_call", "model_budget"]) {
      const of = await query<{ id: number }>(`select distinct conversation as id from ${table} order by 1`);
      expect([table, of.map(({ id }) => id)]).toEqual([table, kept]);
    }
    expect(await count("raw_inbound")).toBe(kept.length);
    expect(await count("event")).toBe(kept.length * 3);
    expect(await count("outbox")).toBe(kept.length * 2);
    expect(await count("delivery")).toBe(kept.length * 2);
    expect(await query("select files from file_store")).toEqual([{ files: kept.length }]);
  });

  it("many go, a few at a time", async () => {
    for (let n = 0; n < 45; n++) await insert({ closed: 11 });
    expect(await round("closedConversations")).toEqual([20, 20, 5]);
    expect(await count("event")).toBe(0);
  });
});

it("a table of dedupe keys is read by its pages, whatever the statistics say", async () => {
  await query("alter table dedupe_key set (autovacuum_enabled = off)");
  await query("vacuum analyze dedupe_key");
  await query("insert into dedupe_key (channel, key, raw) select 'sms', 'k' || n, 1 from generate_series(1, 20000) n");
  const rounds = await round("dedupeKeys");
  expect(rounds.length).toBeGreaterThan(1);
  expect(await count("dedupe_key")).toBe(20_000);
});
