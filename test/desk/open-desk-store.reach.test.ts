import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { address, threadId } from "../../src/domain/ids.ts";
import { coversQueue, FRONTDESK, reachOf } from "../../src/domain/reach.ts";
import { DESK, openStoredDesk, type StoredDesk } from "./stored-desk.ts";

// Every read and act of an operator is limited to the cases within their reach, decided in one place.

const kim = { id: "U1", name: "Kim" };
const lee = { id: "U2", name: "Lee" };
const STAFFING = {
  queues: [
    { id: "support", members: "channel" as const },
    { id: "vip", members: ["U2"] },
  ],
  defaultQueue: "support",
};

describe("the reach of an operator", () => {
  it.each<[string, readonly string[] | null, string, boolean]>([
    ["of a queue that they are a member of", ["vip"], "vip", true],
    ["of another queue", ["vip"], "support", false],
    ["of a deleted queue, if they work in the default queue", ["support"], "gone", true],
    ["of a deleted queue, if they do not", ["vip"], "gone", false],
    ["of any queue, if they are a member of none", [], "support", false],
    ["of a queue that is not live, though they are still a member of it", ["old"], "old", false],
    ["of a queue without members, at a desk where everyone works", null, "support", true],
    ["of a queue whose members are others, at a desk where everyone works", null, "vip", false],
  ])("%s", (_, works, queue, may) => {
    expect(coversQueue(reachOf(kim, works, STAFFING), queue)).toBe(may);
    expect(coversQueue(reachOf(FRONTDESK, works, STAFFING), queue)).toBe(true);
  });
});

let desk: StoredDesk;
beforeAll(async () => {
  desk = await openStoredDesk();
});
beforeEach(async () => {
  await desk.rows(
    `truncate "case", conversation, contact, address, event, dedupe_key, raw_inbound, desk_member, desk_roster, desk_look`,
  );
  await desk.store.saveMembers("support", ["U1"]);
  await desk.store.saveMembers("billing", ["U2"]);
});
afterAll(() => desk[Symbol.asyncDispose]());

const numbers = (shown: readonly { card: { conversation: number } }[]) => shown.map(({ card }) => card.conversation);

describe("reading for an operator", () => {
  it("returns cases of their queues only, from every method", async () => {
    const mine = await desk.case({ contact: { name: "Dana" } });
    const theirs = await desk.case({ queue: "billing", contact: { name: "Dana" } });
    const { store } = desk;
    expect(await store.case(kim, theirs)).toBeNull();
    expect(await store.case(kim, mine)).toMatchObject({ card: { conversation: mine } });
    expect(numbers(await store.find(kim, "dana", 10))).toEqual([mine]);
    expect(numbers(await store.find(lee, "dana", 10))).toEqual([theirs]);
    expect(numbers(await store.cases(kim, { limit: 10 }))).toEqual([mine]);
    expect(numbers(await store.cases(kim, { queues: ["billing"], limit: 10 }))).toEqual([]);
    expect(numbers(await store.cases(kim, { unclaimed: true, limit: 10 }))).toEqual([mine]);
    expect(numbers(await store.cases(FRONTDESK, { limit: 10 }))).toEqual([mine, theirs]);
  });

  it("returns nothing for someone without a queue, not even the bot's conversations", async () => {
    await desk.case({ contact: { name: "Dana" } });
    await desk.rows(
      `with who as (insert into contact (name) values ('Dana') returning id)
       insert into conversation (channel, thread, contact) select 'sms', 'bots', id from who`,
    );
    const nobody = { id: "U9", name: "Zoe" };
    expect(await desk.store.find(nobody, "dana", 10)).toEqual([]);
    expect(await desk.store.find(kim, "dana", 10)).toHaveLength(2);
  });

  it("returns cases of a deleted queue to members of the default queue", async () => {
    const left = await desk.case({ queue: "gone" });
    expect(numbers(await desk.store.cases(kim, { limit: 10 }))).toEqual([left]);
    expect(numbers(await desk.store.cases(lee, { limit: 10 }))).toEqual([]);
  });

  it("returns the contact, so that two cases of one person differ from those of two", async () => {
    const [one, other] = [await desk.case(), await desk.case()];
    const [a, b] = [await desk.store.case(kim, one), await desk.store.case(kim, other)];
    expect(a?.contact).toBeGreaterThan(0);
    expect(a?.contact).not.toBe(b?.contact);
  });
});

const released = () => desk.rows("select 1 from event where payload->'content'->'command'->>'kind' = 'release'");

describe("a closed queue", () => {
  it("has no members from that moment, and gives back its cases if it is still closed the next time", async () => {
    await desk.case({ holder: kim });
    await desk.store.closeQueue("support", "#support is public");
    expect(await desk.store.queuesOf(kim)).toEqual([]);
    expect(await desk.another().rosters()).toContainEqual({ queue: "support", closed: "#support is public" });
    expect(await released()).toEqual([]);
    await desk.another().closeQueue("support", "#support is public");
    expect(await released()).toHaveLength(1);
  });

  it("opens again once its members are known", async () => {
    await desk.store.closeQueue("support", "its channel isn't known");
    await desk.store.saveMembers("support", ["U1"]);
    expect((await desk.store.queuesOf(kim)).map(({ id }) => id)).toEqual(["support"]);
    await desk.store.closeQueue("support", "its channel isn't known");
    expect(await released()).toEqual([]);
  });
});

const facts = async () =>
  (await desk.rows<{ payload: Record<string, unknown> }>("select payload from event order by id desc limit 1"))[0]
    ?.payload;

describe("an operator's act", () => {
  it("is stored with their queues, the queues whose members are known, and the case to merge into", async () => {
    const one = await desk.case();
    const other = await desk.case({ queue: "billing", contact: { name: "Sam Lee" }, mergedInto: 7 });
    await desk.store.closeQueue("billing", "nobody knows");
    await desk.store.act({ operator: kim, conversation: one, command: { kind: "merge", into: other }, key: "m1" });
    const into = { queue: "billing", status: "new", mergedInto: 7, contact: expect.any(Number), customer: "Sam Lee" };
    expect(await facts()).toMatchObject({ queues: ["support"], known: ["support"], into });
    await desk.store.act({ operator: lee, conversation: one, command: { kind: "merge", into: 99_999 }, key: "m2" });
    expect(await facts()).toMatchObject({ queues: [], into: null });
  });
});

describe("a case about a message that was not written to us", () => {
  it("is stored once per key, with its author and the quote", async () => {
    const quote = { author: "Bob", place: "#random", text: "a refund" };
    const author = { address: address("U7"), name: "Bob" };
    const wish = { operator: kim, key: "o1", channel: DESK, thread: threadId("C9:1.2"), author, quote };
    const conversation = await desk.store.open(wish);
    expect(await desk.another().open(wish)).toBe(conversation);
    expect(await desk.rows("select kind, payload->'content'->'command' as command from event")).toEqual([
      { kind: "operator", command: { kind: "open", quote } },
    ]);
    expect(await desk.rows("select from message")).toEqual([]);
    expect(desk.wakes).toContain(`turn ${conversation}`);
  });
});
