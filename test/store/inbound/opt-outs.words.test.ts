import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { CarrierWord } from "../../../src/adapter/carrier-words.ts";
import { type Door, keyword, openDoor, writes } from "../../inbound/door.ts";

// May we write to a thread? As its customer's words say, batch by batch.

let door: Door;
beforeAll(async () => {
  door = await openDoor();
});
afterAll(() => door[Symbol.asyncDispose]());

let serial = 0;

/** The stored opt-out of a thread: "none", "opted out by STOP", "ended"; and whether an opt-in was noted. */
async function known(thread: string): Promise<string> {
  const [row] = await door.rows<{ word: string; ended: boolean }>(
    "select word, ended_at is not null as ended from suppression where thread = $1",
    thread,
  );
  const noted = (await door.rows("select 1 from opt_in where thread = $1", thread)).length > 0;
  const state = row === undefined ? "none" : row.ended ? "ended" : `opted out by ${row.word}`;
  return noted ? `${state}, opt-in noted` : state;
}

/** The opt-out of a thread, as it is stored. */
const rowOf = async (thread: string) =>
  (
    await door.rows<{ since: Date; word: string; ours: string }>("select * from suppression where thread = $1", thread)
  )[0];

type Word = CarrierWord | "message";
const TABLE: [batches: Word[][], known: string][] = [
  [[["message"]], "none"],
  [[["help"]], "none"],
  [[["opt_out"]], "opted out by opt_out"],
  [[["opt_in"]], "none, opt-in noted"],
  [[["opt_out"], ["message"]], "opted out by opt_out"],
  [[["opt_out"], ["help"]], "opted out by opt_out"],
  [[["opt_out"], ["opt_in"]], "ended, opt-in noted"],
  [[["opt_in"], ["opt_out"]], "opted out by opt_out, opt-in noted"],
  [[["opt_out"], ["opt_in"], ["opt_out"]], "opted out by opt_out, opt-in noted"],
  [[["opt_out", "opt_in"]], "ended, opt-in noted"],
  [[["opt_in", "opt_out"]], "opted out by opt_out"],
  [[["opt_out", "opt_in", "opt_out"]], "opted out by opt_out"],
  [[["opt_out", "message", "opt_in", "message"]], "ended, opt-in noted"],
];

describe("after the words", () => {
  it.each(TABLE)("%j a thread is: %s", async (batches, becomes) => {
    const thread = `t${++serial}`;
    for (const words of batches) {
      await door.takes(...words.map((word) => (word === "message" ? writes(thread, "hello") : keyword(thread, word))));
    }
    expect(await known(thread)).toBe(becomes);
  });
});

describe("an opt-out", () => {
  it("keeps when it began, and the last word and side of ours", async () => {
    await door.takes(keyword("again", "opt_out", { text: "STOP" }));
    const first = await rowOf("again");
    await door.takes(keyword("again", "opt_out", { text: "Cancel", ours: "+15550199" }));
    expect(await rowOf("again")).toMatchObject({ since: first?.since, word: "Cancel", ours: "+15550199" });
  });

  it("begins anew after an opt-in", async () => {
    await door.takes(keyword("anew", "opt_out"));
    const first = await rowOf("anew");
    await door.takes(keyword("anew", "opt_in"));
    await door.takes(keyword("anew", "opt_out"));
    expect((await rowOf("anew"))?.since.getTime()).toBeGreaterThan(first?.since.getTime() ?? 0);
  });

  it("keeps a hundred characters of its word", async () => {
    await door.takes(keyword("long", "opt_out", { text: "x".repeat(1_000) }));
    expect((await rowOf("long"))?.word).toHaveLength(100);
  });

  it("is of its thread alone, and of its channel", async () => {
    await door.takes(keyword("one", "opt_out"), writes("two", "hello"));
    await door.takesOn("other", writes("one", "hello"));
    expect(await door.rows("select channel from suppression where thread in ('one', 'two')")).toEqual([
      { channel: "chat" },
    ]);
  });
});
