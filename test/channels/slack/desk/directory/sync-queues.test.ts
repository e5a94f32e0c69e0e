/** Sync of the places and members of queues with Slack. */

import { afterEach, describe, expect, it } from "vitest";
import { openPlaces } from "../../../../../channels/slack/desk/directory/places.ts";
import { createLogger } from "../../../../../src/lib/logger.ts";
import { card } from "../../../../support/desk-cases.ts";
import { leaving } from "../../../../support/flight.ts";
import {
  dropSharedAfterwards,
  type OpenSlackDesk,
  type OpenSlackDeskOptions,
  openDeskOnSlack,
  queueOf,
} from "../../../../support/open-slack-desk.ts";

dropSharedAfterwards();

const open: OpenSlackDesk[] = [];
afterEach(async () => {
  for (const one of open.splice(0)) await one[Symbol.asyncDispose]();
});

async function office(o: OpenSlackDeskOptions = {}): Promise<OpenSlackDesk> {
  const opened = await openDeskOnSlack(o);
  open.push(opened);
  return opened;
}

const members = async ({ db, channel }: OpenSlackDesk): Promise<Record<string, string[]>> => {
  const { rows } = await db.pool.query<{ queue: string; operator: string }>(
    "select queue, operator from desk_member where channel = $1 order by 1, 2",
    [channel],
  );
  const all: Record<string, string[]> = {};
  for (const { queue, operator } of rows) (all[queue] ??= []).push(operator);
  return all;
};
const said = ({ logged }: OpenSlackDesk): string[] =>
  logged.flatMap(({ reason }) => (typeof reason === "string" ? [reason] : []));

/** Places over the store of an open desk, at the time of the test's clock. */
function placesOf({ store, logged }: OpenSlackDesk) {
  let now = 0;
  const log = createLogger({ stream: { write: (line) => logged.push(JSON.parse(line)) } });
  const places = openPlaces({ store, log, wake: () => {}, now: () => now });
  return { places, after: (ms: number) => void (now += ms) };
}

describe("a queue's place that can't be found", () => {
  it("is waited for; then the default queue's channel shows its cases, until it is found", async () => {
    const at = await office({ queues: [queueOf("support"), queueOf("billing")] });
    const support = at.slack.addChannel({ name: "support" }).id;
    await at.sync();
    const { places, after } = placesOf(at);
    await expect(places.of("billing")).rejects.toMatchObject({ code: "no_place" });
    after(29_000);
    await expect(places.of("billing")).rejects.toMatchObject({ code: "no_place" });
    after(1_001);
    expect(await places.of("billing")).toBe(support);
    expect(JSON.stringify(at.logged)).toContain("there is no Slack channel “#billing”");
    const billing = at.slack.addChannel({ name: "billing" }).id;
    await at.sync();
    after(1_001);
    expect(await places.of("billing")).toBe(billing);
  });
});

