/** Events of the Slack counterpart: their content, signatures and retries. */
import { isValidSlackRequest } from "@slack/bolt";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { SlackOptions } from "./counterpart.ts";
import type { Received } from "./receiver.ts";
import { type Setting, startSetting } from "./setting.ts";
import { postMessage } from "./web.ts";

let setting: Setting;
let { slack, server, web, dana, support } = {} as Setting;

async function start(o: SlackOptions = {}): Promise<void> {
  setting = await startSetting(o);
  ({ slack, server, web, dana, support } = setting);
}
/** The same with other options. */
async function restart(o: SlackOptions): Promise<void> {
  await setting[Symbol.asyncDispose]();
  await start(o);
}

beforeEach(() => start());
afterEach(() => setting[Symbol.asyncDispose]());

const valid = ({ headers, body }: Received, signingSecret = slack.signingSecret): boolean =>
  isValidSlackRequest({
    signingSecret,
    body,
    headers: {
      "x-slack-signature": String(headers["x-slack-signature"]),
      "x-slack-request-timestamp": Number(headers["x-slack-request-timestamp"]),
    },
  });
const subtypes = () => server.events().map((event) => event["subtype"] ?? event["type"]);
const last = () => server.events().at(-1) ?? expect.unreachable();

const say = (o: Record<string, unknown> = {}) => postMessage(web, { channel: support, text: "Hello", ...o });

describe("delivery", () => {
  it("wraps and signs as Bolt's verifier expects", async () => {
    const { ts } = await slack.post(dana, support, "Grüße & 你好 <3");
    const [one] = server.received;
    expect(valid(one ?? expect.unreachable())).toBe(true);
    expect(valid(one ?? expect.unreachable(), "another")).toBe(false);
    expect(one?.payload).toMatchObject({
      type: "event_callback",
      team_id: slack.teamId,
      api_app_id: slack.appId,
      authorizations: [{ user_id: slack.botUserId, is_bot: true, team_id: slack.teamId }],
      is_ext_shared_channel: false,
      event: { type: "message", ts, user: dana, channel: support, channel_type: "channel" },
    });
  });

  it("sends a mention twice, under two event ids", async () => {
    await slack.post(dana, support, "help", { mentionsBot: true });
    expect(server.events().map((event) => event["type"])).toEqual(["message", "app_mention"]);
    const [message, mention] = server.received;
    expect(message?.payload["event_id"]).not.toBe(mention?.payload["event_id"]);
    expect(server.events()[0]?.["ts"]).toBe(server.events()[1]?.["ts"]);
  });

  it("has typed text as rich text too", async () => {
    await slack.post(dana, support, `A &lt; B <@${dana}> <!here> <https://example.com|more>`);
    const [{ blocks } = {}] = server.events() as { blocks?: { elements: { elements: unknown }[] }[] }[];
    expect(blocks?.[0]?.elements[0]?.elements).toEqual([
      { type: "text", text: "A < B " },
      { type: "user", user_id: dana },
      { type: "text", text: " " },
      { type: "broadcast", range: "here" },
      { type: "text", text: " " },
      { type: "link", url: "https://example.com", text: "more" },
    ]);
  });

  it("sends a mention in a DM once", async () => {
    await slack.post(dana, slack.dm(dana), "help", { mentionsBot: true });
    expect(server.events()).toMatchObject([{ type: "message", channel_type: "im" }]);
  });

  it("retries three times, with the reason and the same event id", async () => {
    await restart({ timeScale: 0.0001 });
    server.answer((_, response) => response.writeHead(500).end());
    await slack.post(dana, support, "Hi");
    await slack.settled();
    expect(server.received.map((one) => one.headers["x-slack-retry-num"])).toEqual([undefined, "1", "2", "3"]);
    expect(server.received[3]?.headers["x-slack-retry-reason"]).toBe("http_error");
    expect(new Set(server.received.map((one) => one.payload["event_id"])).size).toBe(1);
  });

  it("stops when told to, and once it is answered", async () => {
    await restart({ timeScale: 0.0001 });
    server.answer((_, response) => response.writeHead(401, { "x-slack-no-retry": "1" }).end());
    await slack.post(dana, support, "Hi");
    await slack.settled();
    expect(server.received).toHaveLength(1);
    server.answer((one, response) => response.writeHead(one.headers["x-slack-retry-num"] ? 200 : 500).end());
    await slack.post(dana, support, "Hi");
    await slack.settled();
    expect(server.received).toHaveLength(3);
  });

  it("waits no longer than its timeout for an answer", async () => {
    await restart({ ackMs: 400, timeScale: 0.0001 });
    server.answer((one, response) => void (one.headers["x-slack-retry-num"] && response.end()));
    await slack.post(dana, support, "Hi");
    await slack.settled();
    expect(server.received.map((one) => one.headers["x-slack-retry-reason"])).toEqual([undefined, "http_timeout"]);
  });

  it("checks a Request URL", async () => {
    await expect(slack.verifyUrl()).rejects.toThrow("challenge");
    server.answer((one, response) => response.end(JSON.stringify({ challenge: one.payload["challenge"] })));
    expect(await slack.verifyUrl()).toMatchObject({ status: 200 });
  });

  it("sends any event, with a signature of any age", async () => {
    server.answer((_, response) => response.writeHead(401).end());
    const event = { type: "reaction_added", user: dana };
    expect(await slack.emit(event, { signedAtOffsetS: -301, once: true, eventId: "Ev1" })).toMatchObject({
      status: 401,
    });
    expect(server.received).toHaveLength(1);
    expect(valid(server.received[0] ?? expect.unreachable())).toBe(false);
    expect(server.received[0]?.payload).toMatchObject({ event_id: "Ev1", event });
  });
});

