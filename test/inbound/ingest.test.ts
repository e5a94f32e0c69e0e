import { describe, expect, it } from "vitest";
import type { ChannelAdapter } from "../../src/adapter/adapter.ts";
import type { Inbound, RawInbound, StoredInbound } from "../../src/adapter/inbound.ts";
import { address, threadId } from "../../src/domain/ids.ts";
import { createIngest, type Interactions } from "../../src/inbound/ingest.ts";
import { createLogger } from "../../src/lib/logger.ts";
import { writes } from "./door.ts";

// The way of genuine bytes: read, stored, answered. What is stored, and how, is in the other files of this folder.

const raw: RawInbound = { body: Buffer.from("{}"), contentType: "application/json", receivedAt: new Date() };
const STORED: StoredInbound[] = [{ outcome: "stored", conversation: 3 }];

interface World {
  parse?: () => Inbound[];
  front?: Interactions;
  /** Set while the database is away. */
  away?: true;
  desk?: string;
}

/** Takes one raw inbound in; answers with what went on to be stored, and what the platform is answered. */
async function takes({ parse = () => [], front, away, desk = "chat" }: World) {
  const given: Inbound[][] = [];
  const kept: RawInbound[] = [];
  // Of an adapter, only its reading has a part in this.
  const adapter = { parse } as unknown as ChannelAdapter;
  const ingest = createIngest({
    channels: new Map([["chat", { adapter, config: {} }]]),
    interactions: new Map(front === undefined ? [] : [["chat", front]]),
    desk,
    receive: async (_channel, bytes, items) => {
      if (away) throw new Error("The database is away");
      kept.push(bytes);
      given.push([...items]);
      return STORED;
    },
    log: createLogger({ level: "silent" }),
  });
  const { stored, answer } = await ingest("chat", raw);
  return { items: given.flat(), raw: kept.at(-1), stored, answer };
}

describe("a dialog that is refused", () => {
  it("is kept as what came, without its keys, acts on nothing, and its answer is the refusal", async () => {
    const asked: string[] = [];
    const { items, answer } = await takes({
      parse: () => [{ ...writes("t", "hi"), externalId: "d1" }],
      front: {
        refuse: async () => ({ reason: "refused", answer: '{"errors":{}}' }),
        interact: async () => {
          asked.push("interact");
          return null;
        },
      },
    });
    expect(items).toEqual([{ kind: "ignored", reason: "refused", dedupeKeys: [], externalId: "d1" }]);
    expect(answer).toBe('{"errors":{}}');
    expect(asked).toEqual([]);
  });

  it("with an empty body is refused, too: that is what some platforms want", async () => {
    const { items, answer } = await takes({
      parse: () => [writes("t", "hi")],
      front: { refuse: async () => ({ reason: "not_in_place", answer: "" }), interact: async () => "never" },
    });
    expect(items).toMatchObject([{ kind: "ignored", reason: "not_in_place" }]);
    expect(answer).toBe("");
  });

  it("may be about what was not written to us: then that it came is kept, and no byte of what it said", async () => {
    const ignored = {
      kind: "ignored",
      reason: "desk_front",
      dedupeKeys: [],
      externalId: "s1",
      withheld: true,
    } as const;
    for (const refusal of [null, { reason: "not_in_place", answer: null }]) {
      const { items, raw } = await takes({
        parse: () => [ignored],
        front: { refuse: async () => refusal, interact: async () => null },
      });
      expect(items).toMatchObject([{ kind: "ignored", reason: refusal?.reason ?? "desk_front" }]);
      expect(raw?.body.byteLength).toBe(0);
    }
  });

  it("that is not refused is stored first, and then answered", async () => {
    const seen: (readonly StoredInbound[])[] = [];
    const front: Interactions = {
      refuse: async () => null,
      interact: async (_raw, stored) => {
        seen.push(stored);
        return '{"view":{}}';
      },
    };
    const { items, answer } = await takes({ parse: () => [writes("t", "hi")], front });
    expect(items).toMatchObject([{ kind: "message", text: "hi" }]);
    expect(seen).toEqual([STORED]);
    expect(answer).toBe('{"view":{}}');
  });
});

describe("what comes in", () => {
  // I1
  it("is not answered where it could not be stored", async () => {
    const answered: string[] = [];
    const front: Interactions = {
      interact: async () => {
        answered.push("yes");
        return null;
      },
    };
    await expect(takes({ parse: () => [writes("t", "hi")], front, away: true })).rejects.toThrow(
      "The database is away",
    );
    expect(answered).toEqual([]);
  });

  // I4
  it.each<[string, () => Inbound[]]>([
    ["empty", () => []],
    [
      "unreadable",
      () => {
        throw new Error("a bug in the adapter");
      },
    ],
  ])("is kept where it is %s", async (reason, parse) => {
    expect((await takes({ parse })).items).toEqual([{ kind: "ignored", reason, dedupeKeys: [], externalId: "" }]);
  });

  it("has no answer where nobody gives one", async () => {
    expect((await takes({ parse: () => [writes("t", "hi")] })).answer).toBeNull();
  });
});

describe("an operator's act", () => {
  const claim: Inbound = {
    kind: "action",
    dedupeKeys: ["a1"],
    externalId: "a1",
    thread: threadId("case"),
    from: address("U1"),
    trust: "verified",
    conversation: 3,
    command: { kind: "claim" },
  };

  it("counts on the desk's channel", async () => {
    expect((await takes({ parse: () => [claim] })).items).toEqual([claim]);
  });

  it("is none on any other, whatever its adapter reads; what customers write there is heard", async () => {
    const { items } = await takes({ parse: () => [claim, writes("t", "hi")], desk: "slack" });
    expect(items).toMatchObject([
      { kind: "ignored", reason: "not_the_desk", dedupeKeys: ["a1"] },
      { kind: "message", text: "hi" },
    ]);
  });
});
