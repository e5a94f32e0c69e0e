/** I9: storing waits for nothing outside; names are looked up afterwards. */
import { afterEach, describe, expect, it } from "vitest";
import type { Profile } from "../../src/adapter/adapter.ts";
import { claims, type Door, openDoor, writes } from "./door.ts";

const DANA: Profile = { name: "Dana Smith", email: "dana@acme.example", language: "de" };

/** A platform that tells who its people are when the test says so. */
function platform() {
  const asked: string[] = [];
  const waiting: ((profile: Profile | null) => void)[] = [];
  return {
    asked,
    profile: (from: string) =>
      new Promise<Profile | null>((resolve) => {
        asked.push(from);
        waiting.push(resolve);
      }),
    answers: (profile: Profile | null) => {
      for (const answer of waiting.splice(0)) answer(profile);
    },
  };
}

let door: Door;
afterEach(() => door[Symbol.asyncDispose]());

const until = async (holds: () => boolean | Promise<boolean>): Promise<void> => {
  while (!(await holds())) await new Promise((next) => setTimeout(next, 5));
};
const texts = async () =>
  (await door.rows<{ text: string }>("select text from message order by id")).map(({ text }) => text);
const signed = async () =>
  (await door.rows<{ name: string }>("select author_name as name from message order by id")).map(({ name }) => name);
const payloads = () =>
  door.rows<{ name: string; contact: string | null; language: string | null }>(
    `select payload->'content'->'from'->>'displayName' as name, payload->'contact'->>'name' as contact,
            payload->'contact'->>'language' as language from event order by id`,
  );

describe("somebody unknown", () => {
  it("has all that they write stored in order, before the platform tells who they are", async () => {
    const at = platform();
    door = await openDoor(undefined, at);
    await door.takes(writes("t", "Please cancel my order"));
    await door.takes(writes("t", "No wait, don't!"));
    expect(await texts()).toEqual(["Please cancel my order", "No wait, don't!"]);
    expect(at.asked).toEqual(["t"]);
    at.answers(DANA);
    await until(async () => (await signed()).every((name) => name === "Dana Smith"));
  });

  it("is greeted by name: the first turn waits a moment, and its event has the name and the profile", async () => {
    const at = platform();
    door = await openDoor(
      {
        greet: "title: G\nstatus: live\non: conversation.opened\nsteps: [{ say: 'Hallo {{ contact.first_name }}' }]\n",
      },
      at,
    );
    await door.takes(writes("t", "ok"));
    expect(door.woken).toEqual([]);
    at.answers(DANA);
    await until(() => door.woken.length > 0);
    expect(await payloads()).toEqual([{ name: "Dana Smith", contact: "Dana Smith", language: "de" }]);
    await door.turns(await door.conversation("t"));
    expect(await texts()).toEqual(["ok", "Hallo Dana"]);
  });

  it("is answered without a name where the platform does not tell in time", async () => {
    const at = platform();
    door = await openDoor(undefined, at);
    await door.takes(writes("t", "hello"));
    await until(() => door.woken.length > 0);
    await door.turns(await door.conversation("t"));
    expect(await payloads()).toEqual([{ name: "", contact: "", language: "" }]);
  });

  it("is told of in the transcript, and to people, even where a turn came first", async () => {
    const at = platform();
    door = await openDoor(undefined, at);
    await door.takes(writes("t", "hello"));
    const id = await door.conversation("t");
    await door.turns(id);
    door.woken.length = 0;
    at.answers(DANA);
    await until(() => door.woken.length > 0);
    expect(await signed()).toEqual(["Dana Smith", ""]);
    expect(await door.rows("select kind, payload->'contact'->>'name' as name from event where seq is null")).toEqual([
      { kind: "named", name: "Dana Smith" },
    ]);
    expect(await door.rows("select name, email, language from contact")).toEqual([
      { name: "Dana Smith", email: "dana@acme.example", language: "de" },
    ]);
  });

  it.each<[string, () => Promise<Profile | null>]>([
    ["is not known", async () => null],
    ["can't be had", () => Promise.reject(new Error("no_such_user"))],
    [
      "can't even be asked for",
      () => {
        throw new Error("not connected");
      },
    ],
    ["is not there", async () => ({})],
  ])("costs no message where the name %s, and is not asked for with each", async (_, profile) => {
    let asked = 0;
    door = await openDoor(undefined, { profile: () => (asked++, profile()) });
    await door.takes(writes("t", "one"));
    await until(() => door.woken.length === 1);
    await door.takes(writes("t", "two"));
    expect(door.woken).toHaveLength(2);
    expect(await texts()).toEqual(["one", "two"]);
    expect(asked).toBe(1);
  });
});

describe("somebody known", () => {
  it("is named in what they write from then on, in other threads too, and not asked for again", async () => {
    const at = platform();
    door = await openDoor(undefined, at);
    await door.takes(writes("t", "hello", { from: "U1" }));
    at.answers(DANA);
    await until(() => door.woken.length > 0);
    await door.takes(writes("other", "hello", { from: "U1" }));
    expect(door.woken.at(-1)).toBe(await door.conversation("other"));
    expect((await payloads()).at(-1)).toEqual({ name: "Dana Smith", contact: "Dana Smith", language: "de" });
    expect(at.asked).toEqual(["U1"]);
  });

  it("waits for nobody where this process has not asked yet", async () => {
    const at = platform();
    door = await openDoor(undefined, at);
    await door.rows("insert into contact (id, name) overriding system value values (99, 'Dana')");
    await door.rows("insert into address (channel, value, contact) values ('chat', 't', 99)");
    await door.takes(writes("t", "hello"));
    expect(door.woken).toHaveLength(1);
    expect(at.asked).toEqual(["t"]);
    expect(await signed()).toEqual(["Dana"]);
    expect(await payloads()).toMatchObject([{ contact: "Dana" }]);
    at.answers(DANA);
    await until(async () => (await door.rows("select from contact where email <> ''")).length === 1);
    expect(await door.rows("select name from contact")).toEqual([{ name: "Dana" }]);
  });
});

it("an operator is called by their name in what they write and press, from the first time on", async () => {
  const at = platform();
  door = await openDoor(undefined, at);
  const { conversation, at: thread } = await door.opensCase("t");
  at.answers(null);
  await door.takes(writes(thread, "on it", { from: "U7" }), claims(conversation, { from: "U8" }));
  at.answers({ name: "Ines Keller" });
  const told = () =>
    door.rows<{ name: string }>(
      "select coalesce(payload->'content'->'from'->>'displayName', payload->'content'->'operator'->>'name') as name from event where kind = 'operator' order by id",
    );
  await until(async () => (await told()).every(({ name }) => name === "Ines Keller"));
  await door.turns(conversation);
  await door.takes(claims(conversation, { from: "U8" }));
  expect((await told()).at(-1)).toEqual({ name: "Ines Keller" });
});

it("a crowd is looked up by a few at a time", async () => {
  const at = platform();
  door = await openDoor(undefined, at);
  await door.takes(...Array.from({ length: 20 }, (_, n) => writes(`t${n}`, "hello")));
  expect(at.asked.length).toBeLessThan(10);
  let most = at.asked.length;
  while (at.asked.length < 20) {
    const before = at.asked.length;
    at.answers({ name: "Dana" });
    await until(() => at.asked.length > before);
    most = Math.max(most, at.asked.length - before);
  }
  at.answers({ name: "Dana" });
  expect(most).toBeLessThan(10);
  await until(async () => (await signed()).every((name) => name === "Dana"));
});
