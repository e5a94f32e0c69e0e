import { afterAll, beforeAll, expect, it } from "vitest";
import { type Bench, openBench } from "../../store.ts";

const PEOPLE = `title: P\nstatus: live\non: conversation.opened\nsteps: [{ handoff: billing }]\n`;

let bench: Bench;
beforeAll(async () => {
  bench = await openBench();
});
afterAll(() => bench[Symbol.asyncDispose]());

/** Handles commands of operators in one turn, each a second after the one before. */
async function handleCommands(
  conversation: number,
  actions: readonly (readonly [operator: string, command: string])[],
) {
  for (const [operator, command] of actions) {
    await bench.db.pool.query(
      `insert into event (conversation, kind, payload, at)
       values ($1, 'operator', $2, (select max(at) + interval '1 second' from event where conversation = $1))`,
      [conversation, { content: { operator: { id: operator, name: operator }, command: { kind: command } } }],
    );
  }
  await bench.worker({ people: PEOPLE }, bench.db)(conversation);
}

// T2: a turn has up to fifty events; assignments between them are not lost.
it("all assignments of a case are stored with their times, over several turns and within one", async () => {
  const conversation = await bench.message("dana", "hello");
  await bench.worker({ people: PEOPLE }, bench.db)(conversation);
  await handleCommands(conversation, [["kim", "claim"]]);
  await handleCommands(conversation, [
    ["kim", "unclaim"],
    ["alex", "claim"],
    ["alex", "unclaim"],
    ["kim", "claim"],
  ]);
  const { rows } = await bench.db.pool.query(
    `select operator, queue, extract(epoch from until_at - from_at)::int as seconds from assignment
     where conversation = $1 order by id`,
    [conversation],
  );
  expect(rows).toEqual([
    { operator: "kim", queue: "billing", seconds: 1 },
    { operator: "alex", queue: "billing", seconds: 1 },
    { operator: "kim", queue: "billing", seconds: null },
  ]);
});
