/** The Web API of the Slack counterpart, called by Slack's own client. */
import type { KnownBlock } from "@slack/types";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { SlackOptions } from "./counterpart.ts";
import { type Setting, startSetting } from "./setting.ts";
import { clientOf, postMessage } from "./web.ts";

let setting: Setting;
let { slack, web, dana, support } = {} as Setting;

async function start(o: SlackOptions = {}): Promise<void> {
  setting = await startSetting(o);
  ({ slack, web, dana, support } = setting);
}
/** The same with other options. */
async function restart(o: SlackOptions): Promise<void> {
  await setting[Symbol.asyncDispose]();
  await start(o);
}

beforeEach(() => start());
afterEach(() => setting[Symbol.asyncDispose]());

/** Returns Slack's error code of a refused call. */
async function refusal(call: Promise<unknown>): Promise<Record<string, unknown>> {
  const error = (await call.then(
    () => expect.fail("was not refused"),
    (one: unknown) => one,
  )) as Error & { data?: Record<string, unknown> };
  return error.data ?? { error: error.message };
}

const say = (o: Record<string, unknown>) => postMessage(web, { channel: support, text: "Hello", ...o });
const plain = (text: string) => ({ type: "plain_text" as const, text });
describe("authorization", () => {
  it("returns the installation, and its scopes in a header", async () => {
    const answer = await web.auth.test();
    expect(answer).toMatchObject({ team_id: slack.teamId, user_id: slack.botUserId, bot_id: slack.botId });
    expect(answer.response_metadata?.scopes).toContain("chat:write");
  });

  it.each([
    ["another token", () => clientOf(slack, "xoxb-other").auth.test(), "invalid_auth"],
    ["no token", () => clientOf(slack, "").auth.test(), "not_authed"],
    ["the app's token", () => clientOf(slack, slack.appToken).auth.test(), "not_allowed_token_type"],
    ["the bot's token for a connection", () => web.apps.connections.open(), "not_allowed_token_type"],
    ["an unknown method", () => web.apiCall("chat.shout"), "unknown_method"],
  ])("refuses %s", async (_, call, error) => {
    expect(await refusal(call())).toMatchObject({ error });
  });

  it("refuses a revoked token", async () => {
    slack.revoke(true);
    expect(await refusal(say({}))).toMatchObject({ error: "token_revoked" });
  });

  it("names the missing scope", async () => {
    await restart({ scopes: ["chat:write"] });
    expect(await refusal(say({ username: "Dana" }))).toMatchObject({
      needed: "chat:write.customize",
      provided: "chat:write",
    });
    expect(await refusal(web.conversations.info({ channel: support }))).toMatchObject({ needed: "channels:read" });
  });
});

