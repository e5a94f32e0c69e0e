import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { playground } from "../../channels/playground/index.ts";
import type { ChannelAdapter, Connection, SendOptions } from "../../src/adapter/adapter.ts";
import { type FittedPart, storedPartChange } from "../../src/adapter/part.ts";
import { SendError } from "../../src/adapter/send-error.ts";
import { remoteId } from "../../src/domain/ids.ts";
import { channelSender } from "../../src/outbound/channel-sender.ts";
import { claimParts } from "../../src/store/claim-parts.ts";
import { settleParts } from "../../src/store/settle-parts.ts";
import { type Door, openDoor, writes } from "../inbound/door.ts";
import { flight } from "../support/flight.ts";
import { storeTestFile } from "../support/kept-file.ts";

// Calls besides sending: edits of sent parts, and hints to one person.

let door: Door;
let conversation = 0;
beforeAll(async () => {
  door = await openDoor();
  await door.takes(writes("t1", "hello"));
  conversation = await door.conversation("t1");
});
afterAll(() => door[Symbol.asyncDispose]());

let serial = -1_000;

/** Puts parts into a new thread, one after the other; returns the thread. */
async function queueParts(...parts: { part: object; kind?: "notice" | "relay"; channel?: string }[]): Promise<string> {
  const thread = `changes ${serial}`;
  for (const { part, kind = "notice", channel = "chat" } of parts)
    await door.rows(
      `insert into outbox (conversation, event, n, channel, thread, kind, epoch, content) values ($1, $2, 0, $3, $4, $5, 0, $6)`,
      conversation,
      serial--,
      channel,
      thread,
      kind,
      JSON.stringify(part),
    );
  return thread;
}

interface Done {
  did: string;
  body?: unknown;
  message?: string;
  to?: string;
  text?: string;
}

/** A platform with every ability, which records its calls. */
function platform(more: Partial<Connection> = {}) {
  const done: Done[] = [];
  const options: SendOptions[] = [];
  const connection: Connection = {
    async send(_thread, body, o) {
      options.push(o);
      done.push({ did: "send", body });
      return remoteId(`r${done.length}`);
    },
    async edit(_thread, message, body) {
      done.push({ did: "edit", message, body });
    },
    async hint(_thread, to, { text }) {
      done.push({ did: "hint", to, text });
    },
    close: async () => undefined,
    ...more,
  };
  // Its bodies are the parts themselves, so that they can be compared.
  const adapter = { ...playground, encode: (part: FittedPart) => part } as unknown as ChannelAdapter;
  const sender = channelSender({ db: door.db, adapter, config: {}, connection, installation: "here" });
  return { done, options, sender };
}

/** Sends all waiting parts of a thread, in order; returns the remote ids. */
async function drains(
  thread: string,
  sender: ReturnType<typeof platform>["sender"],
  channel = "chat",
): Promise<string[]> {
  const remotes: string[] = [];
  for (;;) {
    const [claimed] = await claimParts(door.db, [{ channel, thread }]);
    if (claimed == null) return remotes;
    const remote = await sender.send(claimed, flight());
    await settleParts(door.db, [{ id: claimed.id, attempt: claimed.attempts, outcome: "sent", remoteId: remote }]);
    remotes.push(remote);
  }
}

const options = [{ n: 1, id: "a", label: "An invoice", aliases: [] }];
const answerChange = (promptId: string) => storedPartChange({ kind: "answered", promptId, chosen: "An invoice" });
const edited = (ref: string, text = "new"): Readonly<Record<string, unknown>> =>
  storedPartChange({ kind: "edited", ref, text, trusted: true });
const fails = (retry: SendError["retry"]) => async () => {
  throw new SendError("It said no", { outcome: "not-sent", retry });
};

describe("an answered prompt", () => {
  it("is edited to its text without buttons, with the chosen option", async () => {
    const { done, sender } = platform();
    const prompt = { text: "**What** is it about?", markdown: true, options, promptId: "p1" };
    await drains(
      await queueParts({ part: { text: "before" } }, { part: prompt }, { part: answerChange("p1") }),
      sender,
    );
    expect(done.at(-1)).toEqual({
      did: "edit",
      message: "r2",
      body: { text: "**What** is it about?\n\n→ An invoice", markdown: true },
    });
  });

  it("without a text shows the chosen option", async () => {
    const { done, sender } = platform();
    await drains(
      await queueParts({ part: { text: "", options, promptId: "p2" } }, { part: answerChange("p2") }),
      sender,
    );
    expect(done.at(-1)).toMatchObject({ body: { text: "→ An invoice" } });
  });

  it.each<[string, Partial<Connection>]>([
    ["can't be changed any more", { edit: fails("never") }],
    ["is on a platform that changes nothing", { edit: undefined as never }],
  ])("and %s is left as it is: nobody waits for it", async (_, more) => {
    const { sender } = platform(more);
    expect(
      await drains(
        await queueParts({ part: { text: "?", options, promptId: "p3" } }, { part: answerChange("p3") }),
        sender,
      ),
    ).toEqual(["r1", "nothing-to-change"]);
  });

  it("that never left is not looked up elsewhere", async () => {
    const { done, sender } = platform();
    expect(await drains(await queueParts({ part: answerChange("p-unsent") }), sender)).toEqual(["nothing-to-change"]);
    expect(done).toEqual([]);
  });

  it("is tried again when the platform is busy", async () => {
    const { sender } = platform({ edit: fails({ afterMs: 1_000 }) });
    const thread = await queueParts({ part: { text: "?", options, promptId: "p4" } }, { part: answerChange("p4") });
    await expect(drains(thread, sender)).rejects.toMatchObject({ retry: { afterMs: 1_000 } });
  });
});

