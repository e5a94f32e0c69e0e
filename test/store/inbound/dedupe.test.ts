import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Inbound } from "../../../src/adapter/inbound.ts";
import { changes, type Door, ignored, openDoor, writes } from "../../inbound/door.ts";

// Has it come before? Any key that was seen on the channel is enough (I2).

let door: Door;
beforeAll(async () => {
  door = await openDoor();
});
afterAll(() => door[Symbol.asyncDispose]());

let serial = 0;
/** Makes items whose keys no other case of a table uses. */
function keyed() {
  const of = `case ${++serial}`;
  const dedupeKeys = (keys: string[]) => ({ dedupeKeys: keys.map((key) => `${of} ${key}`) });
  return {
    message: (...keys: string[]): Inbound => ({ ...writes(of, "hello"), ...dedupeKeys(keys) }),
    overheard: (...keys: string[]): Inbound => ({
      ...writes(`${of} elsewhere`, "lunch?", { joinsOnly: true }),
      ...dedupeKeys(keys),
    }),
    echo: (...keys: string[]): Inbound => ({ ...ignored("own_echo"), ...dedupeKeys(keys) }),
    edit: (...keys: string[]): Inbound => ({ ...changes(of, "never came", "new"), ...dedupeKeys(keys) }),
  };
}
type Keyed = ReturnType<typeof keyed>;

const TABLE: [what: string, outcomes: string[][], batches: (of: Keyed) => Inbound[][]][] = [
  ["the same key", [["stored"], ["duplicate"]], ({ message }) => [[message("a")], [message("a")]]],
  ["one of several keys", [["stored"], ["duplicate"]], ({ message }) => [[message("a", "b")], [message("c", "b")]]],
  [
    "a key that came with a repetition only",
    [["stored"], ["duplicate"], ["duplicate"]],
    ({ message }) => [[message("a")], [message("a", "b")], [message("b")]],
  ],
  ["another key", [["stored"], ["stored"]], ({ message }) => [[message("a")], [message("b")]]],
  ["no key at all", [["stored"], ["stored"]], ({ message }) => [[message()], [message()]]],
  ["one key twice in one item", [["stored"], ["duplicate"]], ({ message }) => [[message("a", "a")], [message("a")]]],
  ["the same key in one batch", [["stored", "duplicate"]], ({ message }) => [[message("a"), message("a")]]],
  [
    "one of several keys in one batch",
    [["stored", "duplicate", "stored"]],
    ({ message }) => [[message("a", "b"), message("b", "c"), message("d")]],
  ],
  [
    "a key in one batch that came with a repetition only",
    [["stored", "duplicate", "stored"]],
    ({ message }) => [[message("a"), message("a", "b"), message("b")]],
  ],
  [
    "the same key in one batch, of what came before",
    [["stored"], ["duplicate", "duplicate"]],
    ({ message }) => [[message("a")], [message("a"), message("a")]],
  ],
  [
    "the key of what its adapter made nothing of",
    [["ignored"], ["duplicate"]],
    ({ echo, message }) => [[echo("a")], [message("a")]],
  ],
  ["the key of an edit of an unknown message", [["ignored"], ["duplicate"]], ({ edit }) => [[edit("a")], [edit("a")]]],
  [
    "the key of a message that was not addressed to us",
    [["ignored"], ["stored"]],
    ({ overheard, message }) => [[overheard("a")], [message("a")]],
  ],
];

describe("an item with", () => {
  it.each(TABLE)("%s: %j", async (_, outcomes, batches) => {
    const became: string[][] = [];
    for (const items of batches(keyed())) {
      became.push((await door.takes(...items)).map((one) => one.split(" ")[0] ?? ""));
    }
    expect(became).toEqual(outcomes);
  });

  it("a key that another channel has seen is new", async () => {
    const { message } = keyed();
    expect(await door.takesOn("chat", message("a"))).toEqual([expect.stringMatching(/^stored/)]);
    expect(await door.takesOn("other", message("a"))).toEqual([expect.stringMatching(/^stored/)]);
  });
});

describe("a repetition", () => {
  it("in one batch says which conversation its first is in, and is handed to nobody", async () => {
    const { message } = keyed();
    const [first, again] = await door.takes(message("a"), message("a"));
    expect(again).toBe(first?.replace("stored", "duplicate"));
    const conversation = Number(first?.split(" ")[1]);
    expect(await door.rows("select 1 from message where conversation = $1", conversation)).toHaveLength(1);
    expect(await door.rows("select 1 from event where conversation = $1", conversation)).toHaveLength(1);
  });

  it("is counted beside its key, and leaves no other row", async () => {
    const { message } = keyed();
    const [key] = message("a").dedupeKeys;
    const raws = async () => (await door.rows<{ n: number }>("select count(*) as n from raw_inbound"))[0]?.n;
    await door.takes(message("a"));
    const before = await raws();
    await door.takes(message("a"));
    await door.takes(message("a"));
    expect(await door.rows("select repeats from dedupe_key where key = $1", key)).toEqual([{ repeats: 2 }]);
    expect(await raws()).toBe(before);
  });

  it("that comes in several raw bodies of one batch is one, too", async () => {
    const { message } = keyed();
    const raw = { body: Buffer.from("x"), contentType: "text/plain", receivedAt: new Date() };
    const [first, ...more] = await Promise.all([1, 2, 3].map(() => door.receive("chat", raw, [message("a")])));
    expect(first).toMatchObject([{ outcome: "stored" }]);
    for (const one of more) expect(one).toMatchObject([{ ...first?.[0], outcome: "duplicate" }]);
  });

  it("in a case's thread is one, too: what an operator wrote and changed there", async () => {
    const { conversation, at } = await door.opensCase("case");
    const [once, change] = [writes(at, "on it", { from: "alex" }), changes(at, "o3", "on it!", "alex")];
    expect(await door.takes(once, once, change, change)).toEqual([
      `stored ${conversation}`,
      `duplicate ${conversation}`,
      `stored ${conversation}`,
      `duplicate ${conversation}`,
    ]);
    expect(await door.takes(once, change)).toEqual(["duplicate", "duplicate"]);
    const events = "select 1 from event where conversation = $1 and kind = 'operator'";
    expect(await door.rows(events, conversation)).toHaveLength(2);
  });
});
