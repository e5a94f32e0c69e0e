import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createLogger } from "../../src/lib/logger.ts";
import { endReopening } from "../../src/store/end-reopening.ts";
import { watchOpen } from "../../src/turn/watch.ts";
import { SETTLED, startDesk, type TestDesk, TO_PEOPLE } from "../support/desk.ts";

// U4, U5: nobody is left without somebody who answers next, and a conversation that is open takes what its customer writes.

const PAUSE = `
id: pause
title: Pause
status: live
on: [conversation.opened]
if: message.text.startsWith("wait")
priority: 1
steps: [{ wait: 1h }, { say: An hour has passed. }]
`;
const HELLO = `
id: hello
title: Hello
status: live
on: [conversation.opened]
if: message.text.startsWith("hello")
priority: 1
steps: [{ say: Hello. }]
`;
const AGAIN = `
id: call-again
title: Take it up again
status: live
on: manual
steps: [{ handoff: front-line }]
`;

let desk: TestDesk;
beforeAll(async () => {
  desk = await startDesk({
    files: {
      "workflows/pause.yaml": PAUSE,
      "workflows/hello.yaml": HELLO,
      "workflows/again.yaml": AGAIN,
      "workflows/to-people.yaml": TO_PEOPLE,
    },
  });
});
afterAll(() => desk[Symbol.asyncDispose]());

const log = createLogger({ level: "silent" });
/** Looks at every open conversation once, as the worker does every few seconds. */
async function watch(closeAfterMs: number): Promise<void> {
  const chore = watchOpen({ db: desk.db, lanes: { wake() {} }, log, closeAfterMs: () => closeAfterMs });
  while ((await chore.run()).more) continue;
}
const HOUR_MS = 3_600_000;

describe("an open conversation", () => {
  it("whose workflow lost its alarm goes to people", async () => {
    const dana = desk.customer("dana");
    await dana.message("wait for me");
    await desk.until(SETTLED);
    const id = await dana.conversation();
    await watch(HOUR_MS);
    expect(await desk.rows(`select 1 from "case" where conversation = $1`, [id])).toEqual([]);
    await desk.rows("delete from alarm where conversation = $1", [id]);
    await watch(HOUR_MS);
    await desk.until(`select status = 'new' as ok from "case" where conversation = $1`, { values: [id] });
  });

  it("in which nothing was begun and nobody writes is closed", async () => {
    const eve = desk.customer("eve");
    await eve.message("hello");
    await desk.until(SETTLED);
    const id = await eve.conversation();
    await watch(HOUR_MS);
    await desk.until(SETTLED);
    expect(await desk.rows("select closed_at is null as open from conversation where id = $1", [id])).toEqual([
      { open: true },
    ]);
    await desk.rows("update conversation set last_inbound_at = now() - interval '2 hours' where id = $1", [id]);
    await desk.rows("update outbox set created_at = now() - interval '2 hours' where conversation = $1", [id]);
    await watch(HOUR_MS);
    await desk.until("select closed_at is not null as ok from conversation where id = $1", { values: [id] });
  });
});

/** Lets 73 hours pass for these conversations. */
async function passThreeDays(...ids: number[]): Promise<void> {
  await desk.rows(
    `update conversation set closed_at = closed_at - interval '73 hours', last_inbound_at = last_inbound_at - interval '73 hours'
     where id = any($1)`,
    [ids],
  );
  await endReopening(desk.db, { reopenWithinSeconds: 72 * 3_600 });
}
const conversationsOf = (thread: string) =>
  desk.rows<{ id: number }>("select id from conversation where thread = $1 order by id", [thread]);

describe("what a customer writes after three days", () => {
  it("in a merged thread reaches the open case that it was merged into", async () => {
    const one = desk.customer("kim");
    const other = desk.customer("kim-2", { thread: "thread-kim-2" });
    await one.message("my parcel is broken");
    await other.message("the same, from my other address");
    await desk.until(SETTLED);
    const [into, from] = [await one.conversation(), await other.conversation()];
    const alex = desk.operator("alex");
    await alex.does(into, { kind: "claim" });
    await desk.until(SETTLED);
    await alex.does(from, { kind: "merge", into });
    await desk.until(SETTLED);
    await passThreeDays(into, from);
    await other.message("any news?");
    await desk.until(SETTLED);
    expect(await conversationsOf("thread-kim-2")).toHaveLength(1);
  });

  it("to a case that people opened again reaches it", async () => {
    const lee = desk.customer("lee", { thread: "thread-lee" });
    await lee.message("my parcel is broken");
    await desk.until(SETTLED);
    const id = await lee.conversation();
    const alex = desk.operator("alex");
    await alex.does(id, { kind: "claim" });
    await desk.until(SETTLED);
    await alex.does(id, { kind: "resolve" });
    await desk.until(SETTLED);
    await passThreeDays(id);
    expect(await desk.rows("select joinable from conversation where id = $1", [id])).toEqual([{ joinable: false }]);
    await alex.does(id, { kind: "run", workflow: "call-again" });
    await desk.until(SETTLED);
    await desk.until("select joinable as ok from conversation where id = $1", { values: [id] });
    await lee.message("it is broken too");
    await desk.until(SETTLED);
    expect(await conversationsOf("thread-lee")).toEqual([{ id }]);
  });
});
