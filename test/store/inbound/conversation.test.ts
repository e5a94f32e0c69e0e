import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Inbound } from "../../../src/adapter/inbound.ts";
import { endReopening } from "../../../src/store/end-reopening.ts";
import { keyword, presses, writes } from "../../inbound/door.ts";
import { openScene, type Scene, type Threads } from "./scene.ts";

// Which conversation? I7: the open one of the thread, else the latest that closed lately, else a new one.

let scene: Scene;
beforeAll(async () => {
  scene = await openScene();
});
afterAll(() => scene[Symbol.asyncDispose]());

type Row = [where: string, becomes: string[], items: (at: Threads) => Inbound[]];

const NEW = "customer of a new conversation";
const TABLE: Row[] = [
  ["a message in a thread in which nothing was written", [NEW], (at) => [writes(at.unknown, "hello")]],
  ["a message in an open conversation", ["customer of the open conversation"], (at) => [writes(at.open, "more")]],
  [
    "a message by somebody else",
    ["customer of the open conversation"],
    (at) => [writes(at.open, "me", { from: "bob" })],
  ],
  ["a message in a case", ["customer of the case"], (at) => [writes(at.held, "more")]],
  [
    "a message after it closed lately",
    ["customer of the reopened conversation"],
    (at) => [writes(at.reopenable, "oh")],
  ],
  ["a message after it closed long ago", [NEW], (at) => [writes(at.closed, "hello again")]],
  ["a pressed option where nothing was written", [NEW], (at) => [presses(at.unknown)]],
  [
    "a pressed option of a conversation that closed lately",
    ["customer of the reopened conversation"],
    (at) => [presses(at.reopenable)],
  ],
  ["a pressed option of a conversation that closed long ago", [NEW], (at) => [presses(at.closed)]],
  ["an opt-out where nothing was written", [NEW], (at) => [keyword(at.unknown, "opt_out")]],
  ["an opt-out in an open conversation", ["customer of the open conversation"], (at) => [keyword(at.open, "opt_out")]],
  [
    "two first messages of one batch",
    [NEW, NEW],
    (at) => [writes(at.unknown, "hello"), writes(at.unknown, "anybody?")],
  ],
  [
    "messages of several threads in one batch",
    [NEW, "customer of the open conversation", "customer of the reopened conversation"],
    (at) => [writes(at.unknown, "a"), writes(at.open, "b"), writes(at.reopenable, "c")],
  ],
];

describe("an item joins", () => {
  it.each(TABLE)("%s: %j", async (_, become, items) => {
    const at = await scene.threads();
    expect(await scene.becomes(at, ...items(at))).toEqual(become);
  });
});

describe("a thread", () => {
  it("opens one conversation with two first messages of one batch", async () => {
    const { unknown } = await scene.threads();
    const [first, second] = await scene.door.takes(writes(unknown, "hello"), writes(unknown, "me", { from: "bob" }));
    expect(second).toBe(first);
  });

  it("is another one on another channel", async () => {
    const { open, openId } = await scene.threads();
    expect(await scene.door.takesOn("other", writes(open, "hello"))).not.toEqual([`stored ${openId}`]);
    expect(await scene.door.rows("select channel from conversation where thread = $1 order by id", open)).toEqual([
      { channel: "chat" },
      { channel: "other" },
    ]);
  });

  it("goes on in the newest of its conversations", async () => {
    const { closed } = await scene.threads();
    const [opened] = await scene.door.takes(writes(closed, "hello again"));
    expect(await scene.door.takes(writes(closed, "and more"))).toEqual([opened]);
  });

  it("that closed lately stays closed until a turn reopens it, and is noted as written in", async () => {
    const { reopenable } = await scene.threads();
    await scene.door.rows(
      "update conversation set last_inbound_at = now() - interval '1 hour' where thread = $1",
      reopenable,
    );
    await scene.door.takes(writes(reopenable, "oh"));
    expect(
      await scene.door.rows(
        "select closed_at is null as open, last_inbound_at > now() - interval '1 minute' as noted from conversation where thread = $1",
        reopenable,
      ),
    ).toEqual([{ open: false, noted: true }]);
  });
});

const WITHIN_SECONDS = 3_600;
const closed = (thread: string, o: { secondsAgo: number; lastWordSecondsAgo: number }) =>
  scene.door.rows(
    "update conversation set closed_at = now() - $2 * interval '1 second', last_inbound_at = now() - $3 * interval '1 second' where thread = $1",
    thread,
    o.secondsAgo,
    o.lastWordSecondsAgo,
  );

describe("with the sweep, which ends the time in which a thread reopens", () => {
  it("a conversation that closed lately is joined, one that closed long ago is not", async () => {
    const [late, old] = [(await scene.threads()).open, (await scene.threads()).open];
    const ids = [await scene.door.conversation(late), await scene.door.conversation(old)];
    await closed(late, { secondsAgo: WITHIN_SECONDS - 60, lastWordSecondsAgo: WITHIN_SECONDS });
    await closed(old, { secondsAgo: WITHIN_SECONDS + 60, lastWordSecondsAgo: WITHIN_SECONDS + 120 });
    await endReopening(scene.door.db, { reopenWithinSeconds: WITHIN_SECONDS });
    expect(await scene.door.takes(writes(late, "oh"))).toEqual([`stored ${ids[0]}`]);
    expect(await scene.door.takes(writes(old, "oh"))).not.toEqual([`stored ${ids[1]}`]);
  });

  it("a message that joined at the last moment, and is not handled yet, keeps its conversation", async () => {
    const { open, openId } = await scene.threads();
    await closed(open, { secondsAgo: WITHIN_SECONDS + 1, lastWordSecondsAgo: WITHIN_SECONDS + 60 });
    expect(await scene.door.takes(writes(open, "oh"))).toEqual([`stored ${openId}`]);
    await endReopening(scene.door.db, { reopenWithinSeconds: WITHIN_SECONDS });
    expect(await scene.door.takes(writes(open, "and"))).toEqual([`stored ${openId}`]);
  });
});
