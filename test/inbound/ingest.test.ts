import { describe, expect, it } from "vitest";
import type { ChannelAdapter, InboundConnection, Profile } from "../../src/adapter/adapter.ts";
import type { Inbound, RawInbound, StoredInbound } from "../../src/adapter/inbound.ts";
import { address, threadId } from "../../src/domain/ids.ts";
import { createIngest, type Interactions } from "../../src/inbound/ingest.ts";
import { createLogger } from "../../src/lib/logger.ts";
import { changes, writes } from "./door.ts";

// The way of genuine bytes: read, named, stored, answered. What is stored, and how, is in the other files of this folder.

const raw: RawInbound = { body: Buffer.from("{}"), contentType: "application/json", receivedAt: new Date() };
const STORED: StoredInbound[] = [{ outcome: "stored", conversation: 3 }];

interface World {
  parse?: () => Inbound[];
  profile?: NonNullable<InboundConnection["profile"]>;
  front?: Interactions;
  /** Set while the database is away. */
  away?: true;
  desk?: string;
}

/** Takes one raw inbound in; answers with what went on to be stored, and what the platform is answered. */
async function takes({ parse = () => [], profile, front, away, desk = "chat" }: World) {
  const given: Inbound[][] = [];
  const kept: RawInbound[] = [];
  const inboundConnection: InboundConnection = {
    ...(profile === undefined ? {} : { profile }),
    close: async () => undefined,
  };
  // Of an adapter, only its reading has a part in this.
  const adapter = { parse } as unknown as ChannelAdapter;
  const ingest = createIngest({
    channels: new Map([["chat", { adapter, config: {} }]]),
    connections: new Map([["chat", inboundConnection]]),
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

const DANA: Profile = { name: "Dana Smith", email: "dana@acme.example", language: "de" };

describe("a name", () => {
  it("is asked for where none came, with what else the platform knows", async () => {
    const { items } = await takes({ parse: () => [writes("t", "hi", { from: "U1" })], profile: async () => DANA });
    expect(items).toMatchObject([
      { displayName: "Dana Smith", profile: { email: "dana@acme.example", language: "de" }, text: "hi" },
    ]);
  });

  it("is asked for even where a handle came, and replaces it; whatever else came stays", async () => {
    const asked: string[] = [];
    const { items } = await takes({
      parse: () => [
        writes("t", "hi", { displayName: "D." }),
        writes("t", "ho", { from: "U2", profile: { language: "en" } }),
      ],
      profile: async (from) => {
        asked.push(from);
        return DANA;
      },
    });
    expect(asked).toEqual(["t", "U2"]);
    expect(items).toMatchObject([
      { displayName: "Dana Smith" },
      { displayName: "Dana Smith", profile: { language: "en", email: "dana@acme.example" } },
    ]);
  });

  it("is not asked for where nobody is named, as with a receipt or a place that moved", async () => {
    const common = { dedupeKeys: [], externalId: "" };
    const moved = { ...common, kind: "moved", from: "C1", to: "C2" } as unknown as Inbound;
    const ignored: Inbound = { ...common, kind: "ignored", reason: "own" };
    const { items } = await takes({
      parse: () => [moved, ignored],
      profile: () => {
        throw new Error("Asked for nobody");
      },
    });
    expect(items).toEqual([moved, ignored]);
  });

  it.each<[string, NonNullable<InboundConnection["profile"]>]>([
    ["is not known", async () => null],
    ["can't be had", () => Promise.reject(new Error("no_such_user"))],
    [
      "can't even be asked for",
      () => {
        throw new Error("not connected");
      },
    ],
    ["is not there", async () => ({})],
  ])("that %s costs no message", async (_, profile) => {
    const message = writes("t", "hi");
    const { items, stored } = await takes({ parse: () => [message], profile });
    expect(items).toMatchObject([{ text: "hi", dedupeKeys: message.dedupeKeys }]);
    expect(items[0]).not.toHaveProperty("displayName");
    expect(stored).toEqual(STORED);
  });

  it("that never comes holds up nobody for longer than a platform waits, and two no longer than one", async () => {
    const began = performance.now();
    const { items } = await takes({
      parse: () => [writes("t", "hi"), changes("t", "x", "ho")],
      profile: () => new Promise<null>(() => undefined),
    });
    expect(items).toHaveLength(2);
    expect(performance.now() - began).toBeLessThan(2_000);
  });
});

describe("a dialog that is refused", () => {
  it("is kept as what came, without its keys, acts on nothing, and its answer is the refusal", async () => {
    const asked: string[] = [];
    const { items, answer } = await takes({
      parse: () => [{ ...writes("t", "hi"), externalId: "d1" }],
      profile: async () => {
        asked.push("profile");
        return DANA;
      },
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
