import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { remoteChannelId } from "../../src/domain/ids.ts";
import { DESK, openStoredDesk, type StoredDesk } from "./stored-desk.ts";

let desk: StoredDesk;
beforeAll(async () => {
  desk = await openStoredDesk();
  await desk.rows(`create function die() returns trigger as 'begin raise exception ''dead''; end' language plpgsql`);
});
beforeEach(() =>
  desk.rows(
    `truncate "case", conversation, contact, assignment, event, dedupe_key, raw_inbound, desk_member, desk_roster, desk_look`,
  ),
);
afterAll(() => desk[Symbol.asyncDispose]());

const kim = { id: "U1", name: "Kim" };
const queuesOf = async (id: string) => (await desk.store.queuesOf({ id, name: id })).map((queue) => queue.id);
const released = () =>
  desk.rows<{ conversation: number; reason: string; by: string }>(
    `select conversation, payload->'content'->'command'->>'reason' as reason, payload->'content'->'operator'->>'id' as by
     from event where payload->'content'->'command'->>'kind' = 'release' order by conversation`,
  );

describe("places", () => {
  it("are the last ones saved", async () => {
    await desk.store.savePlace({ queue: "support", place: remoteChannelId("C1"), refused: null });
    await desk.store.savePlace({ queue: "billing", place: remoteChannelId("C2"), refused: null });
    await desk.store.savePlace({
      queue: "support",
      place: remoteChannelId("C3"),
      refused: "it is shared with another organisation",
    });
    expect(await desk.another().places()).toEqual([
      { queue: "billing", place: "C2", refused: null },
      { queue: "support", place: "C3", refused: "it is shared with another organisation" },
    ]);
  });
});

describe("duty", () => {
  it("is on by default, and then as the operator set it last", async () => {
    expect(await desk.store.onDuty("U9")).toBe(true);
    await desk.store.setDuty("U9", false);
    expect(await desk.another().onDuty("U9")).toBe(false);
    await desk.store.setDuty("U9", true);
    expect(await desk.store.onDuty("U9")).toBe(true);
  });
});

describe("members", () => {
  it("are replaced as a whole, queue by queue", async () => {
    await desk.store.saveMembers("support", ["U1", "U2", "U2"]);
    await desk.store.saveMembers("billing", ["U1"]);
    expect(await queuesOf("U1")).toEqual(["support", "billing"]);
    await desk.store.saveMembers("support", ["U2", "U3"]);
    expect(await queuesOf("U1")).toEqual(["billing"]);
    expect(await queuesOf("U3")).toEqual(["support"]);
  });

  it("who are removed give back their cases of that queue, once", async () => {
    await desk.store.saveMembers("support", ["U1", "U2"]);
    const held = await desk.case({ holder: kim });
    await desk.case({ holder: kim, queue: "billing" });
    await desk.case({ holder: kim, status: "solved" });
    await desk.case({ holder: kim, status: "with the bot" });
    await desk.case({ holder: { id: "U2", name: "Lee" } });
    await Promise.all([desk.store.saveMembers("support", ["U2"]), desk.another().saveMembers("support", ["U2"])]);
    expect(await released()).toEqual([
      { conversation: held, reason: "Kim is not in the queue any more", by: "frontdesk" },
    ]);
    expect(desk.wakes).toContain(`turn ${held}`);
  });

  it("who were never members keep their cases", async () => {
    await desk.store.saveMembers("support", ["U2"]);
    await desk.case({ holder: kim });
    await desk.store.saveMembers("support", ["U2", "U3"]);
    expect(await released()).toEqual([]);
  });

  it("who come back and are removed again give back the cases they hold then", async () => {
    const held = await desk.case({ holder: kim });
    await desk.store.saveMembers("support", ["U1", "U2"]);
    await desk.store.saveMembers("support", ["U2"]);
    await desk.rows("update assignment set until_at = now()");
    await desk.rows(
      "insert into assignment (conversation, operator, queue, from_at) values ($1, 'U1', 'support', now())",
      [held],
    );
    await desk.store.saveMembers("support", ["U1", "U2"]);
    await desk.store.saveMembers("support", ["U2"]);
    expect(await released()).toHaveLength(2);
  });

  it("give back again if the process died before they were deleted", async () => {
    await desk.case({ holder: kim });
    await desk.store.saveMembers("support", ["U1", "U2"]);
    await desk.rows("create trigger die before delete on desk_member execute function die()");
    await expect(desk.store.saveMembers("support", ["U2"])).rejects.toThrow("dead");
    expect(await queuesOf("U1")).toEqual(["support"]);
    await desk.rows("drop trigger die on desk_member");
    await desk.store.saveMembers("support", ["U2"]);
    expect(await released()).toHaveLength(1);
    expect(await queuesOf("U1")).toEqual([]);
  });

  it("have given back already if the process died just after they were deleted", async () => {
    await desk.case({ holder: kim });
    await desk.store.saveMembers("support", ["U1", "U2"]);
    await desk.rows("create trigger die before delete on desk_look for each statement execute function die()");
    await expect(desk.store.saveMembers("support", ["U2"])).rejects.toThrow("dead");
    await desk.rows("drop trigger die on desk_look");
    expect(await queuesOf("U1")).toEqual([]);
    expect(await released()).toHaveLength(1);
  });
});

describe("a queue that has no members any more", () => {
  it("keeps its members the first time, over all processes, and loses them the second time in a row", async () => {
    await desk.case({ holder: kim });
    await desk.store.saveMembers("support", ["U1"]);
    await desk.store.saveMembers("support", []);
    expect(await queuesOf("U1")).toEqual(["support"]);
    expect(await released()).toEqual([]);
    await desk.another().saveMembers("support", []);
    expect(await queuesOf("U1")).toEqual([]);
    expect(await released()).toHaveLength(1);
  });

  it("counts anew after a member was found", async () => {
    await desk.store.saveMembers("support", ["U1"]);
    await desk.store.saveMembers("support", []);
    await desk.store.saveMembers("support", ["U1"]);
    await desk.store.saveMembers("support", []);
    expect(await queuesOf("U1")).toEqual(["support"]);
  });
});

describe("a periodic look", () => {
  it("is granted to one caller per period, over all processes", async () => {
    const asked = await Promise.all(
      [desk.store, desk.another(), desk.store].map((store) => store.mayLook("places", 60_000)),
    );
    expect(asked.filter(Boolean)).toHaveLength(1);
    expect(await desk.store.mayLook("something else", 60_000)).toBe(true);
    await desk.rows("update desk_look set at = at - interval '59 s'");
    expect(await desk.store.mayLook("places", 60_000)).toBe(false);
    await desk.rows("update desk_look set at = at - interval '1 s'");
    expect(await desk.store.mayLook("places", 60_000)).toBe(true);
  });

  it("is granted per desk", async () => {
    await desk.store.mayLook("places", 60_000);
    expect(await desk.rows("select what from desk_look")).toEqual([{ what: `${DESK}:places` }]);
  });
});
