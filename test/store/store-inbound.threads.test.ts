import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Inbound } from "../../src/adapter/inbound.ts";
import { address } from "../../src/domain/ids.ts";
import { changes, type Door, openDoor, takesBack, writes } from "../inbound/door.ts";

// Whom a message is from, and whether it is for us, by where it was written.

let door: Door;
beforeAll(async () => {
  door = await openDoor();
});
afterAll(() => door[Symbol.asyncDispose]());

const joinsOnly = true as const;
const reasonOf = async (id: string) =>
  (
    await door.rows<{ outcome: string; reason: string | null }>(
      "select outcome, reason from raw_inbound where body = $1 order by id desc limit 1",
      Buffer.from(id),
    )
  )[0];
const eventsOf = (conversation: number) =>
  door.rows<{ kind: string; payload: Record<string, unknown> }>(
    "select kind, payload from event where conversation = $1 order by id",
    conversation,
  );

/** A case, and the thread in which the desk shows it. */
async function bound(thread: string): Promise<{ conversation: number; at: string }> {
  await door.takes(writes(thread, "hello"));
  const conversation = await door.conversation(thread);
  await door.turns(conversation);
  const at = `DESK:${thread}`;
  await door.rows(`update "case" set desk_channel = 'chat', thread = $2 where conversation = $1`, conversation, at);
  return { conversation, at };
}

describe("a message that nobody said is for us", () => {
  it("is ignored, with that reason, where there is no conversation", async () => {
    expect(await door.takes(writes("alone", "lunch?", { id: "alone1", joinsOnly }))).toEqual(["ignored"]);
    expect(await reasonOf("alone1")).toEqual({ outcome: "ignored", reason: "not_addressed" });
    expect(await door.rows("select 1 from conversation where thread = 'alone'")).toEqual([]);
    expect(await door.rows("select 1 from address where value = 'alone'")).toEqual([]);
  });

  it("may be said to be for us later", async () => {
    await door.takes(writes("later", "broken parcel", { id: "later1", joinsOnly }));
    expect((await door.takes(writes("later", "broken parcel", { id: "later1" })))[0]).toMatch(/^stored/);
    expect(await door.takes(writes("later", "broken parcel", { id: "later1" }))).toEqual([
      expect.stringMatching(/^duplicate/),
    ]);
  });

  it("counts where the thread is a conversation, whoever writes it", async () => {
    await door.takes(writes("joined", "hello, bot"));
    const id = await door.conversation("joined");
    expect(await door.takes(writes("joined", "more", { joinsOnly }))).toEqual([`stored ${id}`]);
    expect(await door.takes(writes("joined", "me too", { joinsOnly, from: "bob" }))).toEqual([`stored ${id}`]);
  });

  it("counts where what opens the conversation comes in the same moment, in either order", async () => {
    const [opens, joins] = await door.takes(writes("both", "hello, bot"), writes("both", "and more", { joinsOnly }));
    expect(opens).toMatch(/^stored \d+$/);
    expect(joins).toBe(opens);
    const turned = await door.takes(writes("turned", "wait", { joinsOnly }), writes("turned", "hello, bot"));
    expect(new Set(turned).size).toBe(1);
    expect(turned[0]).toMatch(/^stored/);
  });

  it("does not count where only another thread is opened in the same moment", async () => {
    expect((await door.takes(writes("one", "hello, bot"), writes("other", "lunch?", { joinsOnly })))[1]).toBe(
      "ignored",
    );
  });

  it("does not open again what has long been closed", async () => {
    await door.takes(writes("old", "hello, bot"));
    await door.rows("update conversation set closed_at = now(), joinable = false where thread = 'old'");
    expect(await door.takes(writes("old", "lunch?", { joinsOnly }))).toEqual(["ignored"]);
  });
});

