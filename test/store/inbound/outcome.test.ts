import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Inbound } from "../../../src/adapter/inbound.ts";
import { changes, type Door, ignored, openDoor, writes } from "../../inbound/door.ts";

// The outcome of each item, and of the raw body that it came in (I4).

let door: Door;
beforeAll(async () => {
  door = await openDoor();
});
afterAll(() => door[Symbol.asyncDispose]());

let serial = 0;
const thread = () => `t${++serial}`;
const message = () => writes(thread(), "hello");

type Raw = { outcome: string; reason: string | null };
type Row = [what: string, outcomes: string[], raw: Raw[], items: () => Inbound[]];

const STORED: Raw = { outcome: "stored", reason: null };
const TABLE: Row[] = [
  ["a message", ["stored"], [STORED], () => [message()]],
  ["two messages", ["stored", "stored"], [STORED], () => [message(), message()]],
  ["an echo", ["ignored"], [{ outcome: "ignored", reason: "own_echo" }], () => [ignored("own_echo")]],
  [
    "a message beside an echo",
    ["stored", "ignored"],
    [{ outcome: "stored", reason: "own_echo" }],
    () => [message(), ignored("own_echo")],
  ],
  [
    "several reasons, of which the first in the alphabet is kept",
    ["ignored", "ignored", "ignored"],
    [{ outcome: "ignored", reason: "not_addressed" }],
    () => [ignored("own_echo"), changes(thread(), "x", "y"), writes(thread(), "lunch?", { joinsOnly: true })],
  ],
  [
    "a repetition beside a message",
    ["stored", "duplicate"],
    [STORED],
    () => {
      const one = message();
      return [one, one];
    },
  ],
  ["nothing", [], [], () => []],
];

const raws = (after: number) =>
  door.rows<Raw>("select outcome, reason from raw_inbound where id > $1 order by id", after);

describe("a body with", () => {
  it.each(TABLE)("%s: %j, kept as %j", async (_, outcomes, raw, items) => {
    const [last] = await door.rows<{ id: number }>("select coalesce(max(id), 0) as id from raw_inbound");
    const stored = await door.takes(...items());
    expect(stored.map((one) => one.split(" ")[0])).toEqual(outcomes);
    expect(await raws(last?.id ?? 0)).toEqual(raw);
  });

  it("nothing but repetitions leaves no row", async () => {
    const one = message();
    await door.takes(one);
    const [last] = await door.rows<{ id: number }>("select max(id) as id from raw_inbound");
    expect(await door.takes(one)).toEqual(["duplicate"]);
    expect(await raws(last?.id ?? 0)).toEqual([]);
  });

  it("a message is kept byte for byte, and its message knows it", async () => {
    const body = Buffer.from([0, 255, 254, 13, 10]);
    const one = message();
    await door.receive("chat", { body, contentType: "x/y; z=1", receivedAt: new Date("2026-11-20T10:00:00.123Z") }, [
      one,
    ]);
    expect(
      await door.rows(
        `select r.body, r.content_type, r.received_at, r.channel from message m join raw_inbound r on r.id = m.raw
         where m.external_id = $1`,
        one.externalId,
      ),
    ).toEqual([{ body, content_type: "x/y; z=1", received_at: new Date("2026-11-20T10:00:00.123Z"), channel: "chat" }]);
  });
});
