import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { changes, type Door, openDoor, takesBack, writes } from "../../inbound/door.ts";

// Edits and deletions by customers, before and after their message was handled.

let door: Door;
beforeAll(async () => {
  door = await openDoor();
});
afterAll(() => door[Symbol.asyncDispose]());

const transcript = (thread: string) =>
  door.rows<{ text: string; amended: boolean }>(
    `select m.text, m.amended_at is not null as amended from message m join conversation c on c.id = m.conversation
     where c.thread = $1 and m.author = 'customer' order by m.id`,
    thread,
  );
const journal = async (thread: string) =>
  (
    await door.rows<{ kind: string; code: string; seq: number | null; quarantined: string | null }>(
      `select e.kind, e.lines->0->>'code' as code, e.seq, e.quarantined from event e join conversation c on c.id = e.conversation
       where c.thread = $1 order by e.id`,
      thread,
    )
  ).map(({ kind, code, quarantined }) => [kind, code, quarantined === null]);
const shown = async (thread: string) =>
  (
    await door.rows<{ text: string }>(
      `select content->'entry'->>'author' || ': ' || (content->'entry'->>'text') as text from outbox o join conversation c on c.id = o.conversation
       where c.thread = $1 and content->'entry'->>'kind' = 'customer' or (c.thread = $1 and content->'entry'->>'text' like '%took back%') order by o.id`,
      thread,
    )
  ).map(({ text }) => text);

const handles = async (thread: string) => door.turns(await door.conversation(thread));

/** People hold the conversation, so that the desk is shown what the customer writes. */
async function held(thread: string): Promise<void> {
  await door.takes(writes(thread, "hello"));
  await handles(thread);
}

describe("a message that is changed before it is handled", () => {
  it.each(["one moment", "two"])("is handled as it reads then, once: in %s", async (moments) => {
    const thread = `early ${moments}`;
    await held(thread);
    const [wrong, right] = [
      writes(thread, "my number is 12", { id: `${thread}1` }),
      changes(thread, `${thread}1`, "it is 13"),
    ];
    if (moments === "two") {
      expect((await door.takes(wrong))[0]).toMatch(/^stored/);
      expect((await door.takes(right))[0]).toMatch(/^stored/);
    } else expect((await door.takes(wrong, right)).every((one) => one.startsWith("stored"))).toBe(true);
    await handles(thread);
    expect(await shown(thread)).toEqual(["Customer: it is 13"]);
    expect((await transcript(thread)).at(-1)).toEqual({ text: "it is 13", amended: true });
    expect((await journal(thread)).slice(-2)).toEqual([
      ["message", "desk.mirrored", true],
      ["edit", "message.edit", true],
    ]);
  });

  it("several times reads as it read last, also in the transcript", async () => {
    await held("often");
    await door.takes(
      writes("often", "one", { id: "often1" }),
      changes("often", "often1", "two"),
      changes("often", "often1", "three"),
      changes("often", "often1", "four"),
    );
    await handles("often");
    expect(await shown("often")).toEqual(["Customer: four"]);
    expect((await transcript("often")).at(-1)?.text).toBe("four");
  });

  it("and then taken back is not handled at all, and its text is gone", async () => {
    await held("gone");
    await door.takes(
      writes("gone", "my card is 4111", { id: "gone1" }),
      changes("gone", "gone1", "my card is 4112"),
      takesBack("gone", "gone1"),
    );
    await handles("gone");
    expect(await shown("gone")).toEqual([]);
    expect((await transcript("gone")).at(-1)).toEqual({ text: "", amended: true });
    expect((await journal("gone")).slice(-3).map(([kind, code]) => `${String(kind)} ${String(code)}`)).toEqual([
      "message message.withdrawn",
      "edit message.edit",
      "delete message.delete",
    ]);
  });

  it("opens nothing where it was all they wrote, and they took it back", async () => {
    await door.takes(writes("nothing", "oops", { id: "nothing1" }), takesBack("nothing", "nothing1"));
    await handles("nothing");
    expect(
      await door.rows(`select 1 from "case" k join conversation c on c.id = k.conversation where c.thread = 'nothing'`),
    ).toEqual([]);
    expect(
      await door.rows("select 1 from outbox o join conversation c on c.id = o.conversation where c.thread = 'nothing'"),
    ).toEqual([]);
    // Their next message begins the matter.
    await door.takes(writes("nothing", "hello"));
    await handles("nothing");
    const opened = `select 1 from event e join conversation c on c.id = e.conversation
      where c.thread = 'nothing' and e.lines::jsonb @> '[{"code":"conversation.opened"}]'`;
    expect(await door.rows(opened)).toHaveLength(1);
  });
});