describe("events", () => {
  it("echo a plain post, one under another name, and a change, each in its own form", async () => {
    const { ts } = await say({});
    await say({ username: "Dana" });
    await web.chat.update({ channel: support, ts: ts, text: "Bye" });
    await slack.settled();
    const [plain, named, changed] = server.events();
    expect(plain).toMatchObject({ type: "message", user: slack.botUserId, bot_id: slack.botId, app_id: slack.appId });
    expect(plain).not.toHaveProperty("subtype");
    expect(named).toMatchObject({ subtype: "bot_message", bot_id: slack.botId, username: "Dana" });
    expect(named).not.toHaveProperty("user");
    expect(changed).toMatchObject({ subtype: "message_changed", message: { bot_id: slack.botId, text: "Bye", ts } });
    expect(changed).not.toHaveProperty("user");
  });

  it("unfurl a link unless switched off", async () => {
    await say({ text: "https://example.com", unfurl_links: false, unfurl_media: false });
    await slack.settled();
    expect(subtypes()).toEqual(["message"]);
    await slack.post(dana, support, "see https://example.com/a");
    expect(subtypes()).toEqual(["message", "message", "message_changed"]);
    expect(last()).toMatchObject({ message: { attachments: [{ from_url: "https://example.com/a" }] } });
    expect(last()["message"]).not.toHaveProperty("edited");
  });

  it("report edits, deletions, tombstones and sometimes replies", async () => {
    const root = await slack.post(dana, support, "1");
    const replies = [];
    for (const n of ["a", "b", "c"]) replies.push(await slack.post(dana, support, n, { thread: root.ts }));
    await slack.edit(dana, support, root.ts, "2");
    await slack.remove(dana, support, replies[0]?.ts ?? "");
    await slack.remove(dana, support, root.ts);
    const [change, deletion, tombstone] = server.events().slice(-3);
    expect(subtypes().slice(0, 5)).toEqual(["message", "message", "message", "message", "message_replied"]);
    expect(change).toMatchObject({ subtype: "message_changed", message: { text: "2", edited: { user: dana } } });
    expect(change).toMatchObject({ previous_message: { text: "1" } });
    expect(deletion).toMatchObject({ subtype: "message_deleted", hidden: true, deleted_ts: replies[0]?.ts });
    expect(tombstone).toMatchObject({ subtype: "message_changed", message: { subtype: "tombstone", ts: root.ts } });
  });

  it("are not sent for channels without the bot, or without the scope", async () => {
    const other = slack.addChannel({ name: "other", members: [dana], bot: false }).id;
    await slack.post(dana, other, "Hi", { mentionsBot: true });
    slack.setScopes(["im:history"]);
    await slack.post(dana, support, "Hi");
    expect(server.events()).toEqual([]);
    await slack.post(dana, slack.dm(dana), "Hi");
    expect(server.events()).toHaveLength(1);
  });

  it("report changes of channels, members and people", async () => {
    const { id: group } = slack.usergroup({ handle: "support", members: [dana] });
    const sam = slack.addUser({ name: "Sam" }).id;
    await slack.join(sam, support);
    await slack.leave(sam, support);
    await slack.share(support);
    await slack.rename(support, "help");
    await slack.setUsergroup(group, [sam]);
    await slack.removeUser(sam);
    await slack.openHome(dana);
    const moved = await slack.moveChannel(support);
    await slack.archive(moved);
    expect(new Set(server.events().map((event) => event["type"]))).toEqual(
      new Set(
        "member_joined_channel message member_left_channel channel_shared channel_rename subteam_members_changed user_change app_home_opened channel_id_changed channel_archive".split(
          " ",
        ),
      ),
    );
    expect(server.events().find((event) => event["type"] === "channel_id_changed")).toMatchObject({
      old_channel_id: support,
      new_channel_id: moved,
    });
  });

  it("report other apps' posts like a person's, or by their name only", async () => {
    await slack.postAsApp("B777", support, "Alert");
    await slack.postAsApp("B777", support, "Alert", { username: "Alarms" });
    expect(server.events()).toMatchObject([
      { bot_id: "B777", user: "U0777" },
      { subtype: "bot_message", username: "Alarms" },
    ]);
  });
});
