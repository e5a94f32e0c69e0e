import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Inbound } from "../../../src/adapter/inbound.ts";
import { changes, claims, ignored, keyword, presses, takesBack, writes } from "../../inbound/door.ts";
import { BILLING, openScene, type Scene, type Threads } from "./scene.ts";

// Customer or operator?

let scene: Scene;
beforeAll(async () => {
  scene = await openScene();
});
afterAll(() => scene[Symbol.asyncDispose]());

type Row = [what: string, becomes: string, item: (at: Threads) => Inbound];

const inACaseThread: Row[] = [
  ["a message", "operator of the case", (at) => writes(at.shown, "on it", { from: "alex" })],
  ["a message of the case's own customer", "operator of the case", (at) => writes(at.shown, "hi", { from: at.held })],
  [
    "a message that nobody said is for us",
    "operator of the case",
    (at) => writes(at.shown, "hm", { from: "alex", joinsOnly: true }),
  ],
  [
    "a message in a queue's place",
    "operator of the case",
    (at) => writes(at.shown, "hm", { from: "alex", place: BILLING }),
  ],
  ["an edit", "operator of the case", (at) => changes(at.shown, "m0", "on it!", "alex")],
  ["a deletion", "operator of the case", (at) => takesBack(at.shown, "m0", "alex")],
  ["a pressed option", "operator of the case", (at) => presses(at.shown)],
  ["a word that the carrier acts on", "operator of the case", (at) => keyword(at.shown, "opt_out", { from: "alex" })],
  [
    "a message in the thread in which a desk on another channel shows a case",
    "customer of a new conversation",
    (at) => writes(at.shownElsewhere, "hi", { from: "alex" }),
  ],
];

const inACustomersThread: Row[] = [
  ["a message of the customer", "customer of the case", (at) => writes(at.held, "hello?")],
  ["a message of somebody else", "customer of the case", (at) => writes(at.held, "me too", { from: "bob" })],
  ["a message of an operator", "customer of the case", (at) => writes(at.held, "hello", { from: "alex" })],
  ["a pressed option", "customer of the case", (at) => presses(at.held)],
  ["a word that the carrier acts on", "customer of the open conversation", (at) => keyword(at.open, "help")],
];

const inAQueuesPlace: Row[] = [
  ["a message", "ignored: desk_place", (at) => writes(at.unknown, "@bot hello", { place: BILLING })],
  [
    "a message that nobody said is for us",
    "ignored: desk_place",
    (at) => writes(at.unknown, "chatter", { place: BILLING, joinsOnly: true }),
  ],
  [
    "a message in a thread that was a customer's before the queue came",
    "ignored: desk_place",
    (at) => writes(at.open, "hello?", { place: BILLING }),
  ],
  ["a pressed option", "customer of the open conversation", (at) => presses(at.open, { place: BILLING })],
  [
    "a word that the carrier acts on",
    "customer of the open conversation",
    (at) => keyword(at.open, "opt_in", { place: BILLING }),
  ],
];

const inAnotherPlace: Row[] = [
  [
    "a message where no queue works",
    "customer of a new conversation",
    (at) => writes(at.unknown, "hello", { place: "LOBBY" }),
  ],
  [
    "a message where a queue works on another channel",
    "customer of a new conversation",
    (at) => writes(at.unknown, "hello", { place: "ELSEWHERE" }),
  ],
];

const anAction: Row[] = [
  ["on a case", "operator of the case", (at) => claims(at.heldId)],
  [
    "done in the thread that shows another case",
    "operator of the case",
    (at) => claims(at.heldId, { thread: at.otherShown }),
  ],
  ["done in a customer's thread", "operator of the case", (at) => claims(at.heldId, { thread: at.open })],
  ["on a conversation that is no case", "operator of the open conversation", (at) => claims(at.openId)],
  ["on a conversation that there is not", "ignored: unknown_conversation", () => claims(987_654)],
  [
    "on a conversation that there is not, done in a case's thread",
    "ignored: unknown_conversation",
    (at) => claims(987_654, { thread: at.shown }),
  ],
];

async function check(becomes: string, item: Row[2]): Promise<void> {
  const at = await scene.threads();
  expect(await scene.becomes(at, item(at))).toEqual([becomes]);
}

describe("in the thread that shows a case", () => {
  it.each(inACaseThread)("%s: %s", async (_, becomes, item) => check(becomes, item));
});
describe("in a customer's thread", () => {
  it.each(inACustomersThread)("%s: %s", async (_, becomes, item) => check(becomes, item));
});
describe("in a place where a queue works", () => {
  it.each(inAQueuesPlace)("%s: %s", async (_, becomes, item) => check(becomes, item));
});
describe("in another place", () => {
  it.each(inAnotherPlace)("%s: %s", async (_, becomes, item) => check(becomes, item));
});
describe("an operator's action", () => {
  it.each(anAction)("%s: %s", async (_, becomes, item) => check(becomes, item));
});

describe("what its adapter made nothing of", () => {
  it("is nobody's, and keeps its reason", async () => {
    await check("ignored: own_echo", () => ignored("own_echo"));
  });
});

describe("an operator's item", () => {
  it("makes neither a message, nor a contact, nor an opt-out", async () => {
    const at = await scene.threads();
    const counts = () =>
      scene.door.rows(
        "select (select count(*) from message) as messages, (select count(*) from contact) as contacts, (select count(*) from suppression) as opt_outs",
      );
    const before = await counts();
    await scene.door.takes(
      writes(at.shown, "on it", { from: "kim" }),
      keyword(at.shown, "opt_out", { from: "kim" }),
      presses(at.shown),
      claims(at.heldId),
    );
    expect(await counts()).toEqual(before);
  });

  it("of whatever kind is read by its turn", async () => {
    const at = await scene.threads();
    await scene.door.takes(
      writes(at.shown, "on it", { from: "alex" }),
      presses(at.shown),
      keyword(at.shown, "help", { from: "alex" }),
      changes(at.shown, "m0", "on it!", "alex"),
      takesBack(at.shown, "m0", "alex"),
      claims(at.heldId),
    );
    await scene.door.turns(at.heldId);
    expect(
      await scene.door.rows(
        "select quarantined from event where conversation = $1 and kind = 'operator' and seq is not null",
        at.heldId,
      ),
    ).toEqual(Array.from({ length: 6 }, () => ({ quarantined: null })));
  });
});
