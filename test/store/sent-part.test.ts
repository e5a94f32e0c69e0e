import { afterAll, beforeAll, expect, it } from "vitest";
import { sentPart } from "../../src/store/sent-part.ts";
import { type Door, openDoor, writes } from "../inbound/door.ts";

let door: Door;
let conversation = 0;
beforeAll(async () => {
  door = await openDoor();
  await door.takes(writes("t1", "hello"));
  conversation = await door.conversation("t1");
});
afterAll(() => door[Symbol.asyncDispose]());

let event = -1;
async function insertPart(
  part: object,
  o: { outcome?: string | null; channel?: string; of?: number; remote?: string } = {},
) {
  const { outcome = "sent", channel = "chat", of = conversation, remote = `r${event}` } = o;
  await door.rows(
    `insert into outbox (conversation, event, n, channel, thread, kind, epoch, content, outcome, remote_id)
     values ($1, $2, 0, $3, 't1', 'notice', 0, $4, $5, $6)`,
    of,
    event--,
    channel,
    JSON.stringify(part),
    outcome,
    remote,
  );
}
const find = (of: { promptId: string } | { ref: string }) => sentPart(door.db, { conversation, channel: "chat", of });

it("finds the part that shows a prompt, or carries an operator's words", async () => {
  await insertPart({ text: "What?", promptId: "p1" }, { remote: "r-prompt" });
  await insertPart({ text: "Paid.", ref: "w1" }, { remote: "r-words" });
  expect(await find({ promptId: "p1" })).toEqual({ remote: "r-prompt", content: { text: "What?", promptId: "p1" } });
  expect(await find({ ref: "w1" })).toEqual({ remote: "r-words", content: { text: "Paid.", ref: "w1" } });
});

it("finds the correction if one followed", async () => {
  await insertPart({ text: "Paid.", ref: "w2" });
  await insertPart({ text: "Correction: open.", ref: "w2" }, { remote: "r-correction" });
  expect((await find({ ref: "w2" }))?.remote).toBe("r-correction");
});

it.each<[string, object, Parameters<typeof insertPart>[1]]>([
  ["an unsent part", { text: "x", ref: "none" }, { outcome: null }],
  ["a failed part", { text: "x", ref: "none" }, { outcome: "failed" }],
  ["a change", { change: "edited", text: "x", ref: "none" }, {}],
  ["a mark at the desk", { desk: "mark", ref: "none", message: "x" }, {}],
  ["a part of another channel", { text: "x", ref: "none" }, { channel: "sms" }],
  ["a part of another conversation", { text: "x", ref: "none" }, { of: 999 }],
])("never finds %s", async (_, part, o) => {
  await insertPart(part, o);
  expect(await find({ ref: "none" })).toBeNull();
});
