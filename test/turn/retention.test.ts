import { expect, it } from "vitest";
import { DEFAULT_RETENTION, type Retention } from "../../src/domain/retention.ts";
import { retentionChores } from "../../src/turn/retention.ts";
import { openBench } from "./store.ts";

// P5
it("each kind is kept for as long as the live settings say, and for ever where they say never", async () => {
  await using bench = await openBench();
  const query = async (text: string) => (await bench.db.pool.query(text)).rows;
  await query(`insert into conversation (channel, thread, contact, joinable, closed_at)
    select 'sms', 't' || n, 1, false, now() - (200 - n % 100) * interval '1 day' from generate_series(1, 1200) n`);
  await query("insert into event (conversation, kind, payload, seq) select id, 'message', '{}', 1 from conversation");
  let live: Retention = { ...DEFAULT_RETENTION, journal: null };
  const chores = retentionChores({ db: bench.db, retention: () => live });
  const round = async () => {
    for (const chore of chores) while ((await chore.run()).more) continue;
  };
  const left = async () => (await query("select count(*)::int as n from event"))[0]?.n as number;
  await round();
  expect(await left()).toBe(1_200);
  live = DEFAULT_RETENTION;
  await round();
  expect(await left()).toBe(948);
  live = { ...DEFAULT_RETENTION, closedConversations: 190 * 86_400_000 };
  await round();
  expect(await query("select count(*)::int as n from conversation")).toEqual([{ n: 1_068 }]);
});
