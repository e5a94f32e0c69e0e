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
/** A part in the outbox; answers with its id. */
async function queued(part: object, { kind = "relay", message = null as number | null } = {}): Promise<number> {
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
const sent = (id: number, remoteId: string) => settleParts(door.db, [{ id, attempt: 1, outcome: "sent", remoteId }]);
const message = async (ref: string) => deliveryWords("Dana", "sms", await partsOfWords(door.db, conversation, ref));
const happened = (ref: string) =>
  door.rows<{ kind: string }>(
    "select kind from event where conversation = $1 and payload->>'ref' = $2 and kind <> 'operator' order by id",
    conversation,
    ref,
  );
const receipt = (remoteId: string, status: "delivered" | "read" | "failed", code: string | null = null) =>
  storeReceipt(door.db, { channel: "chat", remoteId, status, code, optedOut: false });

it("Words are as far as their worst part, from the outbox to the customer's phone, and each step is an event", async () => {
  const [one, two] = [
    await queued({ text: "1", ref: "w1" }, { message: 1 }),
    await queued({ text: "2", ref: "w1" }, { message: 1 }),
  ];
  expect(await message("w1")).toBe("→ Dana, sms, being sent");
  await sent(one, "w1a");
  expect(await message("w1")).toBe("→ Dana, sms, being sent");
  expect(await sent(two, "w1b")).toMatchObject([{ wake: conversation }]);
  expect(await message("w1")).toBe("→ Dana, sms, sent");
  expect(await receipt("w1a", "delivered")).toBe(conversation);
  expect(await message("w1")).toBe("→ Dana, sms, sent");
  await receipt("w1b", "read");
  expect(await message("w1")).toBe("→ Dana, sms, delivered");
  expect(await receipt("w1b", "delivered")).toBeNull();
  expect((await happened("w1")).map(({ kind }) => kind)).toEqual(["delivered", "delivered", "delivered", "delivered"]);
});

it("Words that did not arrive say why, once", async () => {
  await sent(await queued({ text: "1", ref: "w2" }, { message: 2 }), "w2a");
  await receipt("w2a", "failed", "30005");
  await receipt("w2a", "failed", "30005");
  expect(await message("w2")).toBe("→ Dana, sms, not delivered: the platform's code is 30005");
  expect((await happened("w2")).map(({ kind }) => kind)).toEqual(["delivered", "undelivered"]);
});

it("A report that came before the send returned is told when it does", async () => {
  expect(await receipt("w3a", "failed", "21610")).toBeNull();
  await sent(await queued({ text: "1", ref: "w3" }, { message: 3 }), "w3a");
  expect((await happened("w3")).map(({ kind }) => kind).toSorted()).toEqual(["delivered", "undelivered"]);
});

it("After a correction, it is the correction that they want to know about", async () => {
  await sent(await queued({ text: "old", ref: "w4" }, { message: 4 }), "w4a");
  await queued({ text: "Correction: new", ref: "w4" }, { message: 5 });
  expect(await message("w4")).toBe("→ Dana, sms, being sent");
});

it("Words that were never to be sent have no delivery, and the bot's own make no event", async () => {
  expect(await message("unknown")).toBeNull();
  await queued({ desk: "mark", ref: "w5", message: null, question: null }, { kind: "notice" });
  expect(await message("w5")).toBeNull();
  const bots = await queued({ text: "1", ref: "w6" }, { kind: "reply", message: 6 });
  expect(await sent(bots, "w6a")).toMatchObject([{ wake: null }]);
  expect(await receipt("w6a", "delivered")).toBeNull();
  expect(await happened("w6")).toEqual([]);
});

it("what shows words at the desk is the entry as long as it is changed in place, then what was shown anew", async () => {
  expect(await findShownWords(door.db, conversation, "w7")).toBeNull();
  const entry = {
    kind: "reply",
    author: "Alex",
    text: "hi",
    at: "2026-11-20T10:00:00.000Z",
    message: null,
    internal: false,
  };
  const shown = await queued({ desk: "entry", entry: { ...entry, ref: "w7" } }, { kind: "notice" });
  expect(await findShownWords(door.db, conversation, "w7")).toBeNull();
  await sent(shown, "d1");
  await sent(await queued({ desk: "mark", ref: "w7", message: "x", question: null }, { kind: "notice" }), "d1");
  expect(await findShownWords(door.db, conversation, "w7")).toEqual({ remote: "d1", entry: { ...entry, ref: "w7" } });
  await sent(await queued({ desk: "mark", ref: "w7", message: "y", question: null }, { kind: "notice" }), "d2");
  expect(await findShownWords(door.db, conversation, "w7")).toEqual({ remote: "d2", entry: null });

  await sent(await queued({ desk: "mark", ref: "w8", message: "x", question: null }, { kind: "notice" }), "d3");
  await sent(await queued({ desk: "mark", ref: "w8", message: "y", question: null }, { kind: "notice" }), "d3");
  await sent(await queued({ text: "hi", ref: "w8" }, { message: 8 }), "c1");
  expect(await findShownWords(door.db, conversation, "w8")).toEqual({ remote: "d3", entry: null });
});
