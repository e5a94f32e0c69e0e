import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Inbound } from "../../../src/adapter/inbound.ts";
import { changes, claims, type Door, keyword, presses, takesBack, writes } from "../../inbound/door.ts";
import { BILLING, openScene, type Scene, type Threads } from "./scene.ts";

// The payload of an event, as its turn reads it.

let scene: Scene;
let door: Door;
beforeAll(async () => {
  scene = await openScene();
  door = scene.door;
});
afterAll(() => scene[Symbol.asyncDispose]());

interface Stored {
  kind: string;
  payload: { content: object; message?: number; contact?: { id: number; name: string } } & Record<string, unknown>;
}

async function eventOf(item: Inbound): Promise<Stored> {
  const [stored] = await door.takes(item);
  const [event] = await door.rows<Stored>(
    "select kind, payload from event where conversation = $1 order by id desc limit 1",
    Number(stored?.split(" ")[1]),
  );
  if (event === undefined) throw new Error(`It made no event, but ${stored}`);
  return event;
}

const by = (address: string, displayName = "") => ({ address, displayName, trust: "asserted" });

type Row = [what: string, item: (at: Threads) => Inbound, content: (at: Threads, item: Inbound) => object];

const CUSTOMERS: Row[] = [
  [
    "message",
    (at) => writes(at.open, "look", { displayName: "Dana", attachments: [{ ref: "F1" }], mentions: true }),
    (at, { externalId: ref }) => ({
      text: "look",
      attachments: [{ ref: "F1" }],
      ref,
      mentions: true,
      from: by(at.open, "Dana"),
    }),
  ],
  [
    "choice",
    (at) => presses(at.open),
    (at, { externalId: ref }) => ({
      text: "Yes",
      ref,
      promptId: "e1.p0",
      optionId: "yes",
      from: { ...by(at.open), trust: "verified" },
    }),
  ],
  ...(["opt_out", "opt_in", "help"] as const).map(
    (kind): Row => [
      kind,
      (at) => keyword(at.open, kind, { text: "WORD" }),
      (at, { externalId: ref }) => ({ text: "WORD", attachments: [], ref, ours: "+15550100", from: by(at.open) }),
    ],
  ),
];

describe("a customer's event", () => {
  it.each(CUSTOMERS)(
    "of kind %s has the message, its content, the contact, and how much they wrote",
    async (kind, item, content) => {
      const at = await scene.threads();
      const one = item(at);
      const event = await eventOf(one);
      const [message] = await door.rows<{ id: number; contact: number }>(
        "select m.id, c.contact from message m join conversation c on c.id = m.conversation where m.external_id = $1",
        one.externalId,
      );
      expect(event).toEqual({
        kind,
        payload: {
          message: message?.id,
          content: content(at, one),
          contact: expect.objectContaining({ id: message?.contact }),
          optOut: null,
          pace: { minute: 2, hour: 2, day: 2 },
          unsent: null,
        },
      });
    },
  );

  it.each<["edit" | "delete", (at: Threads, id: string) => Inbound, object]>([
    ["edit", (at, id) => changes(at.open, id, "13"), { text: "13" }],
    [
      "edit",
      (at, id) => ({ ...changes(at.open, id, "13, @kim"), mentions: true }),
      { text: "13, @kim", mentions: true },
    ],
    ["delete", (at, id) => takesBack(at.open, id), { text: "" }],
  ])("of kind %s has the message that it changes", async (kind, item, holds) => {
    const at = await scene.threads();
    const id = `${at.open} 1`;
    const { payload } = await eventOf(writes(at.open, "12", { id }));
    expect(await eventOf(item(at, id))).toEqual({
      kind,
      payload: {
        message: payload.message,
        content: { ref: id, amends: kind, from: by(at.open), ...holds },
        contact: payload.contact,
      },
    });
  });
});

const OPERATORS: Row[] = [
  [
    "words",
    (at) => writes(at.shown, "on it", { from: "alex", displayName: "Alex", place: BILLING }),
    (_, { externalId: ref }) => ({ text: "on it", attachments: [], ref, from: by("alex", "Alex") }),
  ],
  [
    "changed words",
    (at) => changes(at.shown, "m0", "on it!", "alex"),
    () => ({ text: "on it!", ref: "m0", amends: "edit", from: by("alex") }),
  ],
  [
    "words that are taken back",
    (at) => takesBack(at.shown, "m0", "alex"),
    () => ({ text: "", ref: "m0", amends: "delete", from: by("alex") }),
  ],
  [
    "command",
    (at) => claims(at.heldId),
    () => ({ operator: { id: "alex", name: "Alex" }, command: { kind: "claim" } }),
  ],
];

describe("an operator's event", () => {
  it.each(OPERATORS)("has their %s, and where they work", async (_, item, content) => {
    const at = await scene.threads();
    const one = item(at);
    expect(await eventOf(one)).toEqual({
      kind: "operator",
      payload: {
        content: content(at, one),
        optOut: null,
        queues: ["billing", "nights"],
        known: ["billing", "nights"],
        into: null,
      },
    });
  });

  it("says of whom nobody knows that they work anywhere that they work nowhere", async () => {
    const at = await scene.threads();
    expect((await eventOf(claims(at.heldId, { from: "kim" }))).payload).toMatchObject({
      queues: [],
      known: ["billing", "nights"],
    });
  });

  it("carries an opt-out of the customer's thread", async () => {
    const at = await scene.threads();
    await door.takes(keyword(at.held, "opt_out", { text: "STOP" }));
    for (const item of [writes(at.shown, "on it", { from: "alex" }), claims(at.heldId)]) {
      expect((await eventOf(item)).payload).toMatchObject({
        optOut: { word: "STOP", ours: "+15550100", endedAt: null },
      });
    }
  });

  it("of a merge has the case that it names", async () => {
    const [at, other] = [await scene.threads(), await scene.threads()];
    const merge = (into: number): Inbound => ({ ...claims(at.heldId), command: { kind: "merge", into } }) as Inbound;
    expect((await eventOf(merge(other.heldId))).payload["into"]).toMatchObject({ queue: "billing", mergedInto: null });
    expect((await eventOf(merge(987_654))).payload["into"]).toBeNull();
  });
});
