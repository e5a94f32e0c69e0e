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

const OPEN = "customer of the open conversation";
const UNKNOWN = "ignored: unknown_message";
const message = (at: Threads, id: string) => writes(at.open, "12", { id });
const stored = (at: Threads, id: string) => door.takes(message(at, id));

/** `before`: what was stored before; the platform calls the message `id`. */
type Row = [
  what: string,
  becomes: string[],
  items: (at: Threads, id: string) => Inbound[],
  before?: (at: Threads, id: string) => Promise<unknown>,
];

const KNOWN: Row[] = [
  ["of a message that was stored before", [OPEN], (at, id) => [changes(at.open, id, "13")], stored],
  ["that takes back a message that was stored before", [OPEN], (at, id) => [takesBack(at.open, id)], stored],
  ["by somebody else, such as a moderator", [OPEN], (at, id) => [takesBack(at.open, id, "moderator")], stored],
  ["of a message of the same batch", [OPEN, OPEN], (at, id) => [message(at, id), changes(at.open, id, "13")]],
  [
    "of a message that comes after it in the batch",
    [OPEN, OPEN],
    (at, id) => [changes(at.open, id, "13"), message(at, id)],
  ],
  [
    "of the first message of a thread, in the same batch",
    ["customer of a new conversation", "customer of a new conversation"],
    (at, id) => [writes(at.unknown, "12", { id }), changes(at.unknown, id, "13")],
  ],
  [
    "of a message in a conversation that closed long ago",
    [OPEN],
    (at, id) => [changes(at.open, id, "13")],
    async (at, id) => {
      await stored(at, id);
      await door.rows("update conversation set closed_at = now(), joinable = false where thread = $1", at.open);
    },
  ],
  [
    "of the later of two messages that the platform calls the same",
    [OPEN],
    (at, id) => [changes(at.open, id, "13")],
    async (at, id) => {
      await door.takes({ ...writes(at.open, "earlier", { id }), dedupeKeys: [] });
      await door.takes({ ...message(at, id), dedupeKeys: [] });
    },
  ],
  [
    "of a message in a case",
    ["customer of the case"],
    (at, id) => [changes(at.held, id, "13")],
    (at, id) => door.takes(writes(at.held, "12", { id })),
  ],
];

const NOT_KNOWN: Row[] = [
  ["of a message that never came", [UNKNOWN], (at, id) => [changes(at.open, id, "13")]],
  ["that takes back a message that never came", [UNKNOWN], (at, id) => [takesBack(at.open, id)]],
  ["in a thread in which nothing was written", [UNKNOWN], (at, id) => [changes(at.unknown, id, "13")]],
  ["of a message that came in another thread", [UNKNOWN], (at, id) => [changes(at.reopenable, id, "13")], stored],
  [
    "of a message that comes in another thread in the same batch",
    [OPEN, UNKNOWN],
    (at, id) => [message(at, id), changes(at.reopenable, id, "13")],
  ],
  [
    "of a message that came on another channel",
    [UNKNOWN],
    (at, id) => [changes(at.open, id, "13")],
    (at, id) => door.takesOn("other", message(at, id)),
  ],
  ["of a message of ours", [UNKNOWN], (at, id) => [changes(at.open, id, "13")], (at, id) => ours(at.open, id)],
  [
    "of a message that was not for us",
    [UNKNOWN],
    (at, id) => [changes(at.unknown, id, "dinner?")],
    (at, id) => door.takes(writes(at.unknown, "lunch?", { id, joinsOnly: true })),
  ],
  [
    "of an edit",
    [UNKNOWN],
    (at, id) => [changes(at.open, id, "14")],
    async (at, id) => {
      await stored(at, `${id} message`);
      await door.takes({ ...changes(at.open, `${id} message`, "13"), externalId: id });
    },
  ],
  [
    "in the thread that shows a case, which is an operator's",
    ["operator of the case"],
    (at, id) => [changes(at.shown, id, "13", "alex")],
  ],
];

describe("an edit or a delete", () => {
  it.each(KNOWN)("%s: %j", async (_, becomes, items, before) => {
    const at = await scene.threads();
    const id = `${at.open} 1`;
    await before?.(at, id);
    expect(await scene.becomes(at, ...items(at, id))).toEqual(becomes);
    expect((await amended())?.text).toBe("12");
  });

  it.each(NOT_KNOWN)("%s: %j", async (_, becomes, items, before) => {
    const at = await scene.threads();
    const id = `${at.open} 1`;
    await before?.(at, id);
    expect(await scene.becomes(at, ...items(at, id))).toEqual(becomes);
  });

  it("is an operator's alone where the customer's thread came to show a case", async () => {
    const { unknown, heldId } = await scene.threads();
    await door.takes(writes(unknown, "12", { id: `${unknown} 1` }));
    await door.rows(`update "case" set thread = $1 where conversation = $2`, unknown, heldId);
    expect(await door.takes(changes(unknown, `${unknown} 1`, "13", "alex"))).toEqual([`stored ${heldId}`]);
    expect(
      await door.rows(
        "select e.kind from event e join conversation c on c.id = e.conversation where c.thread = $1",
        unknown,
      ),
    ).toEqual([{ kind: "message" }]);
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
