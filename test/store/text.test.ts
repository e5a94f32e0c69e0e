import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Inbound } from "../../src/adapter/inbound.ts";
import { address, remoteChannelId, remoteId, threadId } from "../../src/domain/ids.ts";
import { storableParameter } from "../../src/store/text.ts";
import { type Door, openDoor } from "../inbound/door.ts";

// PostgreSQL stores neither NUL nor half a surrogate pair, and platforms may send both. Texts are stored without them;
// an id with them is refused, since without them it would be another id.

let door: Door;
beforeAll(async () => {
  door = await openDoor();
});
afterAll(() => door[Symbol.asyncDispose]());

let serial = 0;
const ODD = { "a NUL": "a\0b", "nothing but NUL": "\0", "half a pair": "x\ud83d", "the other half": "\ude00x" };

type Message = Extract<Inbound, { kind: "message" }>;
const message = (more: Partial<Message>): Message => ({
  kind: "message",
  dedupeKeys: [`k${++serial}`],
  externalId: `m${serial}`,
  thread: threadId(`t${serial}`),
  from: address(`t${serial}`),
  trust: "asserted",
  text: "hello",
  attachments: [],
  ...more,
});

const words: Record<string, (odd: string) => Inbound> = {
  "a text": (odd) => message({ text: odd }),
  "a name": (odd) => message({ displayName: odd }),
  "a profile": (odd) => message({ profile: { phone: odd, email: odd, language: odd } }),
  "a file": (odd) => message({ attachments: [{ ref: odd, name: odd, mediaType: odd }] }),
  "a pressed label": (odd) => ({ ...message({}), kind: "choice", promptId: "p", optionId: "o", text: odd }),
};
const ids: Record<string, (odd: string) => Inbound> = {
  "a thread": (odd) => message({ thread: threadId(odd) }),
  "a sender": (odd) => message({ from: address(odd) }),
  "a place": (odd) => message({ place: remoteChannelId(odd) }),
  "a message's id": (odd) => message({ externalId: odd }),
  "a key": (odd) => message({ dedupeKeys: [odd] }),
  "a prompt": (odd) => ({ ...message({}), kind: "choice", promptId: odd, optionId: odd, text: "x" }),
  "the target of an edit": (odd) => ({ ...message({}), kind: "edit", target: odd, text: odd }),
  "the target of a deletion": (odd) => ({ ...message({}), kind: "delete", target: odd }),
  "a receipt": (odd) => ({ kind: "receipt", dedupeKeys: [], externalId: "r", message: remoteId(odd), status: "sent" }),
  "a place that moved": (odd) => ({
    kind: "moved",
    dedupeKeys: [],
    externalId: "v",
    from: remoteChannelId(odd),
    to: remoteChannelId("C2"),
  }),
};

const each = (kinds: Record<string, (odd: string) => Inbound>) =>
  Object.entries(kinds).flatMap(([where, make]) =>
    Object.entries(ODD).map(([what, odd]) => [where, what, make(odd)] as const),
  );

describe("odd characters from outside", () => {
  test.each(each(words))("in %s, %s: stored without them", async (_where, _what, item) => {
    expect(await door.takes(item)).toEqual([expect.stringMatching(/^stored \d+$/)]);
  });

  test.each(each(ids))("in %s, %s: ignored by name", async (_where, _what, item) => {
    const before = await door.rows<{ n: number }>("select count(*)::int as n from event");
    expect(await door.takes(item)).toEqual(["ignored"]);
    const [raw] = await door.rows("select outcome, reason from raw_inbound order by id desc limit 1");
    expect(raw).toEqual({ outcome: "ignored", reason: "unstorable_id" });
    expect(await door.rows("select count(*)::int as n from event")).toEqual(before);
  });

  test("texts are kept except for what can't be stored", async () => {
    await door.takes(
      message({ thread: threadId("kept"), from: address("kept"), text: "a\0b\ud83d!", displayName: "D\0na" }),
    );
    const [row] = await door.rows(
      `select m.text, k.name from message m join conversation c on c.id = m.conversation join contact k on k.id = c.contact
       where c.thread = 'kept'`,
    );
    expect(row).toEqual({ text: "ab\ufffd!", name: "Dna" });
  });

  test("in an operator's words: stored without them; in an operator's id: ignored", async () => {
    const conversation = Number((await door.takes(message({})))[0]?.split(" ")[1]);
    const act = (from: string, text: string): Inbound => ({
      ...message({ from: address(from), displayName: text }),
      kind: "action",
      trust: "verified",
      conversation,
      command: { kind: "note", text },
    });
    expect(await door.takes(act("mara", "careful\0\ud83d"))).toEqual([`stored ${conversation}`]);
    expect(await door.takes(act("ma\0ra", "careful"))).toEqual(["ignored"]);
  });
});

test("every parameter of a statement is made storable, and is otherwise unchanged", async () => {
  const odd = "a\0b\ud83d";
  const echo = {
    name: "echo_odd",
    text: "select $1::text as one, $2::text[] as several, $3::int as number, $4::bytea as bytes",
  };
  const bytes = Buffer.from([0, 255]);
  expect(await door.db.run(echo, [odd, [odd, "c"], 3, bytes])).toEqual([
    { one: "ab\ufffd", several: ["ab\ufffd", "c"], number: 3, bytes },
  ]);
  expect(storableParameter(bytes)).toBe(bytes);
  expect(storableParameter(null)).toBeNull();
});
