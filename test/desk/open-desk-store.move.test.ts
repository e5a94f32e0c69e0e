import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { remoteChannelId, threadId } from "../../src/domain/ids.ts";
import { FRONTDESK } from "../../src/domain/reach.ts";
import { DESK, openStoredDesk, type StoredDesk } from "./stored-desk.ts";

let desk: StoredDesk;
beforeAll(async () => {
  desk = await openStoredDesk();
});
beforeEach(() => desk.rows(`truncate "case", conversation, contact, outbox, delivery, desk_place`));
afterAll(() => desk[Symbol.asyncDispose]());

let parts = 0;
const part = (conversation: number, thread: string, o: { outcome?: string; remote?: string; channel?: string } = {}) =>
  desk.rows(
    `insert into outbox (conversation, event, n, channel, thread, kind, epoch, content, outcome, remote_id)
     values ($1, $2, 0, $3, $4, 'notice', 0, '{}', $5, $6)`,
    [conversation, ++parts, o.channel ?? DESK, thread, o.outcome ?? null, o.remote ?? null],
  );
const move = () => desk.store.movePlace(remoteChannelId("G1"), remoteChannelId("C1"));
const threads = async () =>
  (await desk.rows<{ thread: string }>("select thread from conversation order by id")).map((row) => row.thread);

describe("a place with a new id", () => {
  // SL8
  it("keeps its queue, cases, conversations and unsent parts", async () => {
    await desk.store.savePlace({ queue: "support", place: remoteChannelId("G1"), refused: null });
    await desk.store.savePlace({ queue: "billing", place: remoteChannelId("G10"), refused: null });
    const customers = await desk.case({ channel: DESK, on: "G1:1.5" });
    const shown = await desk.case({ thread: "G1:2.5" });
    await part(customers, "G1:1.5");
    await part(customers, "G1:1.5", { outcome: "sent", remote: "G1:1.7" });
    await part(shown, "us:+1", { channel: "sms" });
    await desk.rows(
      "insert into delivery (channel, remote_id, outbox, status, rank) select channel, remote_id, id, 'accepted', 0 from outbox where remote_id is not null",
    );
    await move();
    await move();
    expect(await desk.store.places()).toEqual([
      { queue: "billing", place: "G10", refused: null },
      { queue: "support", place: "C1", refused: null },
    ]);
    expect(await desk.store.case(FRONTDESK, shown)).toMatchObject({ thread: "C1:2.5" });
    expect(await desk.store.conversation(DESK, threadId("C1:1.5"))).toBe(customers);
    expect(await desk.rows("select channel, thread, remote_id from outbox order by id")).toEqual([
      { channel: DESK, thread: "C1:1.5", remote_id: null },
      { channel: DESK, thread: "G1:1.5", remote_id: "C1:1.7" },
      { channel: "sms", thread: "us:+1", remote_id: null },
    ]);
    expect(await desk.rows("select remote_id from delivery")).toEqual([{ remote_id: "C1:1.7" }]);
  });

  it("may itself be a thread", async () => {
    await desk.case({ channel: DESK, on: "G1" });
    await move();
    expect(await threads()).toEqual(["C1"]);
  });

  it("leaves ids that only begin alike, and other channels, alone", async () => {
    await desk.case({ channel: DESK, on: "G10:1.5" });
    await desk.case({ channel: DESK, on: "xG1:1.5" });
    await desk.case({ channel: "other", on: "G1:1.5" });
    await desk.case({ thread: "G1:9.9", desk: "other" });
    const before = await threads();
    await move();
    expect(await threads()).toEqual(before);
    expect(await desk.rows(`select thread from "case" where thread is not null`)).toEqual([{ thread: "G1:9.9" }]);
  });

  it("with a message under the new id already: that conversation gets the later messages", async () => {
    const old = await desk.case({ channel: DESK, on: "G1:1.5" });
    const young = await desk.case({ channel: DESK, on: "C1:1.5" });
    await part(old, "G1:1.5");
    await move();
    expect(await desk.rows("select id, thread, joinable from conversation order by id")).toEqual([
      { id: old, thread: "C1:1.5", joinable: false },
      { id: young, thread: "C1:1.5", joinable: true },
    ]);
    expect(await desk.rows("select thread from outbox")).toEqual([{ thread: "C1:1.5" }]);
  });

  it("at once from two processes is one move", async () => {
    for (let n = 0; n < 5; n++) await desk.case({ channel: DESK, on: `G1:${n}` });
    await Promise.all([move(), desk.another().movePlace(remoteChannelId("G1"), remoteChannelId("C1")), move()]);
    expect(await threads()).toEqual(["C1:0", "C1:1", "C1:2", "C1:3", "C1:4"]);
  });
});