describe("an edited message of an operator", () => {
  it("is edited in place", async () => {
    const { done, sender } = platform();
    await drains(await queueParts({ part: { text: "old", ref: "w1" }, kind: "relay" }, { part: edited("w1") }), sender);
    expect(done).toEqual([
      { did: "send", body: { text: "old", ref: "w1" } },
      { did: "edit", message: "r1", body: { text: "new", trusted: true } },
    ]);
  });

  // A desk may be on the customer's own channel, and its marks have the same ref.
  it("is edited in the customer's thread, not in the case's thread", async () => {
    const { done, sender } = platform();
    await drains(await queueParts({ part: { text: "old", ref: "w2" }, kind: "relay" }), sender);
    await drains(
      await queueParts({ part: { desk: "mark", ref: "w2", message: null, question: null, text: "" } }),
      sender,
    );
    await drains(await queueParts({ part: edited("w2") }), sender);
    expect(done.at(-1)).toMatchObject({ did: "edit", message: "r1" });
  });

  it("that never left is not sent by an edit, and the edit fails", async () => {
    const { done, sender } = platform();
    await expect(drains(await queueParts({ part: edited("w-unsent") }), sender)).rejects.toMatchObject({
      outcome: "not-sent",
      retry: "never",
    });
    expect(done).toEqual([]);
  });

  it("that can't be edited fails, since the operator believes that the customer reads the new text", async () => {
    const { sender } = platform({ edit: fails("never") });
    const thread = await queueParts({ part: { text: "old", ref: "w3" }, kind: "relay" }, { part: edited("w3") });
    await expect(drains(thread, sender)).rejects.toMatchObject({ retry: "never" });
    const [claimed] = await door.rows<{ id: number; attempts: number }>(
      "select id, attempts from outbox where thread = $1 and outcome is null",
      thread,
    );
    await settleParts(door.db, [
      { id: claimed?.id ?? 0, attempt: claimed?.attempts ?? 0, outcome: "failed", error: "It said no" },
    ]);
    const told = "select payload from event where kind = 'undelivered' and dedupe = 'settled:' || $1";
    expect(await door.rows(told, claimed?.id)).toEqual([
      { payload: { outbox: claimed?.id, desk: false, ref: "w3", outcome: "failed", reason: "It said no" } },
    ]);
  });
});

describe("a hint to one person", () => {
  it("is sent as a hint", async () => {
    const { done, sender } = platform();
    await drains(await queueParts({ part: { hint: "Only who was asked.", to: "bob" } }), sender);
    expect(done).toEqual([{ did: "hint", to: "bob", text: "Only who was asked." }]);
  });

  it.each<[string, Partial<Connection>]>([
    ["can't be said", { hint: fails("never") }],
    ["has no way", { hint: undefined as never }],
  ])("that %s is dropped", async (_, more) => {
    const { sender } = platform(more);
    expect(await drains(await queueParts({ part: { hint: "x", to: "bob" } }), sender)).toEqual(["nothing-to-change"]);
  });

  it("is tried again when the platform is busy", async () => {
    const { sender } = platform({ hint: fails({ afterMs: 500 }) });
    await expect(drains(await queueParts({ part: { hint: "x", to: "bob" } }), sender)).rejects.toBeInstanceOf(
      SendError,
    );
  });

  it("and an edit are repeated after a crash, without reconciling", async () => {
    const { sender } = platform({
      reconcile: async () => {
        throw new Error("It was asked");
      },
    });
    for (const part of [{ hint: "x", to: "bob" }, answerChange("p9"), edited("w9")]) {
      const [claimed] = await claimParts(door.db, [{ channel: "chat", thread: await queueParts({ part }) }]);
      if (claimed == null) throw new Error("Nothing was claimed");
      expect(await sender.reconcile(claimed, new AbortController().signal)).toBe("not-sent");
    }
  });

  it("that fails for good is reported at the desk only", async () => {
    const thread = await queueParts({ part: { hint: "x", to: "bob" } }, { part: answerChange("p10") });
    for (let n = 0; n < 2; n++) {
      const [claimed] = await claimParts(door.db, [{ channel: "chat", thread }]);
      const settled = {
        id: claimed?.id ?? 0,
        attempt: claimed?.attempts ?? 0,
        outcome: "failed",
        error: "No",
      } as const;
      await settleParts(door.db, [settled]);
      const told = "select payload->'desk' as desk from event where kind = 'undelivered' and dedupe = 'settled:' || $1";
      expect(await door.rows(told, claimed?.id)).toEqual([{ desk: true }]);
    }
  });
});

describe("a file", () => {
  it("is passed to the connection as bytes", async () => {
    const bytes = randomBytes(2_000);
    const { options: given, sender } = platform();
    const kept = { conversation, ask: "a1", name: "a.bin", mediaType: "application/octet-stream", bytes };
    const file = { ...(await storeTestFile(door.db, kept)), url: null };
    await drains(await queueParts({ part: { text: "a.bin", file, ref: "f1" }, kind: "relay" }), sender);
    const content = await given[0]?.content?.(file);
    expect(Buffer.from(content ?? [])).toEqual(bytes);
  });

  it("that is no longer stored was certainly not sent, and is not retried", async () => {
    const { options: given, sender } = platform();
    await drains(await queueParts({ part: { text: "a.bin" } }), sender);
    const gone = { id: 999_999, name: "a.bin", mediaType: "x/y", bytes: 1, token: "t" };
    await expect(given[0]?.content?.(gone)).rejects.toMatchObject({
      outcome: "not-sent",
      retry: "never",
      message: "“a.bin” is no longer stored",
    });
  });
});
