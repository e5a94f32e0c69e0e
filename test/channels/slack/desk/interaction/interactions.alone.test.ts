/** The interactions without the rest of the product. Slack gives three seconds to open a dialog, even if it takes longer. */
import { EventEmitter, once } from "node:events";
import type { ModalView } from "@slack/types";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { slackConfig } from "../../../../../channels/slack/config.ts";
import type { InteractionDeps } from "../../../../../channels/slack/desk/interaction/interaction-deps.ts";
import { openInteractions } from "../../../../../channels/slack/desk/interaction/interactions.ts";
import { showView } from "../../../../../channels/slack/desk/interaction/show-view.ts";
import { notice } from "../../../../../channels/slack/desk/view/modals.ts";
import { failure } from "../../../../../channels/slack/outbound/errors.ts";
import { openWebClient } from "../../../../../channels/slack/outbound/web-client.ts";
import type { DeskInteractions } from "../../../../../src/desk/desk.ts";
import { remoteChannelId } from "../../../../../src/domain/ids.ts";
import { createLogger } from "../../../../../src/lib/logger.ts";
import { DESK, openStoredDesk, type StoredDesk } from "../../../../desk/stored-desk.ts";
import { type SlackCounterpart, startSlack } from "../../../../support/slack/counterpart.ts";
import { type Receiver, startReceiver } from "../../../../support/slack/receiver.ts";

let slack: SlackCounterpart;
let receiver: Receiver;
let front: InteractionDeps;
beforeAll(async () => {
  slack = await startSlack();
  receiver = await startReceiver();
  slack.deliverTo(receiver.url);
  const web = await openWebClient(
    slackConfig.parse({ bot_token: slack.botToken, signing_secret: "s", api_url: slack.apiUrl }),
  );
  const log = createLogger({ level: "silent" });
  front = {
    log,
    slack: (call) => call(web).catch((error: unknown) => Promise.reject(failure(error))),
  } as InteractionDeps;
});
afterAll(async () => {
  expect(slack.violations).toEqual([]);
  await receiver[Symbol.asyncDispose]();
  await slack[Symbol.asyncDispose]();
});

const trigger = async (user: string): Promise<string> => {
  await slack.shortcut(user, "desk_start");
  return String(receiver.received.at(-1)?.payload["trigger_id"]);
};
const shown = (user: string): string => JSON.stringify(slack.modals(user));

it("opens a placeholder while the dialog's content is being made, and then the dialog itself", async () => {
  const kim = slack.addUser({ name: "Kim" }).id;
  const making = new EventEmitter();
  const made = once(making, "made").then(([view]) => view as ModalView);
  const showing = showView(front, await trigger(kim), made);
  await expect.poll(() => shown(kim), { timeout: 5_000 }).toContain("One moment");
  making.emit("made", notice("Frontdesk", "Here it is."));
  await showing;
  expect(shown(kim)).toContain("Here it is.");
  expect(slack.modals(kim)).toHaveLength(1);
  expect(slack.calls.map(({ method }) => method)).toEqual(["views.open", "views.update"]);
});

it("opens a dialog directly if its content is quick, and shows a notice if it fails", async () => {
  const alex = slack.addUser({ name: "Alex" }).id;
  await showView(front, await trigger(alex), Promise.resolve(notice("Frontdesk", "At once.")));
  expect(shown(alex)).toContain("At once.");
  expect(shown(alex)).not.toContain("One moment");
  await showView(front, await trigger(alex), Promise.reject(new Error("the database is down")));
  expect(shown(alex)).toContain("That did not work, and the log says why.");
  expect(shown(alex)).not.toContain("database");
});

it("throws if the trigger has expired", async () => {
  const dana = slack.addUser({ name: "Dana" }).id;
  const spent = await trigger(dana);
  slack.expireTriggers();
  await expect(showView(front, spent, Promise.resolve(notice("Frontdesk", "Late.")))).rejects.toMatchObject({
    code: "expired_trigger_id",
  });
});

