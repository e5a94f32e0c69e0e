import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { DeskStore } from "../../src/desk/desk-store.ts";
import { openDeskStore } from "../../src/desk/open-desk-store.ts";
import { address, remoteChannelId, threadId } from "../../src/domain/ids.ts";
import { FRONTDESK } from "../../src/domain/reach.ts";
import { createReceive } from "../../src/inbound/receive.ts";
import type { Lanes } from "../../src/jobs/lanes.ts";
import { systemClock } from "../../src/lib/clock.ts";
import { createMetrics } from "../../src/metrics/prometheus.ts";
import { SETTLED, startDesk, type TestDesk, TO_PEOPLE } from "../support/desk.ts";

// The product's turns handle the rows that the desk store writes. Its wake-ups are lost here, so the sweep finds them.
let desk: TestDesk;
let store: DeskStore;
beforeAll(async () => {
  desk = await startDesk({ files: { "workflows/to-people.yaml": TO_PEOPLE } });
  const lanes = { wake: () => {} } as unknown as Lanes;
  const queue = { title: "", members: "channel", hours: null, deskPlace: null, closedSay: null } as const;
  store = openDeskStore({
    db: desk.db,
    lanes,
    receive: createReceive({ membership: "everyone", db: desk.db, lanes, meter: createMetrics().meter }),
    channel: "chat",
    membership: "everyone",
    queues: () => [{ ...queue, id: "front-line" }],
    manual: () => [],
    reach: () => null,
    reachable: () => [],
    clock: systemClock,
  });
});
afterAll(() => desk[Symbol.asyncDispose]());

const kim = { id: "kim", name: "Kim" };

describe("a conversation started by an operator", () => {
  it("reaches the customer, and is a case that the operator holds", async () => {
    const to = { thread: threadId("thread-zoe"), address: address("zoe"), name: "Zoe" };
    const wish = { operator: kim, key: "zoe", channel: "chat", to, queue: "front-line", text: "Your parcel is here." };
    const started = await store.start(wish);
    if ("fault" in started) throw new Error(started.fault);
    await desk.until(SETTLED);
    expect(await desk.customer("zoe").heard()).toEqual(["Your parcel is here."]);
    const shown = await store.case(FRONTDESK, started.conversation);
    expect(shown).toMatchObject({ card: { holder: kim, customer: "Zoe", queue: "front-line" } });
    expect(shown?.thread).not.toBeNull();
  });
});

describe("an operator who is removed", () => {
  it("no longer holds their cases, and another one may claim them", async () => {
    const dana = desk.customer("dana");
    await dana.message("I want a person");
    await desk.until(SETTLED);
    const conversation = await dana.conversation();
    await store.savePlace({ queue: "front-line", place: remoteChannelId("P1"), refused: null });
    await store.saveMembers("front-line", ["kim", "lee"]);
    await store.act({ operator: kim, conversation, command: { kind: "claim" }, key: "claim" });
    await desk.until(SETTLED);
    expect(await store.cases(FRONTDESK, { holder: "kim", limit: 10 })).not.toEqual([]);
    await store.saveMembers("front-line", ["lee"]);
    await desk.until(SETTLED);
    expect(await store.cases(FRONTDESK, { holder: "kim", limit: 10 })).toEqual([]);
    const unclaimed = await store.cases(FRONTDESK, { unclaimed: true, queues: ["front-line"], limit: 10 });
    expect(unclaimed.map(({ card }) => card.conversation)).toContain(conversation);
    expect(await desk.rows("select quarantined from event where quarantined is not null")).toEqual([]);
  });
});
