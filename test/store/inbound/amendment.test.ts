import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Inbound } from "../../../src/adapter/inbound.ts";
import { changes, type Door, takesBack, writes } from "../../inbound/door.ts";
import { openScene, type Scene, type Threads } from "./scene.ts";

// Which message does an edit or a delete mean? What its turn makes of it is in amendment.turns.test.ts.

let scene: Scene;
let door: Door;
beforeAll(async () => {
  scene = await openScene();
  door = scene.door;
});
afterAll(() => scene[Symbol.asyncDispose]());

/** The message that the last event is about, and the words it was stored with. */
const amended = async () =>
  (
    await door.rows<{ text: string; conversation: number }>(
      `select m.text, m.conversation from event e join message m on m.id = (e.payload->>'message')::bigint
       where e.kind in ('edit', 'delete') order by e.id desc limit 1`,
    )
  )[0];

/** Stores a message of ours that the platform calls `id`. */
const ours = (thread: string, id: string) =>
  door.rows(
    `insert into message (id, conversation, author, text, external_id, at)
     select nextval('message_id_seq'), id, 'bot', 'ours', $2, now() from conversation where thread = $1`,
    thread,
    id,
  );

interface Case {
  /** Written before; `id` is what the platform calls it. */
  before?: (at: Threads, id: string) => Promise<unknown>;
  items: (at: Threads, id: string) => Inbound[];
  becomes: string[];
  /** The words of the message that is meant. */
  means?: string;
}

const OPEN = "customer of the open conversation";
const TABLE: [what: string, Case][] = [
  [
    "of a message that was stored before",
    {
      before: (at, id) => door.takes(writes(at.open, "12", { id })),
      items: (at, id) => [changes(at.open, id, "13")],
      becomes: [OPEN],
      means: "12",
    },
  ],
  [
    "that takes back a message that was stored before",
    {
      before: (at, id) => door.takes(writes(at.open, "12", { id })),
      items: (at, id) => [takesBack(at.open, id)],
      becomes: [OPEN],
      means: "12",
    },
  ],
  [
    "by somebody else, as a platform reports it of a moderator",
    {
      before: (at, id) => door.takes(writes(at.open, "12", { id })),
      items: (at, id) => [takesBack(at.open, id, "moderator")],
      becomes: [OPEN],
      means: "12",
    },
  ],
  [
    "of a message of the same batch",
    {
      items: (at, id) => [writes(at.open, "12", { id }), changes(at.open, id, "13")],
      becomes: [OPEN, OPEN],
      means: "12",
    },
  ],
  [
    "of a message that comes after it in the same batch",
    {
      items: (at, id) => [changes(at.open, id, "13"), writes(at.open, "12", { id })],
      becomes: [OPEN, OPEN],
      means: "12",
    },
  ],
  [
    "of the first message of a thread, in the same batch",
    {
      items: (at, id) => [writes(at.unknown, "12", { id }), changes(at.unknown, id, "13")],
      becomes: ["customer of a new conversation", "customer of a new conversation"],
      means: "12",
    },
  ],
  [
    "of a message in a conversation that closed long ago",
    {
      before: async (at, id) => {
        await door.takes(writes(at.open, "12", { id }));
        await door.rows("update conversation set closed_at = now(), joinable = false where thread = $1", at.open);
      },
      items: (at, id) => [changes(at.open, id, "13")],
      becomes: [OPEN],
      means: "12",
    },
  ],
  [
    "of one of two messages that the platform calls the same: the later",
    {
      before: async (at, id) => {
        await door.takes({ ...writes(at.open, "earlier", { id }), dedupeKeys: [] });
        await door.takes({ ...writes(at.open, "later", { id }), dedupeKeys: [] });
      },
      items: (at, id) => [changes(at.open, id, "13")],
      becomes: [OPEN],
      means: "later",
    },
  ],
  [
    "of a message in a case",
    {
      before: (at, id) => door.takes(writes(at.held, "12", { id })),
      items: (at, id) => [changes(at.held, id, "13")],
      becomes: ["customer of the case"],
      means: "12",
    },
  ],
  [
    "of a message that never came",
    { items: (at, id) => [changes(at.open, id, "13")], becomes: ["ignored: unknown_message"] },
  ],
  [
    "that takes back a message that never came",
    { items: (at, id) => [takesBack(at.open, id)], becomes: ["ignored: unknown_message"] },
  ],
  [
    "in a thread in which nothing was written",
    { items: (at, id) => [changes(at.unknown, id, "13")], becomes: ["ignored: unknown_message"] },
  ],
  [
    "of a message that came in another thread",
    {
      before: (at, id) => door.takes(writes(at.open, "12", { id })),
      items: (at, id) => [changes(at.reopenable, id, "13")],
      becomes: ["ignored: unknown_message"],
    },
  ],
  [
    "of a message that came on another channel",
    {
      before: (at, id) => door.takesOn("other", writes(at.open, "12", { id })),
      items: (at, id) => [changes(at.open, id, "13")],
      becomes: ["ignored: unknown_message"],
    },
  ],
  [
    "of a message of ours",
    {
      before: (at, id) => ours(at.open, id),
      items: (at, id) => [changes(at.open, id, "13")],
      becomes: ["ignored: unknown_message"],
    },
  ],
  [
    "of a message that was not for us",
    {
      before: (at, id) => door.takes(writes(at.unknown, "lunch?", { id, joinsOnly: true })),
      items: (at, id) => [changes(at.unknown, id, "dinner?")],
      becomes: ["ignored: unknown_message"],
    },
  ],
  [
    "of an edit",
    {
      before: async (at, id) => {
        await door.takes(writes(at.open, "12", { id: `${id} message` }));
        await door.takes({ ...changes(at.open, `${id} message`, "13"), externalId: id });
      },
      items: (at, id) => [changes(at.open, id, "14")],
      becomes: ["ignored: unknown_message"],
    },
  ],
  [
    "in the thread that shows a case, which is an operator's",
    { items: (at, id) => [changes(at.shown, id, "13", "alex")], becomes: ["operator of the case"] },
  ],
];

describe("an edit or a delete", () => {
  it.each(TABLE)("%s", async (_, { before, items, becomes, means }) => {
    const at = await scene.threads();
    const id = `${at.open} 1`;
    await before?.(at, id);
    expect(await scene.becomes(at, ...items(at, id))).toEqual(becomes);
    if (means !== undefined) expect((await amended())?.text).toBe(means);
  });

  it("makes no message of its own, and counts as none of its sender's", async () => {
    const { open } = await scene.threads();
    await door.takes(writes(open, "12", { id: `${open} 1` }));
    const counts = () =>
      door.rows(
        "select minute_count, (select count(*) from message m join conversation c on c.id = m.conversation where c.thread = $1) as messages from address where value = $1",
        open,
      );
    const before = await counts();
    await door.takes(changes(open, `${open} 1`, "13"), takesBack(open, `${open} 1`));
    expect(await counts()).toEqual(before);
  });
});