describe("posting", () => {
  it("stores a message and a reply with its metadata", async () => {
    const { ts } = await say({});
    const metadata = { event_type: "frontdesk_part", event_payload: { key: "k1" } };
    await say({ thread_ts: ts, text: "Reply", metadata });
    expect(slack.messages(support, { thread: ts }).map((one) => one.text)).toEqual(["Hello", "Reply"]);
    const thread = { channel: support, ts: ts };
    const [, reply] = (await web.conversations.replies({ ...thread, include_all_metadata: true })).messages ?? [];
    expect(reply?.metadata).toEqual(metadata);
    expect((await web.conversations.replies(thread)).messages?.[1]?.metadata).toBeUndefined();
  });

  const section = (text: string): KnownBlock => ({ type: "section", text: plain(text) });
  it.each<[string, Record<string, unknown>, string]>([
    ["an empty message", { text: "" }, "no_text"],
    ["an unknown block", { blocks: [{ type: "nonsense" }] }, "invalid_blocks"],
    ["51 blocks", { blocks: Array.from({ length: 51 }, () => section("x")) }, "invalid_blocks"],
    [
      "a long label",
      { blocks: [{ type: "actions", elements: [{ type: "button", text: plain("x".repeat(76)) }] }] },
      "invalid_blocks",
    ],
    ["an empty text", { blocks: [section("")] }, "invalid_blocks"],
    ["an empty mrkdwn text", { blocks: [{ type: "section", text: { type: "mrkdwn", text: "" } }] }, "invalid_blocks"],
    ["a header in mrkdwn", { blocks: [{ type: "header", text: { type: "mrkdwn", text: "x" } }] }, "invalid_blocks"],
    [
      "26 buttons",
      {
        blocks: [
          {
            type: "actions",
            elements: Array.from({ length: 26 }, (_, n) => ({ type: "button", action_id: `${n}`, text: plain("x") })),
          },
        ],
      },
      "invalid_blocks",
    ],
    [
      "a block id twice",
      {
        blocks: [
          { ...section("a"), block_id: "x" },
          { ...section("b"), block_id: "x" },
        ],
      },
      "invalid_blocks",
    ],
    [
      "too much Markdown in all",
      { blocks: Array.from({ length: 2 }, () => ({ type: "markdown", text: "x".repeat(6_001) })) },
      "msg_blocks_too_long",
    ],
    ["Markdown beside text", { markdown_text: "x" }, "markdown_text_conflict"],
    ["metadata without a payload", { metadata: { event_type: "x" } }, "invalid_metadata_format"],
  ])("refuses %s, and records it", async (_, change, error) => {
    expect(await refusal(say(change))).toMatchObject({ error });
    expect(slack.violations).toHaveLength(1);
    expect(slack.messages(support)).toEqual([]);
  });

  it("locates the fault in the blocks", async () => {
    const answer = await refusal(say({ blocks: [section("x"), section("x".repeat(3_001))] }));
    expect(answer["response_metadata"]).toMatchObject({
      messages: [expect.stringContaining("/blocks/1/text/text"), expect.anything()],
    });
  });

  it("records unknown arguments, blocks without text, and text that would be cut", async () => {
    await say({ colour: "red" });
    await say({ text: undefined, blocks: [section("x")] });
    await say({ text: "x".repeat(40_001) });
    expect(slack.violations).toEqual([
      expect.stringContaining('"colour"'),
      expect.stringContaining("blocks without text"),
      expect.stringContaining("truncated"),
    ]);
    expect(slack.messages(support).at(-1)?.text).toHaveLength(40_000);
  });

  it("refuses channels that the bot can't see", async () => {
    const [empty, hidden] = [
      slack.addChannel({ name: "a", bot: false }),
      slack.addChannel({ name: "b", private: true, bot: false }),
    ];
    expect(await refusal(say({ channel: "C404" }))).toMatchObject({ error: "channel_not_found" });
    expect(await refusal(say({ channel: empty.id }))).toMatchObject({ error: "not_in_channel" });
    expect(await refusal(say({ channel: hidden.id }))).toMatchObject({ error: "channel_not_found" });
    await web.conversations.join({ channel: empty.id });
    await say({ channel: empty.id });
    await slack.archive(empty.id);
    expect(await refusal(say({ channel: empty.id }))).toMatchObject({ error: "is_archived" });
  });

  it("does not know a channel's old id, and has its messages under the new one", async () => {
    const { ts } = await say({});
    const moved = await slack.moveChannel(support);
    expect(await refusal(say({}))).toMatchObject({ error: "channel_not_found" });
    await say({ channel: moved, thread_ts: ts });
    expect(slack.messages(moved)).toHaveLength(2);
  });

  it("requires a thread's parent", async () => {
    const { ts } = await say({});
    const reply = await say({ thread_ts: ts });
    await say({ thread_ts: reply.ts });
    expect(slack.violations).toEqual([expect.stringContaining("a reply's ts")]);
    expect(await refusal(say({ thread_ts: "1700000000.000100" }))).toMatchObject({ error: "thread_not_found" });
    expect(await refusal(say({ thread_ts: "yesterday" }))).toMatchObject({ error: "invalid_thread_ts" });
  });

  it("answers 429 beyond a burst, for that channel only", async () => {
    await restart({ paced: { perSecond: 0.5, burst: 2 } });
    await say({});
    await say({});
    expect(await refusal(say({}))).toMatchObject({ error: expect.stringContaining("rate-limit") });
    await say({ channel: slack.dm(dana) });
    expect(slack.messages(support)).toHaveLength(2);
  });
});