describe("a queue's place", () => {
  it.each(["#support", "support", "#Support", "by its id"])("is found by %s", async (written) => {
    const at = await office();
    for (let n = 0; n < 7; n++) at.slack.addChannel({ name: `noise-${n}` });
    const { id } = at.slack.addChannel({ name: "support", private: true });
    at.queues[0] = queueOf("support", { deskPlace: written === "by its id" ? id : written });
    await at.sync();
    expect(await at.store.places()).toEqual([{ queue: "support", place: id, refused: null }]);
    expect(at.logged).toEqual([]);
    expect(at.slack.violations).toEqual([]);
  });

  it("is joined if it is public and the bot is not in it", async () => {
    const at = await office();
    const { id } = at.slack.addChannel({ name: "support", bot: false });
    await at.sync();
    expect(await at.store.places()).toEqual([{ queue: "support", place: id, refused: null }]);
    expect(at.slack.calls.map(({ method }) => method)).toContain("conversations.join");
  });

  it("is refused with a fix if the bot may not join", async () => {
    const at = await office();
    at.slack.addChannel({ name: "support", bot: false });
    at.slack.fault("conversations.join", { error: "missing_scope" });
    await at.sync();
    expect(await at.store.places()).toMatchObject([
      { refused: "the bot is not in it: write “/invite @” and the bot's name in #support" },
    ]);
  });

  it("is refused while it is shared or archived, each reported once, and used again after that", async () => {
    const at = await office();
    const { id } = at.slack.addChannel({ name: "support" });
    await at.sync();
    await at.slack.share(id);
    await at.sync();
    await at.sync();
    expect(await at.store.places()).toMatchObject([
      { place: id, refused: expect.stringContaining("shared with another organisation") },
    ]);
    expect(said(at)).toEqual([expect.stringContaining("shared with another organisation")]);
    await at.slack.unshare(id);
    await at.sync();
    expect(await at.store.places()).toMatchObject([{ place: id, refused: null }]);
    await at.slack.archive(id);
    await at.sync();
    expect(said(at)).toHaveLength(2);
    expect(await at.store.places()).toMatchObject([{ refused: expect.stringContaining("archived") }]);
  });

  it("is reported with a fix if missing; one that disappeared stays stored, but refused", async () => {
    const at = await office({
      queues: [queueOf("support"), queueOf("billing"), queueOf("leads", { deskPlace: null })],
    });
    const { id } = at.slack.addChannel({ name: "support", private: true });
    await at.sync();
    expect(said(at)).toEqual([
      "there is no Slack channel “#billing”, or the bot is not in it: invite it",
      "it has no slack_channel in frontdesk.yaml: give it one",
    ]);
    await at.slack.leave(at.slack.botUserId, id);
    await at.sync();
    expect(await at.store.places()).toEqual([
      {
        queue: "support",
        place: id,
        refused: "there is no Slack channel “#support”, or the bot is not in it: invite it",
      },
    ]);
  });

  it("prefers a live channel to an archived one of the same name", async () => {
    const at = await office();
    await at.slack.archive(at.slack.addChannel({ name: "support" }).id);
    const { id } = at.slack.addChannel({ name: "support" });
    await at.sync();
    expect(await at.store.places()).toEqual([{ queue: "support", place: id, refused: null }]);
  });

  it("does not change if Slack does not answer, which is logged once and never thrown", async () => {
    const at = await office();
    const { id } = at.slack.addChannel({ name: "support" });
    await at.sync();
    at.slack.revoke(true);
    await at.sync();
    await at.sync();
    expect(await at.store.places()).toEqual([{ queue: "support", place: id, refused: null }]);
    expect(said(at)).toEqual([expect.stringContaining("token")]);
  });
});

describe("a queue's members", () => {
  it("are the people in its channel: no bots, nobody deleted, nobody of another organisation", async () => {
    const at = await office();
    const people = ["Kim", "Alex", "Robin", "Sam", "Toni", "Max"].map((name) => at.slack.addUser({ name }).id);
    const guest = at.slack.addUser({ name: "Guest", external: true }).id;
    const gone = at.slack.addUser({ name: "Gone" }).id;
    at.slack.addChannel({ name: "support", members: [...people, guest, gone] });
    await at.slack.removeUser(gone);
    await at.sync();
    expect(await members(at)).toEqual({ support: people.toSorted() });
    await expect(at.store.queuesOf({ id: people[0] ?? "", name: "Kim" })).resolves.toMatchObject([{ id: "support" }]);
    expect(at.slack.violations).toEqual([]);
  });

  it("are nobody if the channel is public, unless the queue says public-channel", async () => {
    const at = await office({ queues: [queueOf("support", { members: "channel" })] });
    const [kim, zoe] = [at.slack.addUser({ name: "Kim" }).id, at.slack.addUser({ name: "Zoe" }).id];
    at.slack.addChannel({ name: "support", members: [kim] });
    await at.sync();
    await at.sync();
    expect(await at.store.queuesOf({ id: kim, name: "Kim" })).toEqual([]);
    expect(await at.store.rosters()).toEqual([
      { queue: "support", closed: "#support is public, so whoever joins it would read customers and answer them" },
    ]);
    expect(said(at)).toEqual([expect.stringContaining("or write “members: public-channel” in frontdesk.yaml")]);
    at.queues.splice(0, 1, queueOf("support", { members: "public-channel" }));
    await at.sync();
    expect(await members(at)).toEqual({ support: [kim] });
    expect(await at.store.queuesOf({ id: zoe, name: "Zoe" })).toEqual([]);
  });

  it("are those of a private channel, from the moment that it is private", async () => {
    const at = await office({ queues: [queueOf("support", { members: "channel" })] });
    const kim = at.slack.addUser({ name: "Kim" }).id;
    at.slack.addChannel({ name: "support", members: [kim], private: true });
    await at.sync();
    await expect(at.store.queuesOf({ id: kim, name: "Kim" })).resolves.toMatchObject([{ id: "support" }]);
    expect(await at.store.rosters()).toEqual([{ queue: "support", closed: null }]);
  });

  it("are nobody before the first sync, and while the channel can't be found", async () => {
    const at = await office({ queues: [queueOf("support")] });
    const kim = at.slack.addUser({ name: "Kim" }).id;
    expect(await at.store.queuesOf({ id: kim, name: "Kim" })).toEqual([]);
    await at.sync();
    expect(await at.store.rosters()).toMatchObject([
      { queue: "support", closed: expect.stringContaining("isn't known") },
    ]);
    expect(await at.store.queuesOf({ id: kim, name: "Kim" })).toEqual([]);
  });

  it("are those of a user group, or the listed ids", async () => {
    const at = await office({
      queues: [
        queueOf("support", { members: { usergroup: "@helpers" } }),
        queueOf("billing", { members: ["U1", "U2"] }),
      ],
    });
    const kim = at.slack.addUser({ name: "Kim" }).id;
    at.slack.addChannel({ name: "support" });
    at.slack.addChannel({ name: "billing" });
    const gone = at.slack.addUser({ name: "Gone" }).id;
    const guest = at.slack.addUser({ name: "Guest", external: true }).id;
    at.slack.usergroup({ handle: "helpers", members: [kim, gone, guest] });
    await at.slack.removeUser(gone);
    await at.sync();
    expect(await members(at)).toEqual({ billing: ["U1", "U2"], support: [kim] });
  });

  it.each([
    [
      "is on a free plan",
      (at: OpenSlackDesk) => at.slack.fault("usergroups.list", { error: "plan_upgrade_required" }),
      "paid plans only",
    ],
    ["has no such group", () => {}, "there is no user group “@helpers”"],
  ])("stay stored, with a fix reported, if the workspace %s", async (_, spoil, why) => {
    const at = await office({ queues: [queueOf("support", { members: { usergroup: "@helpers" } })] });
    at.slack.addChannel({ name: "support" });
    await at.store.saveMembers("support", ["U1"]);
    spoil(at);
    await at.sync();
    expect(await members(at)).toEqual({ support: ["U1"] });
    expect(said(at)).toEqual([expect.stringContaining(why)]);
  });
});

