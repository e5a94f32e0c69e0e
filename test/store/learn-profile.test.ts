import { afterAll, beforeAll, expect, it } from "vitest";
import { learnProfile } from "../../src/store/learn-profile.ts";
import { loadTurns } from "../../src/store/load-turns.ts";
import { type Door, openDoor, writes } from "../inbound/door.ts";

// I9: the name of a sender, written down after their messages.

let door: Door;
beforeAll(async () => {
  door = await openDoor();
});
afterAll(() => door[Symbol.asyncDispose]());

async function learns(thread: string, name: string, profile: { email?: string } = {}): Promise<number[]> {
  const events = await door.rows<{ id: number }>(
    "select e.id from event e join conversation c on c.id = e.conversation where c.thread = $1 and e.kind <> 'named'",
    thread,
  );
  const nothing = { email: "", phone: "", language: "" };
  const learned = {
    channel: "chat",
    address: thread,
    name,
    ...nothing,
    ...profile,
    events: events.map(({ id }) => id),
  };
  return learnProfile(door.db, learned);
}

/** A conversation that a turn has handled, whose state has this version. */
async function handled(thread: string, version: number): Promise<number> {
  await door.takes(writes(thread, "hello"));
  const id = await door.conversation(thread);
  await door.turns(id);
  const set =
    "update conversation set state = jsonb_set(state::jsonb, '{state,v}', to_jsonb($2::int))::json where id = $1";
  await door.rows(set, id, version);
  return id;
}
const named = (conversation: number) =>
  door.rows("select from event where kind = 'named' and conversation = $1", conversation);

it("a conversation learns the name once, and another field later", async () => {
  const id = await handled("twice", 3);
  expect(await learns("twice", "Dana")).toEqual([id]);
  await door.rows("update conversation set state = jsonb_set(state::jsonb, '{state,contact,name}', '\"Dana\"')::json");
  expect(await learns("twice", "Dana")).toEqual([]);
  expect(await learns("twice", "Dana", { email: "dana@acme.example" })).toEqual([id]);
  expect(await named(id)).toHaveLength(2);
});

it("an earlier build is not given an event that it does not know", async () => {
  const id = await handled("earlier", 2);
  expect(await learns("earlier", "Dana")).toEqual([]);
  expect(await named(id)).toEqual([]);
  expect(await door.rows("select name from contact order by id desc limit 1")).toEqual([{ name: "Dana" }]);
});

it("a closed conversation is left alone", async () => {
  const id = await handled("closed", 3);
  await door.rows("update conversation set closed_at = now() where id = $1", id);
  expect(await learns("closed", "Dana")).toEqual([]);
});

it("what is known stays", async () => {
  await handled("known", 3);
  await learns("known", "Dana");
  await learns("known", "Mallory");
  expect(
    await door.rows(
      "select distinct author_name from message m join conversation c on c.id = m.conversation where thread = 'known' and author = 'customer'",
    ),
  ).toEqual([{ author_name: "Dana" }]);
});

it("a turn that has loaded a nameless event writes nothing, and loads it again", async () => {
  await door.takes(writes("race", "hello"));
  const id = await door.conversation("race");
  const [before] = await loadTurns(door.db, [id]);
  expect(await learns("race", "Dana")).toEqual([expect.any(Number)]);
  const [after] = await loadTurns(door.db, [id]);
  expect(after?.version).toBeGreaterThan(before?.version ?? 0);
  expect(after?.pending).toMatchObject([
    { payload: { contact: { name: "Dana" }, content: { from: { displayName: "Dana" } } } },
  ]);
});

it("an event that a turn has handled stays as the turn read it", async () => {
  const id = await handled("late", 2);
  await learns("late", "Dana");
  expect(await door.rows("select payload->'contact'->>'name' as name from event where conversation = $1", id)).toEqual([
    { name: "" },
  ]);
});
