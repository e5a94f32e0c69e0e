import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Inbound } from "../../../src/adapter/inbound.ts";
import { keyword, presses, writes } from "../../inbound/door.ts";
import { openScene, type Scene, type Threads } from "./scene.ts";

// Is it for us? A message that nobody said is for us counts only in a thread that is a conversation or a case already.

let scene: Scene;
beforeAll(async () => {
  scene = await openScene();
});
afterAll(() => scene[Symbol.asyncDispose]());

const joinsOnly = true as const;
const overheard = (thread: string, from = thread) => writes(thread, "lunch?", { from, joinsOnly });

type Row = [where: string, becomes: string, item: (at: Threads) => Inbound];

const ALONE: Row[] = [
  ["in a thread that is no conversation", "ignored: not_addressed", (at) => overheard(at.unknown)],
  ["in an open conversation", "customer of the open conversation", (at) => overheard(at.open)],
  ["in an open conversation, by somebody else", "customer of the open conversation", (at) => overheard(at.open, "bob")],
  ["in a conversation that can be reopened", "customer of the reopened conversation", (at) => overheard(at.reopenable)],
  ["in a conversation that closed long ago", "ignored: not_addressed", (at) => overheard(at.closed)],
  ["in the thread that shows a case", "operator of the case", (at) => overheard(at.shown, "alex")],
  ["in a thread that shows a case on another channel", "ignored: not_addressed", (at) => overheard(at.shownElsewhere)],
];

const TOGETHER: [beside: string, becomes: string[], items: (at: Threads) => Inbound[]][] = [
  [
    "a message for us in its thread",
    ["customer of a new conversation", "customer of a new conversation"],
    (at) => [writes(at.unknown, "hello, bot"), overheard(at.unknown, "bob")],
  ],
  [
    "a message for us that comes after it",
    ["customer of a new conversation", "customer of a new conversation"],
    (at) => [overheard(at.unknown), writes(at.unknown, "hello, bot")],
  ],
  [
    "a pressed option in its thread",
    ["customer of a new conversation", "customer of a new conversation"],
    (at) => [presses(at.unknown), overheard(at.unknown)],
  ],
  [
    "a word that the carrier acts on in its thread",
    ["customer of a new conversation", "customer of a new conversation"],
    (at) => [keyword(at.unknown, "help"), overheard(at.unknown)],
  ],
  [
    "another that nobody said is for us",
    ["ignored: not_addressed", "ignored: not_addressed"],
    (at) => [overheard(at.unknown), overheard(at.unknown, "bob")],
  ],
  [
    "a message for us in another thread",
    ["customer of the open conversation", "ignored: not_addressed"],
    (at) => [writes(at.open, "hello"), overheard(at.unknown)],
  ],
];

describe("a message that nobody said is for us", () => {
  it.each(ALONE)("%s: %s", async (_, becomes, item) => {
    const at = await scene.threads();
    expect(await scene.becomes(at, item(at))).toEqual([becomes]);
  });

  it.each(TOGETHER)("together with %s: %j", async (_, become, items) => {
    const at = await scene.threads();
    expect(await scene.becomes(at, ...items(at))).toEqual(become);
  });

  it("leaves neither a conversation nor a contact", async () => {
    const { unknown } = await scene.threads();
    await scene.door.takes(overheard(unknown));
    expect(await scene.door.rows("select 1 from conversation where thread = $1", unknown)).toEqual([]);
    expect(await scene.door.rows("select 1 from address where value = $1", unknown)).toEqual([]);
  });

  it("counts when it comes again, and is said to be for us", async () => {
    const at = await scene.threads();
    await scene.door.takes(writes(at.unknown, "broken parcel", { id: `${at.unknown} 1`, joinsOnly }));
    const again = writes(at.unknown, "broken parcel", { id: `${at.unknown} 1` });
    expect(await scene.becomes(at, again)).toEqual(["customer of a new conversation"]);
    expect(await scene.becomes(at, again)).toEqual(["duplicate"]);
  });
});

it("a message that comes twice in one batch is for us where either of them is", async () => {
  const at = await scene.threads();
  const id = `${at.unknown} twice`;
  const [first, second] = await scene.door.takes(
    writes(at.unknown, "broken parcel", { id, joinsOnly }),
    writes(at.unknown, "broken parcel", { id }),
  );
  expect(first).toMatch(/^stored /);
  expect(second).toBe(first?.replace("stored", "duplicate"));
});
