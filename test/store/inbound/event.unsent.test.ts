/** U2: a customer's event names the oldest part of ours that had not reached the platform when they wrote. */
import { afterAll, beforeAll, expect, it } from "vitest";
import { type Door, keyword, openDoor, presses, writes } from "../../inbound/door.ts";

let door: Door;
beforeAll(async () => {
  door = await openDoor();
});
afterAll(() => door[Symbol.asyncDispose]());

interface Part {
  event: number;
  thread: string;
  outcome?: string;
  /** True where a send was tried, and its outcome is unknown. */
  tried?: boolean;
}

const decided = async (...parts: Part[]) => {
  for (const { event, thread, outcome = null, tried = false } of parts) {
    await door.rows(
      `insert into outbox (conversation, event, n, channel, thread, kind, epoch, content, outcome, attempted_at)
       values (1, $1, 0, 'chat', $2, 'reply', 0, '{}', $3, case when $4::boolean then now() end)`,
      event,
      thread,
      outcome,
      tried,
    );
  }
};

const unsentOf = async (thread: string) =>
  (
    await door.rows<{ unsent: number | null }>(
      `select (payload->>'unsent')::int as unsent from event join conversation c on c.id = conversation
       where thread = $1 order by event.id`,
      thread,
    )
  ).map(({ unsent }) => unsent);

it("is the first part of the thread that was not tried, without what was settled and what goes elsewhere", async () => {
  await decided(
    { event: 101, thread: "a", outcome: "sent" },
    { event: 102, thread: "b" },
    { event: 100, thread: "a", tried: true },
    { event: 103, thread: "a" },
    { event: 104, thread: "a" },
  );
  await door.takes(writes("a", "one"), presses("a"), keyword("a", "help"), writes("b", "two"), writes("c", "three"));
  expect(await unsentOf("a")).toEqual([103, 103, null]);
  expect(await unsentOf("b")).toEqual([102]);
  expect(await unsentOf("c")).toEqual([null]);
});

it("costs a few rows of the stream's index, whatever the statistics say", async () => {
  const backlog = (thread: string, n: number) =>
    door.rows(
      `insert into outbox (conversation, event, n, channel, thread, kind, epoch, content)
       select 1, (select max(event) from outbox) + n, 0, 'chat', $1, 'reply', 0, '{}' from generate_series(1, $2::int) n`,
      thread,
      n,
    );
  const read = async () => {
    await door.rows("select pg_stat_force_next_flush()");
    const [row] = await door.rows<{ n: number }>(
      "select (seq_tup_read + idx_tup_fetch)::int as n from pg_stat_user_tables where relname = 'outbox'",
    );
    return row?.n ?? 0;
  };
  // As if the table held one thread only.
  await door.rows("delete from outbox");
  await decided({ event: 1, thread: "only" });
  await backlog("only", 200);
  await door.rows("analyze outbox");
  await backlog("others", 20_000);
  await decided({ event: 30_000, thread: "late" });
  const before = await read();
  await door.takes(writes("late", "hello"), writes("only", "hello"));
  expect(await unsentOf("late")).toEqual([30_000]);
  expect((await read()) - before).toBeLessThan(100);
});