describe("an event about channels and groups", () => {
  let desk: StoredDesk;
  let own: DeskInteractions;
  let changes = 0;
  beforeAll(async () => {
    desk = await openStoredDesk();
    const config = { bot_token: slack.botToken, signing_secret: "s", api_url: slack.apiUrl };
    const deps = { log: createLogger({ level: "silent" }) };
    own = await openInteractions({ channel: DESK, config, deps, store: desk.store, onChange: () => void changes++ });
  });
  afterAll(async () => {
    await own.close();
    await desk[Symbol.asyncDispose]();
  });

  const hears = (body: unknown, contentType = "application/json") =>
    own.interact(
      {
        body: Buffer.from(typeof body === "string" ? body : JSON.stringify(body)),
        contentType,
        receivedAt: new Date(),
      },
      [],
    );
  const event = (inner: object) => ({
    type: "event_callback",
    team_id: slack.teamId,
    event_id: `Ev${changes}`,
    event: inner,
  });

  it.each([
    { type: "subteam_members_changed", subteam_id: "S1" },
    { type: "subteam_updated", subteam: { id: "S1" } },
    { type: "member_joined_channel", user: "U1", channel: "C1" },
    { type: "channel_rename", channel: { id: "C1", name: "new" } },
    { type: "channel_id_changed", old_channel_id: "G1", new_channel_id: "C1" },
  ])("starts a sync: $type", async (inner) => {
    const before = changes;
    expect(await hears(event(inner))).toBeNull();
    expect(changes).toBe(before + 1);
  });

  it("closes a queue's channel at once if it was archived or shared", async () => {
    await desk.store.savePlace({ queue: "support", place: remoteChannelId("C1"), refused: null });
    await desk.store.savePlace({ queue: "billing", place: remoteChannelId("C2"), refused: null });
    await hears(event({ type: "channel_shared", channel: "C1" }));
    await hears(event({ type: "group_archive", channel: "C9" }));
    const refused = Object.fromEntries((await desk.store.places()).map((place) => [place.queue, place.refused]));
    expect(refused).toEqual({ support: "it is shared with another organisation", billing: null });
  });

  it("is ignored if it is not the desk's, and no body makes it fail", async () => {
    const before = slack.calls.length;
    const strange = [
      "",
      "{",
      "[]",
      "null",
      '{"event":null}',
      '{"event":{"type":"app_home_opened"}}',
      '{"type":"view_submission"}',
    ];
    for (const body of strange) expect(await hears(body)).toBeNull();
    expect(
      await hears("payload=%7B%22type%22%3A%22block_actions%22%7D", "application/x-www-form-urlencoded"),
    ).toBeNull();
    expect(await hears("command=%2Fdesk", "application/x-www-form-urlencoded")).toBeNull();
    expect(await hears(event({ type: "message", channel: "C1", user: "U1", text: "hello", ts: "1.1" }))).toBeNull();
    expect(await hears({ type: "block_actions", actions: [{ action_id: "opt:p1:1" }], user: { id: "U1" } })).toBeNull();
    expect(slack.calls).toHaveLength(before);
  });

  it("reads a command that came as JSON over Socket Mode", async () => {
    const answer = await hears({ command: "/desk", user_id: "U1", user_name: "kim", trigger_id: "t0", text: "status" });
    const closed = "Nobody can work in the queue support yet: it has no channel.";
    expect(JSON.parse(answer ?? "")).toMatchObject({ text: expect.stringContaining(closed) });
  });

  it("answers in time, with a notice, if the database does not answer", async () => {
    const client = await desk.db.pool.connect();
    try {
      await client.query("begin; lock table desk_member, desk_place in access exclusive mode");
      const form = new URLSearchParams({
        command: "/desk",
        user_id: "U1",
        user_name: "kim",
        trigger_id: "t1",
        text: "status",
      });
      const started = performance.now();
      const answer = await hears(form.toString(), "application/x-www-form-urlencoded");
      expect(performance.now() - started).toBeLessThan(2_900);
      expect(JSON.parse(answer ?? "")).toMatchObject({
        response_type: "ephemeral",
        text: expect.stringContaining("longer than usual"),
      });
    } finally {
      await client.query("rollback");
      client.release();
    }
  });
});