describe("the sync loop", () => {
  it("syncs at once, in one process of several, and again when a card finds no place", async () => {
    const at = await office();
    const { id } = at.slack.addChannel({ name: "support" });
    const stop = new AbortController();
    const keeping = [at.desk, await at.another()].map(async (desk) => desk.sync?.(stop.signal));
    await expect
      .poll(() => at.store.places(), { timeout: 5_000 })
      .toEqual([{ queue: "support", place: id, refused: null }]);
    at.queues.push(queueOf("billing"));
    const billing = at.slack.addChannel({ name: "billing" }).id;
    // The sync of a moment ago would make it wait.
    await at.db.pool.query("update desk_look set at = at - interval '11 seconds'");
    const o = { key: "k", signal: stop.signal, leaving };
    await expect(at.desk.card(null, card({ queue: "billing" }), o)).rejects.toMatchObject({ outcome: "not-sent" });
    await expect
      .poll(() => at.store.places(), { timeout: 5_000 })
      .toMatchObject([{ queue: "billing", place: billing }, {}]);
    stop.abort();
    await Promise.all(keeping);
    expect(looks(at)).toBe(2);
  });

  it("syncs on the event that a channel was shared, so that nothing more is shown there", async () => {
    const at = await office({ queues: [queueOf("support"), queueOf("billing")] });
    at.slack.addChannel({ name: "support" });
    const billing = at.slack.addChannel({ name: "billing" }).id;
    await at.sync();
    const front = await at.front();
    await at.slack.unshare(billing);
    await at.slack.share(billing);
    await expect
      .poll(() => at.store.places(), { timeout: 5_000 })
      .toMatchObject([
        { queue: "billing", refused: expect.stringContaining("shared") },
        { queue: "support", refused: null },
      ]);
    await expect.poll(() => looks(at), { timeout: 5_000 }).toBe(2);
    await front[Symbol.asyncDispose]();
  });

  it("goes on if the database does not answer, and ends when aborted", async () => {
    const at = await office();
    const stop = new AbortController();
    await at.db.pool.query("alter table desk_look rename to desk_look_gone");
    const keeping = at.desk.sync?.(stop.signal);
    await expect.poll(() => JSON.stringify(at.logged), { timeout: 5_000 }).toContain("desk queue sync failed");
    stop.abort();
    await expect(keeping).resolves.toBeUndefined();
    await at.db.pool.query("alter table desk_look_gone rename to desk_look");
  });
});

/** Each sync begins with auth.test. */
const looks = ({ slack }: OpenSlackDesk): number => slack.calls.filter(({ method }) => method === "auth.test").length;
