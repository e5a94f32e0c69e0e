/** Asks that a turn calls off (E4). */
import { afterAll, beforeAll, expect, it } from "vitest";
import { type Bench, openBench } from "../turn/store.ts";

const LOOK = `title: Look\nstatus: live\non: [conversation.opened]\nsteps: [{ use: crm.refund, with: { key: "1" } }, { say: done }]`;

let bench: Bench;
beforeAll(async () => {
  bench = await openBench();
});
afterAll(async () => bench[Symbol.asyncDispose]());

/** A conversation that waits for a refund, and the row of its ask. */
async function asked(thread: string) {
  const id = await bench.message(thread, "hello");
  const turns = bench.worker({ look: LOOK });
  await turns(id);
  return { id, turns };
}

const askOf = async (id: number) =>
  (
    await bench.db.pool.query(
      "select outcome, answered_at is not null as ended, cancelled_at is not null as off from ask where conversation = $1",
      [id],
    )
  ).rows[0];
const runsOf = async (id: number) =>
  (await bench.db.pool.query("select id from run where conversation = $1", [id])).rows.length;

/** The customer asks for a person, which stops the workflow. */
async function callsOff({ id, turns }: Awaited<ReturnType<typeof asked>>, thread: string): Promise<void> {
  await bench.message(thread, "I want to talk to a person");
  await turns(id);
  await turns(id);
}

it("that had not started never starts, and people are told that nothing was done", async () => {
  const one = await asked("never");
  expect(await askOf(one.id)).toEqual({ outcome: null, ended: false, off: false });
  expect(await runsOf(one.id)).toBe(1);
  await callsOff(one, "never");
  expect(await askOf(one.id)).toEqual({ outcome: "cancelled", ended: true, off: true });
  expect(await runsOf(one.id)).toBe(0);
  const { rows } = await bench.db.pool.query("select lines from event where conversation = $1 and kind = 'answer'", [
    one.id,
  ]);
  expect(rows).toEqual([
    { lines: [{ code: "write.unmade", message: "crm.refund was not made: it was called off before it left" }] },
  ]);
});

it("that had started is marked, and its outcome is still waited for", async () => {
  const one = await asked("started");
  await bench.db.pool.query("update ask set attempted_at = now(), attempts = 1 where conversation = $1", [one.id]);
  await callsOff(one, "started");
  expect(await askOf(one.id)).toEqual({ outcome: null, ended: false, off: true });
  const { rows } = await bench.db.pool.query("select 1 from event where conversation = $1 and kind = 'answer'", [
    one.id,
  ]);
  expect(rows).toEqual([]);
});

it("of the very turn that calls it off is never made, and people are told so", async () => {
  const id = await bench.message("same turn", "hello");
  await bench.message("same turn", "I want to talk to a person");
  const turns = bench.worker({ look: LOOK });
  await turns(id);
  expect(await askOf(id)).toEqual({ outcome: "cancelled", ended: true, off: true });
  await turns(id);
  const { rows } = await bench.db.pool.query(
    "select lines->0->>'code' as code from event where conversation = $1 and kind = 'answer'",
    [id],
  );
  expect(rows).toEqual([{ code: "write.unmade" }]);
});
