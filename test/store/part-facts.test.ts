import { afterAll, beforeAll, expect, it } from "vitest";
import { deliveryWords } from "../../src/desk/delivery-words.ts";
import { findShownWords, partsOfWords } from "../../src/store/part-facts.ts";
import { storeReceipt } from "../../src/store/receipts.ts";
import { settleParts } from "../../src/store/settle-parts.ts";
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
/** Inserts a part in the outbox. Returns its id. */
async function insertPart(part: object, { kind = "relay", message = null as number | null } = {}): Promise<number> {
  const [row] = await door.rows<{ id: number }>(
    `insert into outbox (conversation, event, n, channel, thread, kind, epoch, message, content, attempts, attempted_at)
     values ($1, $2, 0, 'chat', 't1', $3, 0, $4, $5, 1, now()) returning id`,
    conversation,
    event--,
    kind,
    message,
    JSON.stringify(part),
  );
  return row?.id ?? 0;
}
const settleSent = (id: number, remoteId: string) =>
  settleParts(door.db, [{ id, attempt: 1, outcome: "sent", remoteId }]);
const deliveryOf = async (ref: string) => deliveryWords("Dana", "sms", await partsOfWords(door.db, conversation, ref));
const eventsOf = (ref: string) =>
  door.rows<{ kind: string }>(
    "select kind from event where conversation = $1 and payload->>'ref' = $2 and kind <> 'operator' order by id",
    conversation,
    ref,
  );
const receive = (remoteId: string, status: "delivered" | "read" | "failed", code: string | null = null) =>
  storeReceipt(door.db, { channel: "chat", remoteId, status, code, optedOut: false });

it("an operator's words are as far as their slowest part, and each step is an event", async () => {
  const [one, two] = [
    await insertPart({ text: "1", ref: "w1" }, { message: 1 }),
    await insertPart({ text: "2", ref: "w1" }, { message: 1 }),
  ];
  expect(await deliveryOf("w1")).toBe("→ Dana, sms, being sent");
  await settleSent(one, "w1a");
  expect(await deliveryOf("w1")).toBe("→ Dana, sms, being sent");
  expect(await settleSent(two, "w1b")).toMatchObject([{ wake: conversation }]);
  expect(await deliveryOf("w1")).toBe("→ Dana, sms, sent");
  expect(await receive("w1a", "delivered")).toBe(conversation);
  expect(await deliveryOf("w1")).toBe("→ Dana, sms, sent");
  await receive("w1b", "read");
  expect(await deliveryOf("w1")).toBe("→ Dana, sms, delivered");
  expect(await receive("w1b", "delivered")).toBeNull();
  expect((await eventsOf("w1")).map(({ kind }) => kind)).toEqual(["delivered", "delivered", "delivered", "delivered"]);
});

it("words that did not arrive have the reason, reported once", async () => {
  await settleSent(await insertPart({ text: "1", ref: "w2" }, { message: 2 }), "w2a");
  await receive("w2a", "failed", "30005");
  await receive("w2a", "failed", "30005");
  expect(await deliveryOf("w2")).toBe("→ Dana, sms, not delivered: the platform's code is 30005");
  expect((await eventsOf("w2")).map(({ kind }) => kind)).toEqual(["delivered", "undelivered"]);
});

it("a receipt that came before the send returned becomes an event when it does", async () => {
  expect(await receive("w3a", "failed", "21610")).toBeNull();
  await settleSent(await insertPart({ text: "1", ref: "w3" }, { message: 3 }), "w3a");
  expect((await eventsOf("w3")).map(({ kind }) => kind).toSorted()).toEqual(["delivered", "undelivered"]);
});

it("after a correction only its own delivery counts", async () => {
  await settleSent(await insertPart({ text: "old", ref: "w4" }, { message: 4 }), "w4a");
  await insertPart({ text: "Correction: new", ref: "w4" }, { message: 5 });
  expect(await deliveryOf("w4")).toBe("→ Dana, sms, being sent");
});

it("unsent words have no delivery, and the bot's parts make no event", async () => {
  expect(await deliveryOf("unknown")).toBeNull();
  await insertPart({ desk: "mark", ref: "w5", message: null, question: null }, { kind: "notice" });
  expect(await deliveryOf("w5")).toBeNull();
  const bots = await insertPart({ text: "1", ref: "w6" }, { kind: "reply", message: 6 });
  expect(await settleSent(bots, "w6a")).toMatchObject([{ wake: null }]);
  expect(await receive("w6a", "delivered")).toBeNull();
  expect(await eventsOf("w6")).toEqual([]);
});

it("the desk's part for words is their entry while it is changed in place, then the mark posted later", async () => {
  expect(await findShownWords(door.db, conversation, "w7")).toBeNull();
  const entry = {
    kind: "reply",
    author: "Alex",
    text: "hi",
    at: "2026-11-20T10:00:00.000Z",
    message: null,
    internal: false,
  };
  const shown = await insertPart({ desk: "entry", entry: { ...entry, ref: "w7" } }, { kind: "notice" });
  expect(await findShownWords(door.db, conversation, "w7")).toBeNull();
  await settleSent(shown, "d1");
  await settleSent(
    await insertPart({ desk: "mark", ref: "w7", message: "x", question: null }, { kind: "notice" }),
    "d1",
  );
  expect(await findShownWords(door.db, conversation, "w7")).toEqual({ remote: "d1", entry: { ...entry, ref: "w7" } });
  await settleSent(
    await insertPart({ desk: "mark", ref: "w7", message: "y", question: null }, { kind: "notice" }),
    "d2",
  );
  expect(await findShownWords(door.db, conversation, "w7")).toEqual({ remote: "d2", entry: null });

  await settleSent(
    await insertPart({ desk: "mark", ref: "w8", message: "x", question: null }, { kind: "notice" }),
    "d3",
  );
  await settleSent(
    await insertPart({ desk: "mark", ref: "w8", message: "y", question: null }, { kind: "notice" }),
    "d3",
  );
  await settleSent(await insertPart({ text: "hi", ref: "w8" }, { message: 8 }), "c1");
  expect(await findShownWords(door.db, conversation, "w8")).toEqual({ remote: "d3", entry: null });
});