describe("a message that is changed after it was handled", () => {
  it("is shown so at the desk, and stands so in the transcript", async () => {
    await held("late");
    await door.takes(writes("late", "it is 12", { id: "late1" }));
    await handles("late");
    await door.takes(changes("late", "late1", "it is 13"));
    await handles("late");
    await door.takes(takesBack("late", "late1"));
    await handles("late");
    expect(await shown("late")).toEqual([
      "Customer: it is 12",
      "Customer (changed): it is 13",
      "Frontdesk: Customer took back a message.",
    ]);
    expect((await transcript("late")).at(-1)).toEqual({ text: "", amended: true });
  });

  it("is found in a conversation that was closed long ago", async () => {
    await held("closed");
    await door.takes(writes("closed", "it is 12", { id: "closed1" }));
    await handles("closed");
    await door.rows("update conversation set joinable = false where thread = 'closed'");
    expect((await door.takes(changes("closed", "closed1", "it is 13")))[0]).toMatch(/^stored/);
    await handles("closed");
    expect((await transcript("closed")).at(-1)?.text).toBe("it is 13");
  });
});

describe("a change of what we don't know", () => {
  it.each([
    ["never came", "nobody", "x1"],
    ["came in another thread", "late", "often1"],
  ])("because it %s is ignored with that reason", async (_, thread, target) => {
    const change = changes(thread, target, "new");
    expect(await door.takes(change)).toEqual(["ignored"]);
    expect(
      await door.rows(
        "select r.reason from raw_inbound r join dedupe_key k on k.raw = r.id where k.key = $1",
        change.dedupeKeys[0],
      ),
    ).toEqual([{ reason: "unknown_message" }]);
    expect(await door.rows("select 1 from conversation where thread = 'nobody'")).toEqual([]);
  });

  it("because another process is just storing it is ignored, and changes nothing of it", async () => {
    await held("apart");
    const holder = await door.db.pool.connect();
    await holder.query("begin");
    await holder.query(
      "insert into message (id, conversation, author, author_name, text, attachments, external_id, at) select nextval('message_id_seq'), id, 'customer', '', 'one', '[]', 'apart1', now() from conversation where thread = 'apart'",
    );
    expect(await door.takes(changes("apart", "apart1", "two"))).toEqual(["ignored"]);
    await holder.query("commit");
    holder.release();
    expect((await transcript("apart")).at(-1)).toEqual({ text: "one", amended: false });
  });

  it("is not one of ours, whatever it is called", async () => {
    await held("ours");
    await door.rows(
      "insert into message (id, conversation, author, author_name, text, attachments, external_id, at) select nextval('message_id_seq'), id, 'bot', '', 'ours', '[]', 'ours1', now() from conversation where thread = 'ours'",
    );
    expect(await door.takes(changes("ours", "ours1", "theirs"))).toEqual(["ignored"]);
  });
});

describe("words in the thread of a case", () => {
  it("are changed and taken back by an operator", async () => {
    const { conversation, at } = await door.opensCase("edited");
    await door.takes(writes(at, "on it", { id: "o2", from: "alex" }));
    await door.turns(conversation);
    await door.takes(changes(at, "o2", "// hm, @Kim?", "alex"), takesBack(at, "o2", "alex"));
    await door.turns(conversation);
    expect((await journal("edited")).slice(-2)).toEqual([
      ["operator", "desk.edit", true],
      ["operator", "desk.delete", true],
    ]);
  });
});
