/** Our counterpart compared with a third-party emulation (npm `emulate`): both answer alike. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { WebClient } from "@slack/web-api";
import { createEmulator, type Emulator } from "emulate";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type Setting, startSetting } from "./setting.ts";
import { clientOf, postMessage, quietOptions } from "./web.ts";

const BOT_TOKEN = "xoxb-local-test";

let theirs: Emulator;
let ours: Setting;
/** Starts both, with a channel "support" and a person Dana in each, and the same client. */
let both: { web: WebClient; channel: string; user: string }[];

beforeAll(async () => {
  ours = await startSetting();
  const seed = {
    users: [{ name: "bot" }, { name: "dana", real_name: "Dana Diaz", email: "dana@example.com" }],
    channels: [{ name: "support" }],
    tokens: [{ token: BOT_TOKEN, user: "bot" }],
  };
  theirs = await createEmulator({ service: "slack", port: await freePort(), seed: { slack: seed } });
  const web = new WebClient(BOT_TOKEN, { ...quietOptions(ours.slack), slackApiUrl: `${theirs.url}/api/` });
  const channels = (await web.conversations.list({ types: "public_channel" })).channels ?? [];
  const people = (await web.users.list({})).members ?? [];
  const channel = channels.find((one) => one.name === "support")?.id ?? expect.unreachable();
  const user = people.find((one) => one.name === "dana")?.id ?? expect.unreachable();
  both = [
    { web, channel, user },
    { web: clientOf(ours.slack), channel: ours.support, user: ours.dana },
  ];
});
afterAll(async () => {
  await theirs.close();
  await ours[Symbol.asyncDispose]();
});

type Side = (typeof both)[number];

/** Returns the answer of each, reduced by `look`, or the code of its refusal. */
const answers = (look: (side: Side) => Promise<unknown>): Promise<unknown[]> =>
  Promise.all(
    both.map((side) => look(side).catch((error: { data?: { error: string } }) => error.data?.error ?? error)),
  );

async function alike(look: (side: Side) => Promise<unknown>, expected: unknown): Promise<void> {
  expect(await answers(look)).toEqual([expected, expected]);
}

it("both store a post and its reply, and list them", async () => {
  await alike(
    async ({ web, channel }) => {
      const { ts } = await postMessage(web, { channel, text: "Hello & <https://example.com|more>" });
      const reply = await postMessage(web, { channel, thread_ts: ts, text: "Reply" });
      const thread = (await web.conversations.replies({ channel, ts })).messages ?? [];
      const top = (await web.conversations.history({ channel })).messages ?? [];
      const inOrder = reply.ts > ts && /^\d{10}\.\d{6}$/.test(ts);
      const parents = thread.map((one) => (one.thread_ts === ts ? "in thread" : "at the top")).slice(1);
      return { inOrder, thread: thread.map((one) => one.text), parents, top: top.map((one) => one.text) };
    },
    {
      inOrder: true,
      thread: ["Hello & <https://example.com|more>", "Reply"],
      parents: ["in thread"],
      top: ["Hello & <https://example.com|more>"],
    },
  );
});

it("both change and delete a message, once", async () => {
  await alike(
    async ({ web, channel }) => {
      const { ts } = await postMessage(web, { channel, text: "One" });
      const { text } = await web.chat.update({ channel, ts, text: "Two" });
      const deleted = await web.chat.delete({ channel, ts });
      const again = await web.chat
        .delete({ channel, ts })
        .catch((error: { data: { error: string } }) => error.data.error);
      return { text, same: deleted.ts === ts, again };
    },
    { text: "Two", same: true, again: "message_not_found" },
  );
});

const person = async ({ web, user }: Side) => {
  const found = (await web.users.info({ user })).user;
  return { id: found?.id === user, real: found?.real_name, bot: found?.is_bot, deleted: found?.deleted };
};
const about = async ({ web, channel, user }: Side) => {
  const info = (await web.conversations.info({ channel })).channel;
  const { members } = await web.conversations.members({ channel });
  return { name: info?.name, private: info?.is_private, archived: info?.is_archived, in: members?.includes(user) };
};
const dm = async ({ web, user }: Side) => (await web.conversations.open({ users: user })).channel?.id?.[0];

it("both list people, channels and members", async () => {
  await alike(person, { id: true, real: "Dana Diaz", bot: false, deleted: false });
  await alike(about, { name: "support", private: false, archived: false, in: true });
  await alike(dm, "D");
});

it("both refuse alike", async () => {
  await alike(({ web }) => postMessage(web, { channel: "C404", text: "Hello" }), "channel_not_found");
  await alike(({ web, channel }) => postMessage(web, { channel, text: "" }), "no_text");
  await alike(
    ({ web, channel }) => web.chat.update({ channel, ts: "1700000000.000100", text: "x" }),
    "message_not_found",
  );
  await alike(({ web }) => web.users.info({ user: "U404" }), "user_not_found");
  await alike(({ web }) => web.conversations.info({ channel: "C404" }), "channel_not_found");
});

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const { port } = server.address() as AddressInfo;
  await new Promise((closed) => server.close(closed));
  return port;
}
