import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { threadId } from "../../src/domain/ids.ts";
import { FRONTDESK } from "../../src/domain/reach.ts";
import { OPEN_CASES } from "../../src/store/desk-cases.ts";
import { openStoredDesk, type StoredDesk } from "./stored-desk.ts";

let desk: StoredDesk;
beforeAll(async () => {
  desk = await openStoredDesk();
});
beforeEach(() => desk.rows(`truncate "case", conversation, contact, assignment`));
afterAll(() => desk[Symbol.asyncDispose]());

const kim = { id: "U1", name: "Kim" };
const at = (hour: string) => `2026-11-20T${hour}:00:00.000Z`;
const numbers = (shown: readonly { card: { conversation: number } }[]) => shown.map(({ card }) => card.conversation);

describe("one case", () => {
  it("comes with its card and its thread, in any status", async () => {
    const solved = await desk.case({ status: "solved", thread: "C1:1.2", tags: ["vip"] });
    expect(await desk.store.case(FRONTDESK, solved)).toMatchObject({
      card: { conversation: solved, status: "solved", tags: ["vip"] },
      thread: "C1:1.2",
    });
  });

  it("has no thread if only another desk has shown it, and is null if it does not exist", async () => {
    const elsewhere = await desk.case({ thread: "desk-7", desk: "chat" });
    expect(await desk.store.case(FRONTDESK, elsewhere)).toMatchObject({ thread: null });
    expect(await desk.store.case(FRONTDESK, elsewhere + 1_000)).toBeNull();
  });
});

describe("open cases", () => {
  it("are sorted by how long their customers wait, those who don't wait last", async () => {
    const calm = await desk.case();
    const late = await desk.case({ waitingSince: at("10") });
    const early = await desk.case({ waitingSince: at("09"), holder: kim });
    await desk.case({ status: "solved", waitingSince: at("08") });
    await desk.case({ status: "with the bot", waitingSince: at("08") });
    expect(numbers(await desk.store.cases(FRONTDESK, { limit: 10 }))).toEqual([early, late, calm]);
    expect(numbers(await desk.store.cases(FRONTDESK, { limit: 2 }))).toEqual([early, late]);
  });

  it("can be filtered by holder, by queues, and by unclaimed", async () => {
    const mine = await desk.case({ holder: kim });
    const theirs = await desk.case({ holder: { id: "U2", name: "Lee" }, status: "waiting for the customer" });
    const billing = await desk.case({ queue: "billing" });
    expect(numbers(await desk.store.cases(FRONTDESK, { holder: "U1", limit: 10 }))).toEqual([mine]);
    expect(numbers(await desk.store.cases(FRONTDESK, { queues: ["support"], limit: 10 }))).toEqual([mine, theirs]);
    expect(numbers(await desk.store.cases(FRONTDESK, { queues: [], limit: 10 }))).toEqual([]);
    expect(numbers(await desk.store.cases(FRONTDESK, { unclaimed: true, limit: 10 }))).toEqual([billing]);
    expect(numbers(await desk.store.cases(FRONTDESK, { queues: ["support"], unclaimed: true, limit: 10 }))).toEqual([]);
  });

  it("are read without reading the closed ones, however many there are", async () => {
    const client = await desk.db.pool.connect();
    try {
      await client.query("begin");
      await client.query("set local enable_seqscan = off");
      await client.query("set local plan_cache_mode = force_generic_plan");
      await client.query(`prepare open_read as ${OPEN_CASES.text}`);
      const { rows } = await client.query(
        "explain execute open_read('slack', 'U1', null, false, 10, array['support'], false, array['support'])",
      );
      expect(JSON.stringify(rows)).toContain("case_open");
    } finally {
      await client.query("rollback");
      client.release();
    }
  });

  it("are none for a nonsensical limit", async () => {
    await desk.case();
    expect(await desk.store.cases(FRONTDESK, { limit: -1 })).toEqual([]);
  });
});

describe("finding", () => {
  it.each([
    ["a name", "dana o", true],
    ["a channel", "SMS", true],
    ["a mail address", "dana@acme", true],
    ["a telephone number as stored", "+15550111", true],
    ["a telephone number as people write it", "(555) 0111", true],
    ["a text that is nowhere", "zoe", false],
    ["nothing", "  ", false],
    ["a wildcard", "%", false],
    ["the other wildcard", "D_na", false],
    ["a backslash", "\\", false],
    ["a NUL", "dana\0", false],
    ["half a character", "\ud83d", false],
  ])("by %s", async (_, text, found) => {
    const contact = { name: "Dana O'Neil", phone: "+15550111", email: "dana@acme.example" };
    const one = await desk.case({ contact });
    expect(numbers(await desk.store.find(FRONTDESK, text, 10))).toEqual(found ? [one] : []);
  });

  it("finds by number, with or without its sign, solved ones too, newest first", async () => {
    const first = await desk.case({ status: "solved" });
    const second = await desk.case();
    expect(numbers(await desk.store.find(FRONTDESK, `#${first}`, 10))).toContain(first);
    expect(numbers(await desk.store.find(FRONTDESK, String(second), 10))).toContain(second);
    expect(numbers(await desk.store.find(FRONTDESK, "dana", 10))).toEqual([second, first]);
    expect(numbers(await desk.store.find(FRONTDESK, "dana", 1))).toEqual([second]);
  });

  it("finds the bot's open conversations after the cases", async () => {
    const known = await desk.case();
    const { store } = desk;
    const started = await store.start({
      operator: { id: "alex", name: "Alex" },
      key: "k",
      channel: "sms",
      to: "+1 555 0199",
      queue: "support",
      text: "Hi",
    });
    const conversation = "conversation" in started ? started.conversation : 0;
    await desk.rows("update contact set name = 'Dana Bot' where phone = '+15550199'");
    const found = await store.find(FRONTDESK, "dana", 10);
    expect(found.map(({ card }) => [card.conversation, card.status])).toEqual([
      [known, "new"],
      [conversation, "with the bot"],
    ]);
    await desk.rows("update conversation set closed_at = now() where id = $1", [conversation]);
    expect(numbers(await store.find(FRONTDESK, "dana", 10))).toEqual([known]);
  });

  it("finds a name that contains a wildcard by the wildcard", async () => {
    await desk.case();
    const odd = await desk.case({ contact: { name: "100% Sure" } });
    expect(numbers(await desk.store.find(FRONTDESK, "100%", 10))).toEqual([odd]);
  });
});

describe("the conversation of a thread", () => {
  it("is the latest one", async () => {
    await desk.case({ on: "t-again" });
    await desk.rows("update conversation set joinable = false");
    const latest = await desk.case({ on: "t-again" });
    expect(await desk.store.conversation("sms", threadId("t-again"))).toBe(latest);
    expect(await desk.store.conversation("chat", threadId("t-again"))).toBeNull();
  });
});