describe("where a queue works", () => {
  let everyones: Door;
  beforeAll(async () => {
    everyones = door;
    door = await openDoor(undefined, { membership: "listed" });
    await door.rows("insert into desk_roster (channel, queue) values ('chat', 'billing'), ('chat', 'nights')");
    await door.rows("insert into desk_place (channel, queue, place) values ('chat', 'billing', 'DESK')");
    await door.rows("insert into desk_member (channel, queue, operator) values ('chat', 'billing', 'alex')");
    await door.rows("insert into desk_member (channel, queue, operator) values ('chat', 'nights', 'alex')");
  });
  afterAll(async () => {
    await door[Symbol.asyncDispose]();
    door = everyones;
  });

  it("nobody is a customer, even who calls us by name", async () => {
    const place = "DESK";
    expect(await door.takes(writes("DESK:9", "@bot hello", { id: "desk9", place, from: "kim" }))).toEqual(["ignored"]);
    expect(await reasonOf("desk9")).toEqual({ outcome: "ignored", reason: "desk_place" });
    expect(await door.takes(writes("DESK:9", "chatter", { id: "desk10", place, from: "kim", joinsOnly }))).toEqual([
      "ignored",
    ]);
    expect((await reasonOf("desk10"))?.reason).toBe("desk_place");
    expect(await door.rows("select 1 from conversation where thread = 'DESK:9'")).toEqual([]);
  });

  it("elsewhere people are customers still", async () => {
    expect((await door.takes(writes("OTHER:9", "hello", { place: "OTHER" })))[0]).toMatch(/^stored/);
  });

  it.each([
    ["alex", ["billing", "nights"]],
    ["kim", []],
  ])("an operator's words say where they work, as the desk knows: %s", async (from, queues) => {
    const { conversation, at } = await bound(`works-${from}`);
    expect(await door.takes(writes(at, "on it", { id: `w-${from}`, from, place: "DESK" }))).toEqual([
      `stored ${conversation}`,
    ]);
    const last = (await eventsOf(conversation)).at(-1);
    expect(last?.kind).toBe("operator");
    expect(last?.payload["queues"]).toHaveLength(queues.length);
    expect(last?.payload["queues"]).toEqual(expect.arrayContaining(queues));
    expect(last?.payload["content"]).toMatchObject({ text: "on it", ref: `w-${from}`, from: { address: from } });
    expect(await door.rows("select 1 from address where value = $1", from)).toEqual([]);
  });

  it("so do their actions", async () => {
    const { conversation } = await bound("acts");
    const action: Inbound = {
      kind: "action",
      dedupeKeys: ["a1"],
      externalId: "a1",
      thread: writes("acts", "").thread,
      from: address("kim"),
      trust: "verified",
      command: { kind: "claim" },
      conversation,
    };
    await door.takes(action);
    expect((await eventsOf(conversation)).at(-1)?.payload).toMatchObject({ queues: [] });
  });
});

describe("in a case's thread", () => {
  it("words are an operator's, and where they work is unknown to a desk without places", async () => {
    const { conversation, at } = await bound("bound");
    expect(await door.takes(writes(at, "on it", { id: "o1", from: "alex", joinsOnly, mentions: true }))).toEqual([
      `stored ${conversation}`,
    ]);
    const last = (await eventsOf(conversation)).at(-1);
    expect(last).toMatchObject({ kind: "operator", payload: { queues: null, content: { ref: "o1", mentions: true } } });
    expect(await door.rows("select 1 from message where external_id = 'o1'")).toEqual([]);
  });

  it("edits and deletes are an operator's, of the words that they name", async () => {
    const { conversation, at } = await bound("edited");
    await door.takes(writes(at, "on it", { id: "o2", from: "alex" }));
    await door.turns(conversation);
    const edit = { ...changes(at, "o2", "// hm, @Kim?", "alex"), mentions: true } as const;
    expect(await door.takes(edit, takesBack(at, "o2", "alex"))).toEqual([
      `stored ${conversation}`,
      `stored ${conversation}`,
    ]);
    const content = { amends: "edit", ref: "o2", text: "// hm, @Kim?", mentions: true, from: { address: "alex" } };
    expect((await eventsOf(conversation)).slice(-2)).toMatchObject([
      { kind: "operator", payload: { content } },
      { kind: "operator", payload: { content: { amends: "delete", ref: "o2" } } },
    ]);
    await door.turns(conversation);
    expect(
      await door.rows(
        "select lines->0->>'code' as code, quarantined from event where conversation = $1 order by id desc limit 2",
        conversation,
      ),
    ).toEqual([
      { code: "desk.delete", quarantined: null },
      { code: "desk.edit", quarantined: null },
    ]);
  });

  it("the same twice, in one moment or two, is one", async () => {
    const { conversation, at } = await bound("again");
    const once = writes(at, "on it", { id: "o3", from: "alex" });
    const change = changes(at, "o3", "on it!", "alex");
    expect(await door.takes(once, once, change, change)).toEqual([
      `stored ${conversation}`,
      `duplicate ${conversation}`,
      `stored ${conversation}`,
      `duplicate ${conversation}`,
    ]);
    expect(await door.takes(once, change)).toEqual(["duplicate", "duplicate"]);
    expect((await eventsOf(conversation)).filter(({ kind }) => kind === "operator")).toHaveLength(2);
  });

  it("an action on a case that there is not is ignored with that reason", async () => {
    const action: Inbound = {
      kind: "action",
      dedupeKeys: ["a2"],
      externalId: "a2",
      thread: writes("nowhere", "").thread,
      from: address("kim"),
      trust: "verified",
      command: { kind: "claim" },
      conversation: 987_654,
    };
    expect(await door.takes(action)).toEqual(["ignored"]);
    expect((await reasonOf("a2"))?.reason).toBe("unknown_conversation");
  });
});
