/** Claims of this process that nothing has come of yet, as the rows tell. */
import { afterAll, beforeAll, expect, it } from "vitest";
import { claimParts } from "../../src/store/claim-parts.ts";
import { renewParts } from "../../src/store/leases.ts";
import { findLostClaims } from "../../src/store/lost-claims.ts";
import { settleParts } from "../../src/store/settle-parts.ts";
import { type Bench, openBench } from "../turn/store.ts";

let bench: Bench;
beforeAll(async () => {
  bench = await openBench();
});
afterAll(() => bench[Symbol.asyncDispose]());

const rows = (text: string, ...values: unknown[]) => bench.db.pool.query(text, values);
let serial = 0;

/** Claims the first of two parts of a new thread. */
async function claimed(): Promise<{ stream: { channel: string; thread: string }; id: number }> {
  const stream = { channel: "sms", thread: `t${++serial}` };
  await rows(
    `with c as (insert into conversation (channel, thread, contact) values ('sms', $1, 1) returning id)
     insert into outbox (conversation, event, n, channel, thread, kind, epoch, content)
     select id, $2, n, 'sms', $1, 'notice', 0, '{}' from c, generate_series(0, 1) n`,
    stream.thread,
    serial,
  );
  const [part] = await claimParts(bench.db, [stream]);
  return { stream, id: part?.id ?? expect.unreachable() };
}

const found = async (stream: { channel: string; thread: string }) => (await findLostClaims(bench.db, [stream]))[0];

it("are found by their streams, in the order asked", async () => {
  const [one, two] = [await claimed(), await claimed()];
  const none = { channel: "sms", thread: "none" };
  expect(await findLostClaims(bench.db, [two.stream, none, one.stream])).toEqual([
    { id: two.id, attempt: 1 },
    null,
    { id: one.id, attempt: 1 },
  ]);
});

it("are not those that were renewed: they are worked on", async () => {
  const { stream, id } = await claimed();
  await renewParts(bench.db, [{ id, attempt: 1 }]);
  expect(await found(stream)).toBeNull();
});

it.each([
  ["retry", { outcome: "retry", afterMs: 0, error: "x" }],
  ["unclear", { outcome: "unclear", afterMs: 0, error: "x" }],
  ["sent", { outcome: "sent", remoteId: "r1" }],
] as const)("are not those that were settled: %s", async (_, made) => {
  const { stream, id } = await claimed();
  await settleParts(bench.db, [{ id, attempt: 1, ...made }]);
  expect(await found(stream)).toBeNull();
});

// An earlier build leaves the claimant's number and the time of its request in place.
it("are not those that an earlier build has taken over", async () => {
  const { stream, id } = await claimed();
  await rows("update outbox set attempts = 2, lease_until = now() + interval '2 s' where id = $1", id);
  expect(await found(stream)).toBeNull();
});

it("are not those of an earlier build", async () => {
  const { stream, id } = await claimed();
  await settleParts(bench.db, [{ id, attempt: 1, outcome: "retry", afterMs: 0, error: "x" }]);
  await rows(
    "update outbox set attempts = 2, attempted_at = now(), lease_until = now() + interval '2 s' where id = $1",
    id,
  );
  expect(await found(stream)).toBeNull();
});
