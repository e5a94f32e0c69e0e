/** I10: ids of any length are stored, and nothing that a platform can send makes an insert fail without a row. */
import { randomBytes } from "node:crypto";
import * as fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Inbound } from "../../src/adapter/inbound.ts";
import { originalId, storableId } from "../../src/store/long-id.ts";
import { changes, type Door, openDoor, writes } from "./door.ts";

let door: Door;
beforeAll(async () => {
  door = await openDoor();
});
afterAll(() => door[Symbol.asyncDispose]());

/** Chance can't be compressed into an index. */
const noise = (bytes: number): string => randomBytes(bytes / 2).toString("hex");

describe("ids without end", () => {
  it("are stored: a Message-ID of 20 kB, a thread and an address of 6 kB, once", async () => {
    const [id, thread, from] = [noise(20_000), noise(6_000), noise(6_000)];
    const message = writes(thread, "hello", { id, from });
    const [first] = await door.takes(message);
    expect(first).toMatch(/^stored /);
    expect(await door.takes(message)).toEqual(["duplicate"]);
    expect(await door.takes(writes(thread, "again", { from }))).toEqual([first]);
    const [row] = await door.rows<{ thread: string; value: string; external: string }>(
      `select c.thread, a.value, m.external_id as external from conversation c join address a on a.contact = c.contact
       join message m on m.conversation = c.id where c.id = $1 order by m.id`,
      Number(first?.split(" ")[1]),
    );
    expect(row).toEqual({ thread: storableId(thread), value: storableId(from), external: storableId(id) });
    for (const original of [id, thread, from]) expect(await originalId(door.db, storableId(original))).toBe(original);
  });

  it("are found again by an edit", async () => {
    const [id, thread] = [noise(4_000), noise(4_000)];
    await door.takes(writes(thread, "12", { id }));
    expect((await door.takes(changes(thread, id, "13")))[0]).toMatch(/^stored /);
  });

  it("stay as they are where they fit, and never pass for another's digest", async () => {
    for (const id of ["D1", "é".repeat(256), "x".repeat(512)]) expect(storableId(id)).toBe(id);
    for (const id of ["é".repeat(257), "x".repeat(513)]) expect(storableId(id)).toMatch(/^sha256:[0-9a-f]{64}$/);
    const long = noise(6_000);
    await door.takes(writes(long, "mine"));
    const [outcome] = await door.takes(writes(storableId(long), "somebody else's"));
    expect(
      await door.rows(
        "select from message m join conversation c on c.id = m.conversation where c.thread = $1",
        storableId(long),
      ),
    ).toHaveLength(1);
    expect(outcome).toMatch(/^stored /);
  });
});

it("a name without end is shortened, so that no state is full of it", async () => {
  await door.takes(writes("named", "hello", { displayName: "D".repeat(100_000) }));
  const [row] = await door.rows<{ n: number }>("select length(name) as n from contact order by id desc limit 1");
  expect(row?.n).toBe(300);
});

const raws = async () => (await door.rows<{ n: number }>("select count(*)::int as n from raw_inbound"))[0]?.n ?? 0;

it("what PostgreSQL refuses leaves its bytes as an ignored row", async () => {
  const refused = { ...writes("t", "hello"), attachments: [{ ref: "F1", deep: nested(20_000) }] } as unknown as Inbound;
  const outcomes = await Promise.all([door.takes(writes("beside", "fine")), door.takes(refused)]);
  expect(outcomes.flat()).toEqual([expect.stringMatching(/^stored /), "ignored"]);
  const [row] = await door.rows<{ reason: string; body: Buffer }>(
    "select reason, body from raw_inbound where outcome = 'ignored' order by id desc limit 1",
  );
  expect(row?.reason).toBe("unstorable");
  expect(row?.body.toString()).toBe(refused.externalId);
});

function nested(depth: number): unknown {
  let value: unknown = 1;
  for (let n = 0; n < depth; n++) value = [value];
  return value;
}

const text = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.constantFrom("", "\0", "\ud83d", "sha256:00", "\n", "a\nb", "\u202e", "null"),
  fc.integer({ min: 400, max: 9_000 }).map((bytes) => noise(bytes)),
);
const anything = fc.oneof(
  fc.anything({ withBigInt: false, withDate: true, maxDepth: 3 }),
  fc.constantFrom(Number.MAX_VALUE, Number.NaN, -0, 2 ** 63),
  fc.constantFrom(1_000, 20_000).map(nested),
);
const attachment = fc.record({
  ref: text,
  name: text,
  mediaType: text,
  bytes: fc.oneof(fc.integer(), fc.double()),
  extra: anything,
});
const sender = {
  dedupeKeys: fc.array(text, { maxLength: 5 }),
  externalId: text,
  thread: text,
  from: text,
  displayName: text,
  profile: fc.record(
    { phone: text, email: text, language: text, attributes: fc.dictionary(fc.constantFrom("a", "b"), text) },
    { requiredKeys: [] },
  ),
  trust: fc.constantFrom("verified", "asserted", "unverified"),
  text,
  sentAt: fc.date({ noInvalidDate: false }),
};
const optional = {
  requiredKeys: ["kind", "dedupeKeys", "externalId", "thread", "from", "trust", "text", "attachments"] as const,
};
const attachments = fc.array(attachment, { maxLength: 5 });
const item = fc.oneof(
  fc.record(
    {
      kind: fc.constant("message"),
      ...sender,
      attachments,
      place: text,
      joinsOnly: fc.constant(true),
      mentions: fc.constant(true),
    },
    { requiredKeys: [...optional.requiredKeys] },
  ),
  fc.record({ kind: fc.constantFrom("opt_out", "opt_in", "help"), ...sender, attachments, ours: text }),
  fc.record({ kind: fc.constant("choice"), ...sender, promptId: text, optionId: text }),
  fc.record({ kind: fc.constantFrom("edit", "delete"), ...sender, target: text }),
  fc.record({
    kind: fc.constant("action"),
    ...sender,
    conversation: fc.oneof(fc.integer(), fc.double()),
    command: anything,
  }),
  fc.record({
    kind: fc.constant("receipt"),
    dedupeKeys: sender.dedupeKeys,
    externalId: text,
    message: text,
    status: fc.constantFrom("delivered", "failed", "read"),
    code: text,
  }),
  fc.record({ kind: fc.constant("ignored"), dedupeKeys: sender.dedupeKeys, externalId: text, reason: text }),
) as fc.Arbitrary<unknown> as fc.Arbitrary<Inbound>;

it("whatever comes has an outcome, and leaves a row where nothing like it came before", {
  timeout: 60_000,
}, async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(item, { minLength: 1, maxLength: 6 }), async (items) => {
      const before = await raws();
      const outcomes = await door.takes(...items);
      expect(outcomes).toHaveLength(items.length);
      const fresh = outcomes.some((outcome) => !/^(duplicate|receipt)/.test(outcome));
      if (fresh) expect(await raws()).toBe(before + 1);
    }),
    { numRuns: 40 },
  );
});

it("10,000 files at once are kept", async () => {
  const files = Array.from({ length: 10_000 }, (_, n) => ({ ref: `F${n}`, name: noise(100) }));
  await door.takes(writes("files", "look", { attachments: files }));
  const [row] = await door.rows<{ n: number }>(
    "select jsonb_array_length(attachments) as n from message order by id desc limit 1",
  );
  expect(row?.n).toBe(10_000);
});
