import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Bench, openBench } from "./store.ts";

const ECHO = `title: Echo\nstatus: live\non: [conversation.opened, message.received]\nsteps: [{ say: "You said {{ message.text }}" }]`;

let bench: Bench;
beforeAll(async () => {
  bench = await openBench();
});
afterAll(async () => bench[Symbol.asyncDispose]());

/** Stores a message whose turn was begun so often, the last time so long ago, and never came to an end. */
async function lost(thread: string, { tries, secondsAgo }: { tries: number; secondsAgo: number }): Promise<number> {
  const id = await bench.message(thread, "hello");
  await bench.db.pool.query(
    "update event set tries = $2, tried_at = now() - $3::int * interval '1 second', at = at - interval '1 hour' where conversation = $1",
    [id, tries, secondsAgo],
  );
  return id;
}

const eventsOf = async (id: number) =>
  (await bench.db.pool.query("select seq, tries, quarantined from event where conversation = $1 order by id", [id]))
    .rows;

// P1
describe("an event whose turn was lost", () => {
  it("gets a mark before its turn begins, and is handled", async () => {
    const id = await lost("once", { tries: 0, secondsAgo: 0 });
    await bench.worker({ echo: ECHO })(id);
    expect(await eventsOf(id)).toMatchObject([{ seq: 1, tries: 1, quarantined: null }]);
  });

  it("is tried alone the second time, so that those after it are not blamed", async () => {
    const id = await lost("twice", { tries: 1, secondsAgo: 20 });
    await bench.message("twice", "and this");
    await bench.worker({ echo: ECHO })(id);
    const { rows } = await bench.db.pool.query("select turn from event where conversation = $1 order by id", [id]);
    expect(rows).toEqual([{ turn: 1 }, { turn: 2 }]);
  });

  it("is left to a process that may be at work on it", async () => {
    const id = await lost("busy", { tries: 1, secondsAgo: 1 });
    await bench.worker({ echo: ECHO })(id);
    expect(await eventsOf(id)).toMatchObject([{ seq: null, tries: 1 }]);
  });

  it("is quarantined after two tries, with the reason, and people get the conversation", async () => {
    const id = await lost("poison", { tries: 2, secondsAgo: 20 });
    await bench.message("poison", "are you there?");
    await bench.worker({ echo: ECHO })(id);
    expect(await eventsOf(id)).toMatchObject([
      { seq: 1, quarantined: expect.stringContaining("Its turn was begun 2 times and never came to an end") },
      { seq: 2, quarantined: null },
    ]);
    const { rows } = await bench.db.pool.query('select status from "case" where conversation = $1', [id]);
    expect(rows).toEqual([{ status: "new" }]);
  });

  it("loses the mark when the turn failed and its process goes on", async () => {
    const id = await lost("failed", { tries: 0, secondsAgo: 0 });
    const db = bench.open();
    const failing = { ...db, run: failingAt(db.run.bind(db), "commit_turns") } as typeof db;
    await expect(bench.worker({ echo: ECHO }, failing)(id)).rejects.toThrow("The commit failed");
    await expect.poll(async () => (await eventsOf(id))[0].tries).toBe(0);
  });
});

/** A database of which one statement fails. */
const failingAt = <
  Run extends (statement: { name: string; text: string }, values: readonly unknown[]) => Promise<unknown[]>,
>(
  run: Run,
  name: string,
): Run =>
  ((statement, values) =>
    statement.name === name ? Promise.reject(new Error("The commit failed")) : run(statement, values)) as Run;
