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
async function row(part: object, o: { outcome?: string | null; channel?: string; of?: number; remote?: string } = {}) {
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

it("The part that showed a prompt, or carried an operator's words, is found as it left", async () => {
  await row({ text: "What?", promptId: "p1" }, { remote: "r-prompt" });
  await row({ text: "Paid.", ref: "w1" }, { remote: "r-words" });
  expect(await find({ promptId: "p1" })).toEqual({ remote: "r-prompt", content: { text: "What?", promptId: "p1" } });
  expect(await find({ ref: "w1" })).toEqual({ remote: "r-words", content: { text: "Paid.", ref: "w1" } });
});

it("The latest is found, where a correction followed", async () => {
  await row({ text: "Paid.", ref: "w2" });
  await row({ text: "Correction: open.", ref: "w2" }, { remote: "r-correction" });
  expect((await find({ ref: "w2" }))?.remote).toBe("r-correction");
});

it.each<[string, object, Parameters<typeof row>[1]]>([
  ["what has not left", { text: "x", ref: "none" }, { outcome: null }],
  ["what failed", { text: "x", ref: "none" }, { outcome: "failed" }],
  ["a change itself", { change: "edited", text: "x", ref: "none" }, {}],
  ["what stands under the words at the desk", { desk: "mark", ref: "none", message: "x" }, {}],
  ["another channel's", { text: "x", ref: "none" }, { channel: "sms" }],
  ["another conversation's", { text: "x", ref: "none" }, { of: 999 }],
])("Never found is %s", async (_, part, o) => {
  await row(part, o);
  expect(await find({ ref: "none" })).toBeNull();
});
