/** Conversations that go on long after they were closed: their customers' words reach the case (U5). */
import { expect, it } from "vitest";
import { endReopening } from "../../src/store/end-reopening.ts";
import { SETTLED, startDesk, type TestDesk, TO_PEOPLE } from "../support/desk.ts";

const AGAIN = `
id: call-again
title: Take it up again
status: live
on: manual
steps: [{ handoff: front-line }]
`;
const REOPEN_WITHIN_SECONDS = 72 * 3_600;
const open = () => startDesk({ files: { "workflows/to-people.yaml": TO_PEOPLE, "workflows/again.yaml": AGAIN } });

/** Lets 73 hours pass for everything that is stored, and ends the reopening of what is over. */
async function later(desk: TestDesk): Promise<void> {
  await desk.rows(
    "update conversation set closed_at = closed_at - interval '73 hours', last_inbound_at = last_inbound_at - interval '73 hours'",
  );
  await endReopening(desk.db, { reopenWithinSeconds: REOPEN_WITHIN_SECONDS });
}

const conversations = (desk: TestDesk) =>
  desk.rows(
    "select joinable, closed_at is null as open, (select count(*)::int from message m where m.conversation = c.id and author = 'customer') as messages from conversation c order by id",
  );

it("an answer long after the last word in a merged thread reaches the open case", async () => {
  await using desk = await open();
  const [dana, other] = [desk.customer("dana"), desk.customer("dana", { thread: "thread-dana-2" })];
  await dana.message("my parcel is broken");
  await other.message("same matter, from my other address");
  await desk.until(SETTLED);
  const [into, from] = [await dana.conversation(), await other.conversation()];
  const alex = desk.operator("alex");
  await alex.does(into, { kind: "claim" });
  await alex.does(from, { kind: "claim" });
  await desk.until(SETTLED);
  await alex.does(from, { kind: "merge", into });
  await desk.until(SETTLED);
  await later(desk);
  await other.message("any news?");
  await desk.until(SETTLED);
  expect(await conversations(desk)).toEqual([
    { joinable: true, open: true, messages: 1 },
    { joinable: true, open: false, messages: 2 },
  ]);
});

it("what the customer answers to a case that people opened again reaches it", async () => {
  await using desk = await open();
  const dana = desk.customer("dana");
  await dana.message("my parcel is broken");
  await desk.until(SETTLED);
  const id = await dana.conversation();
  const alex = desk.operator("alex");
  for (const command of [{ kind: "claim" }, { kind: "resolve" }] as const) {
    await alex.does(id, command);
    await desk.until(SETTLED);
  }
  await later(desk);
  expect(await conversations(desk)).toEqual([{ joinable: false, open: false, messages: 1 }]);
  await alex.does(id, { kind: "run", workflow: "call-again" });
  await desk.until("select joinable and closed_at is null as ok from conversation");
  await dana.message("it is broken too");
  await desk.until(SETTLED);
  expect(await conversations(desk)).toEqual([{ joinable: true, open: true, messages: 2 }]);
});