describe("changing and deleting", () => {
  it("removes the blocks if only text is given, and refuses long text, others' messages, and missing ones", async () => {
    const { ts } = await say({ blocks: [{ type: "divider" }] });
    await web.chat.update({ channel: support, ts: ts, text: "Bye", parse: "none" });
    expect(slack.messages(support)[0]).not.toHaveProperty("blocks");
    const update = (o: { ts: string; text: string }) => refusal(web.chat.update({ channel: support, ...o }));
    const hers = await slack.post(dana, support, "Hi");
    expect(await update({ ts: ts, text: "x".repeat(4_001) })).toMatchObject({ error: "msg_too_long" });
    expect(await update({ ts: hers.ts, text: "x" })).toMatchObject({ error: "cant_update_message" });
    expect(await update({ ts: "1700000000.000100", text: "x" })).toMatchObject({ error: "message_not_found" });
  });

  it("deletes the bot's own messages, but not those under another name", async () => {
    const own = await say({});
    const named = await say({ username: "Dana" });
    await web.chat.delete({ channel: support, ts: own.ts });
    expect(await refusal(web.chat.delete({ channel: support, ts: named.ts }))).toMatchObject({
      error: "cant_delete_message",
    });
  });

  it("shows an ephemeral message to one person, who must be there", async () => {
    const stranger = slack.addUser({ name: "Sam" }).id;
    await web.chat.postEphemeral({ channel: support, user: dana, text: "Psst" });
    expect(slack.ephemerals(dana)).toMatchObject([{ channel: support, thread_ts: null, text: "Psst" }]);
    const call = web.chat.postEphemeral({ channel: support, user: stranger, text: "Psst" });
    expect(await refusal(call)).toMatchObject({ error: "user_not_in_channel" });
  });
});

describe("reading", () => {
  it("returns lists in small pages", async () => {
    const names = Array.from({ length: 7 }, (_, n) => `c${n}`);
    for (const name of names) slack.addChannel({ name });
    const pages = [];
    for await (const page of web.paginate("conversations.list", {
      types: "public_channel,private_channel",
      limit: 200,
    })) {
      pages.push((page as { channels?: { name: string }[] }).channels ?? []);
    }
    expect(pages.map((page) => page.length)).toEqual([5, 3]);
    expect(pages.flat().map((one) => one.name)).toEqual(["support", ...names]);
  });

  it("returns history newest first and without replies, from a time on", async () => {
    const first = await slack.post(dana, support, "1");
    await slack.post(dana, support, "1.1", { thread: first.ts });
    await slack.post(dana, support, "2");
    const all = await web.conversations.history({ channel: support });
    expect(all.messages?.map((one) => one.text)).toEqual(["2", "1"]);
    const since = await web.conversations.history({ channel: support, oldest: first.ts });
    expect(since.messages?.map((one) => one.text)).toEqual(["2"]);
  });

  it("shows people, those of another workspace without a locale, e-mail only with its scope", async () => {
    const guest = slack.addUser({ name: "Gil", external: true }).id;
    const own = await web.users.info({ user: dana, include_locale: true });
    expect(own.user).toMatchObject({ team_id: slack.teamId, locale: "de-DE", profile: { email: "dana@example.com" } });
    const theirs = await web.users.info({ user: guest, include_locale: true });
    expect(theirs.user?.team_id).not.toBe(slack.teamId);
    expect(theirs.user).not.toHaveProperty("locale");
    slack.setScopes(["users:read"]);
    expect((await web.users.info({ user: dana })).user?.profile).not.toHaveProperty("email");
    expect(await refusal(web.users.info({ user: "U404" }))).toMatchObject({ error: "user_not_found" });
  });

  it("shows user groups", async () => {
    const { id } = slack.usergroup({ handle: "@support", members: [dana] });
    expect((await web.usergroups.list()).usergroups).toMatchObject([{ id, handle: "support" }]);
    expect((await web.usergroups.users.list({ usergroup: id })).users).toEqual([dana]);
  });
});
