import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { StartConversation } from "../../src/desk/desk-store.ts";
import { address, remoteChannelId, threadId } from "../../src/domain/ids.ts";
import { DESK, openStoredDesk, type StoredDesk } from "./stored-desk.ts";

let desk: StoredDesk;
beforeAll(async () => {
  desk = await openStoredDesk();
});
beforeEach(async () => {
  desk.wakes.length = 0;
  await desk.rows(
    `truncate "case", conversation, contact, address, event, dedupe_key, raw_inbound, desk_place, desk_member, desk_roster`,
  );
});
afterAll(() => desk[Symbol.asyncDispose]());

const kim = { id: "U1", name: "Kim" };

interface EventRow {
  conversation: number;
  kind: string;
  payload: { content: Record<string, unknown>; queues: string[] | null; contact: Record<string, unknown> | null };
}
const events = () => desk.rows<EventRow>("select conversation, kind, payload from event order by id");

describe("an act", () => {
  it("is stored once per key as an operator's action, and wakes the turn", async () => {
    const conversation = await desk.case();
    const act = { operator: kim, conversation, command: { kind: "claim" }, key: "k1" } as const;
    await Promise.all([desk.store.act(act), desk.another().act(act), desk.store.act(act)]);
    await desk.store.act(act);
    expect(await events()).toMatchObject([
      { conversation, kind: "operator", payload: { content: { operator: kim, command: { kind: "claim" } } } },
    ]);
    expect(desk.wakes).toContain(`turn ${conversation}`);
    await desk.store.act({ ...act, key: "k2" });
    expect(await events()).toHaveLength(2);
  });

  it("on an unknown conversation is stored with a reason", async () => {
    await desk.store.act({ operator: kim, conversation: 987_654, command: { kind: "claim" }, key: "k3" });
    expect(await desk.rows("select channel, outcome, reason from raw_inbound")).toEqual([
      { channel: DESK, outcome: "ignored", reason: "unknown_conversation" },
    ]);
  });
});

const wish: StartConversation = {
  operator: kim,
  key: "s1",
  channel: "sms",
  to: "+1 (555) 0111",
  queue: "support",
  text: "Your parcel is here.",
};

describe("a conversation of ours", () => {
  it("begins with a contact, an address and the operator's text", async () => {
    const started = await desk.store.start(wish);
    const [row] = await desk.rows<{ id: number }>("select id, channel, thread, joinable from conversation");
    expect(row).toMatchObject({ channel: "sms", thread: "us:+15550111", joinable: true });
    expect(started).toEqual({ conversation: row?.id });
    expect(desk.wakes).toEqual([`turn ${row?.id}`]);
    expect(await events()).toMatchObject([
      {
        conversation: row?.id,
        kind: "operator",
        payload: {
          content: { operator: kim, command: { kind: "start", text: wish.text, queue: "support" } },
          queues: [],
          known: [],
          contact: { name: "", phone: "+15550111", email: "", language: "", blocked: false, attributes: {} },
        },
      },
    ]);
    expect(await desk.rows("select channel, value from address")).toEqual([{ channel: "sms", value: "+15550111" }]);
    expect(await desk.rows("select outcome, content_type from raw_inbound")).toEqual([
      { outcome: "stored", content_type: "application/json" },
    ]);
  });

  it("is started once per key, however many calls and processes", async () => {
    const books = [desk.store, desk.another(), desk.store, desk.another(), desk.store];
    const started = await Promise.all(books.map((store) => store.start(wish)));
    expect(new Set(started.map((one) => JSON.stringify(one))).size).toBe(1);
    expect(await desk.store.start(wish)).toEqual(started[0]);
    expect(await events()).toHaveLength(1);
    expect(await desk.rows("select from conversation")).toHaveLength(1);
  });

  it("started by several operators at once with a new person has one contact and one conversation", async () => {
    const keys = Array.from({ length: 8 }, (_, n) => `race-${n}`);
    await Promise.all(keys.map((key) => desk.store.start({ ...wish, key })));
    expect(await desk.rows("select from contact")).toHaveLength(1);
    expect(await desk.rows("select from conversation")).toHaveLength(1);
    const seen = await events();
    expect(seen).toHaveLength(8);
    expect(new Set(seen.map(({ payload }) => payload.contact?.["id"])).size).toBe(1);
  });

  it("with a known contact joins their open conversation", async () => {
    await desk.rows("insert into contact (id, name, language) values (77, 'Dana', 'de')");
    await desk.rows("insert into address (channel, value, contact) values ('sms', '+15550111', 77)");
    const known = await desk.case({ on: "us:+15550111" });
    expect(await desk.store.start(wish)).toEqual({ conversation: known });
    expect((await events())[0]?.payload.contact).toMatchObject({ id: 77, name: "Dana", language: "de" });
  });

  it("may go to a thread that the desk has resolved", async () => {
    const to = { thread: threadId("D7"), address: address("U7"), name: "Robin" };
    expect(await desk.store.start({ ...wish, channel: DESK, to })).toHaveProperty("conversation");
    expect((await events())[0]?.payload.contact).toMatchObject({ name: "Robin", phone: "" });
  });

  it("carries the queues of its operator; none while no members are known", async () => {
    await desk.store.savePlace({ queue: "support", place: remoteChannelId("C1"), refused: null });
    await desk.store.start(wish);
    await desk.store.saveMembers("support", ["U1"]);
    await desk.store.start({ ...wish, key: "s2" });
    expect((await events()).map(({ payload }) => payload.queues)).toEqual([[], ["support"]]);
  });

  it.each([
    ["to an address that can't be reached", { to: "Dana" }, /“Dana” can't be reached on sms/],
    [
      "on a channel that reaches nobody",
      { channel: "chat" },
      /We can't write to someone first on chat; choose one of sms/,
    ],
    ["in an unknown queue", { queue: "nope" }, /no queue “nope”; choose one of support, billing/],
    ["without text", { text: " \n" }, /The text is empty: write a message\./],
    ["with too long a text", { text: "x".repeat(20_001) }, /too long/],
  ])("%s is a fault with a text for the operator, and stores nothing", async (_, odd, words) => {
    expect(await desk.store.start({ ...wish, ...odd })).toEqual({ fault: expect.stringMatching(words) });
    expect(await desk.rows("select from raw_inbound")).toEqual([]);
    expect(desk.wakes).toEqual([]);
  });

  it("is stored even if its text has characters that the database can't hold", async () => {
    expect(await desk.store.start({ ...wish, text: "a\0b\ud83d" })).toHaveProperty("conversation");
    expect((await events())[0]?.payload.content["command"]).toMatchObject({ text: "ab\ufffd" });
  });
});

it("the store passes on the options that it was opened with", () => {
  expect(desk.store.queues().map(({ id }) => id)).toEqual(["support", "billing"]);
  expect(desk.store.defaultQueue?.()).toBe("support");
  expect(desk.store.manual()).toEqual([{ id: "refund", title: "Refund" }]);
  expect(desk.store.reachable()).toEqual(["sms"]);
});
