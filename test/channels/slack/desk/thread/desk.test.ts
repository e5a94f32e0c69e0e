/** The Slack desk against the strict counterpart: its posts, and its behaviour when Slack fails. */
import * as fc from "fast-check";
import { afterEach, describe, expect, it, vi } from "vitest";
import { type SlackConfig, slackConfig } from "../../../../../channels/slack/config.ts";
import { slack } from "../../../../../channels/slack/index.ts";
import { SendError } from "../../../../../src/adapter/send-error.ts";
import { remoteChannelId, remoteId, type ThreadId } from "../../../../../src/domain/ids.ts";
import { card, entry, NASTY } from "../../../../support/desk-cases.ts";
import { leaving } from "../../../../support/flight.ts";
import {
  dropSharedAfterwards,
  type OpenSlackDesk,
  type OpenSlackDeskOptions,
  openDeskOnSlack,
  queueOf,
} from "../../../../support/open-slack-desk.ts";
import { liveParts } from "../../../../support/slack/live.ts";
import { type Receiver, startReceiver } from "../../../../support/slack/receiver.ts";

dropSharedAfterwards();

const KIM = { id: "U012KIM", name: "Kim" };
const { signal } = new AbortController();
let serial = 0;
const options = () => ({ key: `part-${++serial}`, signal, leaving });

const open: OpenSlackDesk[] = [];
afterEach(async () => {
  for (const one of open.splice(0)) await one[Symbol.asyncDispose]();
});

interface Office extends OpenSlackDesk {
  support: string;
  /** Kim, who works in #support. */
  kim: string;
}

/** Opens a desk with the queue support, synced, and Kim in its channel. */
async function office(o: OpenSlackDeskOptions = {}): Promise<Office> {
  const opened = await openDeskOnSlack(o);
  open.push(opened);
  const kim = opened.slack.addUser({ name: "Kim" }).id;
  const support = opened.slack.addChannel({ name: "support", members: [kim] }).id;
  await opened.sync();
  return Object.assign(opened, { support, kim });
}

const tsOf = (thread: ThreadId): string => thread.split(":")[1] ?? expect.unreachable();
const texts = ({ slack, support }: Office, thread: ThreadId): string[] =>
  slack.messages(support, { thread: tsOf(thread) }).map(({ text }) => text);

/** Parses everything that Slack sent. */
const heardBy = ({ received }: Receiver, contentType: string, config: SlackConfig) =>
  received.flatMap(({ body }) => slack.parse({ body: Buffer.from(body), contentType, receivedAt: new Date() }, config));

describe("a card", () => {
  it("starts a thread in its queue's channel, and is updated in place", async () => {
    const at = await office();
    const thread = await at.desk.card(null, card(), options());
    expect(thread).toBe(`${at.support}:${at.slack.messages(at.support)[0]?.ts}`);
    await expect(at.desk.card(thread, card({ status: "with us", holder: KIM }), options())).resolves.toBe(thread);
    const [root, ...more] = at.slack.messages(at.support);
    expect(more).toEqual([]);
    expect(root?.text).toContain("held by Kim");
    expect(at.slack.violations).toEqual([]);
  });

  it("that can't be updated is posted again, and the case continues in the new thread", async () => {
    const at = await office();
    const thread = await at.desk.card(null, card(), options());
    for (const error of ["message_not_found", "cant_update_message", "edit_window_closed"]) {
      at.slack.fault("chat.update", { error });
      const anew = await at.desk.card(thread, card(), options());
      expect(anew).not.toBe(thread);
    }
    expect(at.slack.messages(at.support)).toHaveLength(4);
  });

  it("moves to the channel of its new queue, and the old card loses its buttons", async () => {
    const at = await office({ queues: [queueOf("support"), queueOf("billing")] });
    const billing = at.slack.addChannel({ name: "billing", members: [] }).id;
    await at.sync();
    const thread = await at.desk.card(null, card(), options());
    const moved = await at.desk.card(thread, card({ queue: "billing" }), options());
    expect(moved.startsWith(`${billing}:`)).toBe(true);
    expect(at.slack.messages(billing)[0]?.text).toContain("in Billing");
    const [left] = at.slack.messages(at.support);
    expect(left?.text).toBe("Dana · sms: Moved to Billing");
    expect(left?.blocks?.some(({ type }) => type === "actions")).toBe(false);
    expect(at.slack.violations).toEqual([]);
  });

  it("waits for a queue without a channel, with the fix in the error", async () => {
    const at = await office({ queues: [queueOf("billing")] });
    await expect(at.desk.card(null, card({ queue: "billing" }), options())).rejects.toMatchObject({
      outcome: "not-sent",
      retry: { afterMs: expect.any(Number) },
      message: "The queue “billing”: there is no Slack channel “#billing”, or the bot is not in it: invite it",
    });
  });

  it.each([
    [
      "shared with another organisation",
      (at: Office, id: string) => at.slack.share(id),
      "shared with another organisation",
    ],
    ["archived", (at: Office, id: string) => at.slack.archive(id), "archived"],
  ])("is shown in the default queue's channel if its own is %s, and an error is logged", async (_, spoil, why) => {
    const at = await office({ queues: [queueOf("support"), queueOf("billing")] });
    const billing = at.slack.addChannel({ name: "billing", members: [at.kim] }).id;
    await spoil(at, billing);
    await at.sync();
    const thread = await at.desk.card(null, card({ queue: "billing" }), options());
    expect(thread.startsWith(`${at.support}:`)).toBe(true);
    expect(at.slack.messages(at.support)[0]?.text).toContain("in Billing");
    expect(at.slack.messages(billing).filter(({ bot_id }) => bot_id !== undefined)).toEqual([]);
    expect(JSON.stringify(at.logged)).toContain(why);
  });

  it("is not shown elsewhere without a default queue", async () => {
    const at = await office({ queues: [queueOf("support"), queueOf("billing")], noDefault: true });
    await at.slack.share(at.slack.addChannel({ name: "billing", members: [] }).id);
    await at.sync();
    const failed = at.desk.card(null, card({ queue: "billing" }), options());
    await expect(failed).rejects.toMatchObject({ outcome: "not-sent", retry: { afterMs: expect.any(Number) } });
  });

  it("waits if the default queue has no place either", async () => {
    const at = await office({ queues: [queueOf("support"), queueOf("billing")] });
    await at.slack.archive(at.slack.addChannel({ name: "billing" }).id);
    await at.slack.share(at.support);
    await at.sync();
    await expect(at.desk.card(null, card({ queue: "billing" }), options())).rejects.toMatchObject({
      outcome: "not-sent",
      message: expect.stringContaining("it is archived"),
    });
    expect(at.slack.calls.filter(({ method }) => method === "chat.postMessage")).toEqual([]);
  });

  it("goes to another place if its channel is archived at this moment", async () => {
    const at = await office({ queues: [queueOf("support"), queueOf("billing")] });
    const billing = at.slack.addChannel({ name: "billing", members: [at.kim] }).id;
    await at.sync();
    await at.slack.archive(billing);
    const o = options();
    const first = at.desk.card(null, card({ queue: "billing" }), o);
    await expect(first).rejects.toMatchObject({ outcome: "not-sent", retry: { afterMs: expect.any(Number) } });
    const thread = await at.desk.card(null, card({ queue: "billing" }), o);
    expect(thread.startsWith(`${at.support}:`)).toBe(true);
  });

  it("SL8: is posted once if its channel gets a new id", async () => {
    const at = await office();
    await at.desk.card(null, card(), options());
    const now = await at.slack.moveChannel(at.support);
    const o = options();
    await expect(at.desk.card(null, card({ conversation: 13 }), o)).rejects.toMatchObject({ outcome: "not-sent" });
    await at.store.movePlace(remoteChannelId(at.support), remoteChannelId(now));
    const thread = await at.desk.card(null, card({ conversation: 13 }), o);
    expect(thread.startsWith(`${now}:`)).toBe(true);
    expect(at.slack.messages(now)).toHaveLength(2);
  });
});

describe("entries", () => {
  it("are posted in the case's thread, in order, under the customer's name", async () => {
    const at = await office();
    const thread = await at.desk.card(null, card(), options());
    await at.desk.post(thread, [entry({ text: "one" })], options());
    await at.desk.post(thread, [entry({ kind: "note", author: "Kim", text: "two", internal: true })], options());
    const [, one, two] = at.slack.messages(at.support, { thread: tsOf(thread) });
    expect(one).toMatchObject({ text: "one", username: "Dana · sms" });
    expect(two).toMatchObject({ text: "🔒 Kim · note, stays inside: two" });
    expect(at.slack.violations).toEqual([]);
  });

  it("never carry the name of somebody in the workspace", async () => {
    const at = await office();
    const thread = await at.desk.card(null, card(), options());
    await at.desk.post(thread, [entry({ author: "  KIM " })], options());
    expect(at.slack.messages(at.support).at(-1)).toMatchObject({ username: "KIM (customer) · sms" });
  });

  it("are marked as a customer's if Slack does not list the users", async () => {
    const at = await office();
    const thread = await at.desk.card(null, card(), options());
    at.slack.fault("users.list", { error: "ratelimited", times: 10 });
    await at.desk.post(thread, [entry()], options());
    expect(at.slack.messages(at.support).at(-1)).toMatchObject({ username: "Dana (customer) · sms" });
  });

  it("are posted by the app, under a line with the customer's name, if so configured", async () => {
    const at = await office({ mirror: "line" });
    const thread = await at.desk.card(null, card(), options());
    await at.desk.post(thread, [entry()], options());
    const shown = at.slack.messages(at.support).at(-1);
    expect(shown?.username).toBeUndefined();
    expect(shown?.text).toBe("Dana · sms: Where is my parcel?");
  });

  it("of several posts continue after the last one that was posted, with nothing twice", async () => {
    const at = await office();
    const thread = await at.desk.card(null, card(), options());
    const text = Array.from({ length: 2_000 }, (_, n) => `w${n}.`).join(" ");
    const o = options();
    at.slack.fault("chat.postMessage", { drop: "after" });
    await expect(at.desk.post(thread, [entry({ text })], o)).rejects.toMatchObject({ outcome: "unknown" });
    await expect(at.desk.reconcile?.(thread, o.key, { agoMs: 5_000, file: null, signal })).resolves.toBe("not-sent");
    const last = await (await at.another()).post(thread, [entry({ text })], o);
    const posts = texts(at, thread).slice(1);
    expect(
      posts
        .join(" ")
        .match(/w\d+\./g)
        ?.map((word) => Number(word.slice(1, -1))),
    ).toEqual(Array.from({ length: 2_000 }, (_, n) => n));
    await expect(at.desk.reconcile?.(thread, o.key, { agoMs: 5_000, file: null, signal })).resolves.toBe(last);
    expect(last).toBe(`${at.support}:${at.slack.messages(at.support).at(-1)?.ts}`);
  });

  it("wait while the channel is archived, or the bot was removed from it", async () => {
    const at = await office();
    const thread = await at.desk.card(null, card(), options());
    await at.slack.leave(at.slack.botUserId, at.support);
    const left = at.desk.post(thread, [entry()], options());
    await expect(left).rejects.toMatchObject({ outcome: "not-sent", retry: { afterMs: 60_000 } });
    await at.slack.join(at.slack.botUserId, at.support);
    await at.slack.archive(at.support);
    const archived = at.desk.post(thread, [entry()], options());
    await expect(archived).rejects.toMatchObject({
      outcome: "not-sent",
      retry: { afterMs: 60_000 },
      code: "is_archived",
    });
  });

  it("are sent as plain text if Slack refuses their blocks, which is logged without the text", async () => {
    const at = await office();
    const thread = await at.desk.card(null, card(), options());
    at.slack.fault("chat.postMessage", { error: "invalid_blocks" });
    await at.desk.post(thread, [entry({ text: "a secret of Dana's" })], options());
    expect(at.slack.messages(at.support).at(-1)).toMatchObject({ text: "a secret of Dana's" });
    expect(JSON.stringify(at.logged)).toContain("invalid_blocks");
    expect(JSON.stringify(at.logged)).not.toContain("secret");
  });

  it("keep Slack's rate limit together with other posts in the channel", async () => {
    const at = await office({ slack: { paced: { perSecond: 1.25, burst: 3 } } });
    const thread = await at.desk.card(null, card(), options());
    for (const text of ["one", "two", "three"]) await at.desk.post(thread, [entry({ text })], options());
    expect(texts(at, thread).slice(1)).toEqual(["one", "two", "three"]);
    expect(at.slack.calls.filter(({ answer }) => JSON.stringify(answer).includes("ratelimited"))).toEqual([]);
  });
});

describe("a delivery status", () => {
  const mark = {
    conversation: 12,
    ref: "r1",
    message: "→ Dana, sms, queued",
    question: null,
    earlier: null,
    entry: null,
  };

  it("is updated in place, alone or under its words", async () => {
    const at = await office();
    const thread = await at.desk.card(null, card(), options());
    const alone = await at.desk.deliveryStatus(thread, mark, options());
    await expect(
      at.desk.deliveryStatus(thread, { ...mark, message: "→ Dana, sms, delivered", earlier: alone }, options()),
    ).resolves.toBe(alone);
    const reply = entry({ kind: "reply", author: "Kim", text: "It comes tomorrow.", ref: "r2" });
    const words = await at.desk.post(thread, [reply], options());
    await at.desk.deliveryStatus(thread, { ...mark, ref: "r2", earlier: words, entry: reply }, options());
    expect(texts(at, thread).slice(1)).toEqual([
      "→ Dana, sms, delivered",
      "Kim replied to the customer: It comes tomorrow.\n→ Dana, sms, queued",
    ]);
    expect(at.slack.violations).toEqual([]);
  });

  it("that can't be updated is posted again", async () => {
    const at = await office();
    const thread = await at.desk.card(null, card(), options());
    const earlier = remoteId(`${at.support}:1700000000.000001`);
    await at.desk.deliveryStatus(thread, { ...mark, earlier }, options());
    expect(texts(at, thread).slice(1)).toEqual(["→ Dana, sms, queued"]);
  });

  it("with a question has two buttons, which are parsed as its answers", async () => {
    const at = await office();
    const thread = await at.desk.card(null, card(), options());
    const shown = await at.desk.deliveryStatus(thread, { ...mark, question: "on_hold" }, options());
    const config = slackConfig.parse({ bot_token: at.slack.botToken, signing_secret: at.slack.signingSecret });
    await using receiver = await startReceiver();
    at.slack.deliverTo(receiver.url);
    const ts = shown.split(":")[1] ?? expect.unreachable();
    for (const what of ["Send to customer", "Keep inside"]) await at.slack.click(at.kim, at.support, ts, what);
    const commands = heardBy(receiver, "application/x-www-form-urlencoded", config).flatMap((item) =>
      item.kind === "action" ? [{ conversation: item.conversation, command: item.command }] : [],
    );
    expect(commands).toEqual([
      { conversation: 12, command: { kind: "send_held", ref: "r1" } },
      { conversation: 12, command: { kind: "keep_held", ref: "r1" } },
    ]);
  });
});

describe("files", () => {
  const bytes = new TextEncoder().encode("a picture");
  const file = { id: 5, name: "photo.jpg", mediaType: "image/jpeg", bytes: bytes.length, token: "t" };
  const shown = { file, author: "Dana", kind: "customer", url: null, content: async () => bytes } as const;

  it("are uploaded to the thread, with their sender in the title", async () => {
    const at = await office();
    const thread = await at.desk.card(null, card(), options());
    const id = await at.desk.file(thread, shown, options());
    await at.slack.settled();
    const [shared] = at.slack.messages(at.support, { thread: tsOf(thread) }).slice(1);
    expect(shared?.files).toMatchObject([
      { id, name: "photo.jpg", title: "photo.jpg · from Dana", size: bytes.length },
    ]);
    expect(at.slack.violations).toEqual([]);
  });

  it("that are too large are named, with their address", async () => {
    const at = await office();
    const thread = await at.desk.card(null, card(), options());
    const large = {
      ...shown,
      file: { ...file, bytes: 30 * 1024 * 1024 },
      url: "https://desk.example/files/t/photo.jpg",
    };
    await at.desk.file(thread, large, options());
    await at.desk.file(thread, { ...large, url: null }, options());
    expect(texts(at, thread).slice(1)).toEqual([
      "📎 photo.jpg · from Dana: 30 MB, too large to be shown in Slack. Open it here: https://desk.example/files/t/photo.jpg",
      "📎 photo.jpg · from Dana: 30 MB, too large to be shown in Slack. It is stored, but has no address: set PUBLIC_URL.",
    ]);
    expect(at.slack.violations).toEqual([]);
  });

  it("whose answer was lost are found by their name and size, also by another process", async () => {
    const at = await office();
    const thread = await at.desk.card(null, card(), options());
    const o = options();
    const since = new Date();
    at.slack.fault("files.completeUploadExternal", { drop: "after" });
    await expect(at.desk.file(thread, shown, o)).rejects.toMatchObject({ outcome: "unknown" });
    await at.slack.settled();
    const asked = { agoMs: Date.now() - since.getTime(), file: shown.file, signal };
    await expect((await at.another()).reconcile?.(thread, o.key, asked)).resolves.toMatch(/^F/);
  });

  it("that can't be read from the database are tried again", async () => {
    const at = await office();
    const thread = await at.desk.card(null, card(), options());
    const unreadable = { ...shown, content: () => Promise.reject(new Error("no such file")) };
    const failed = at.desk.file(thread, unreadable, options());
    await expect(failed).rejects.toMatchObject({ outcome: "not-sent", retry: { afterMs: expect.any(Number) } });
  });
});

describe("a hint", () => {
  it("is shown to one operator, in the case's thread", async () => {
    const at = await office();
    const thread = await at.desk.card(null, card(), options());
    const alex = at.slack.addUser({ name: "Alex" }).id;
    await at.desk.hint(thread, { ...options(), operator: at.kim, text: "Kept inside: <!here> nobody has claimed it." });
    expect(at.slack.ephemerals(at.kim)).toMatchObject([{ channel: at.support, thread_ts: tsOf(thread) }]);
    expect(at.slack.ephemerals(alex)).toEqual([]);
    expect(texts(at, thread)).toHaveLength(1);
    const call = at.slack.calls.find(({ method }) => method === "chat.postEphemeral");
    expect(liveParts(call?.arguments)).toEqual([]);
    expect(at.slack.violations).toEqual([]);
  });

  it("to somebody who is not in Slack fails for good", async () => {
    const at = await office();
    const thread = await at.desk.card(null, card(), options());
    const failed = at.desk.hint(thread, { ...options(), operator: "frontdesk", text: "hm" });
    await expect(failed).rejects.toMatchObject({ outcome: "not-sent", retry: "never" });
  });
});

describe("the desk", () => {
  it("SL2: parses none of its own posts and updates as inbound", async () => {
    const at = await office();
    await using receiver = await startReceiver();
    at.slack.deliverTo(receiver.url);
    const thread = await at.desk.card(null, card(), options());
    const posted = await at.desk.post(thread, [entry()], options());
    await at.desk.post(thread, [entry({ kind: "bot", author: "Frontdesk" })], options());
    await at.desk.card(thread, card({ status: "with us", holder: KIM }), options());
    await at.desk.deliveryStatus(
      thread,
      { conversation: 12, ref: "r", message: "→ Dana", question: null, earlier: posted, entry: entry() },
      options(),
    );
    await at.slack.settled();
    const config = slackConfig.parse({ bot_token: at.slack.botToken, signing_secret: at.slack.signingSecret });
    const items = heardBy(receiver, "application/json", config);
    expect(items.length).toBeGreaterThanOrEqual(5);
    expect(items.filter(({ kind }) => kind !== "ignored")).toEqual([]);
  });

  it("SL4: makes no link or mention of text from outside, in blocks or fallback text", async () => {
    const at = await office({ queues: [queueOf("support"), queueOf("billing")] });
    at.slack.addChannel({ name: "billing" });
    await at.sync();
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...NASTY),
        fc.constantFrom(...NASTY),
        fc.boolean(),
        async (name, text, degraded) => {
          const one = card({
            customer: name,
            reason: text,
            summary: text,
            facts: [{ label: name, value: text }],
            tags: [text],
          });
          const thread = await at.desk.card(null, one, options());
          if (degraded) at.slack.fault("chat.postMessage", { error: "invalid_blocks" });
          await at.desk.post(thread, [entry({ author: name, text, files: [name] })], options());
          await at.desk.deliveryStatus(
            thread,
            { conversation: 12, ref: "r", message: text, question: "on_hold", earlier: null, entry: null },
            options(),
          );
          await at.desk.card(thread, { ...one, queue: "billing" }, options());
        },
      ),
      { numRuns: 25 },
    );
    const written = at.slack.calls.filter(({ method }) => method.startsWith("chat."));
    expect(written.length).toBeGreaterThan(100);
    expect(written.flatMap((call) => liveParts(call.arguments))).toEqual([]);
    for (const { method, arguments: given } of written) {
      expect(given).toMatchObject({ parse: "none" });
      expect(given).not.toHaveProperty("link_names");
      if (method === "chat.postMessage") expect(given).toMatchObject({ unfurl_links: "false", unfurl_media: "false" });
    }
    expect(at.slack.violations.filter((one) => !one.includes("invalid_blocks"))).toEqual([]);
  });

  it("throws SendError if Slack is down, certain only if nothing was sent", async () => {
    const at = await office();
    const thread = await at.desk.card(null, card(), options());
    at.slack.down(true);
    const o = options();
    await expect(at.desk.post(thread, [entry()], o)).rejects.toMatchObject({ name: "SendError", outcome: "not-sent" });
    await expect(at.desk.reconcile?.(thread, o.key, { agoMs: 5_000, file: null, signal })).resolves.toBe("unknown");
    at.slack.down(false);
    const lost = options();
    at.slack.fault("chat.postMessage", { drop: "before" });
    const since = new Date();
    await expect(at.desk.post(thread, [entry()], lost)).rejects.toBeInstanceOf(SendError);
    await expect(
      at.desk.reconcile?.(thread, lost.key, { agoMs: Date.now() - since.getTime(), file: null, signal }),
    ).resolves.toBe("not-sent");
  });

  // E6
  it("finds a part by Slack's clock, whatever ours says", async () => {
    const at = await office();
    const thread = await at.desk.card(null, card(), options());
    const o = options();
    const id = await at.desk.post(thread, [entry()], o);
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 3_600_000 });
    try {
      await expect(at.desk.reconcile?.(thread, o.key, { agoMs: 5_000, file: null, signal })).resolves.toBe(id);
    } finally {
      vi.useRealTimers();
    }
  });

  // E2
  it("asks once more where a part may not be visible yet", async () => {
    const at = await office();
    const thread = await at.desk.card(null, card(), options());
    const o = options();
    const listed = at.slack.calls.length;
    const asked = at.desk.reconcile?.(thread, o.key, { agoMs: 0, file: null, signal });
    const methods = () => at.slack.calls.slice(listed).map(({ method }) => method);
    await vi.waitUntil(() => methods().includes("conversations.history"));
    const id = await at.desk.post(thread, [entry()], o);
    await expect(asked).resolves.toBe(id);
  });

  it("finds a part whose answer was lost: a card, a moved card, and an entry", async () => {
    const at = await office({ queues: [queueOf("support"), queueOf("billing")] });
    const billing = at.slack.addChannel({ name: "billing" }).id;
    await at.sync();
    const since = new Date();
    const [first, second, moved] = [options(), options(), options()];
    at.slack.fault("chat.postMessage", { drop: "after" });
    await expect(at.desk.card(null, card(), first)).rejects.toMatchObject({ outcome: "unknown" });
    const thread = (await at.desk.reconcile?.(null, first.key, {
      agoMs: Date.now() - since.getTime(),
      file: null,
      signal,
    })) as ThreadId;
    expect(thread).toBe(`${at.support}:${at.slack.messages(at.support)[0]?.ts}`);
    at.slack.fault("chat.postMessage", { drop: "after" });
    await expect(at.desk.post(thread, [entry()], second)).rejects.toMatchObject({ outcome: "unknown" });
    const found = await at.desk.reconcile?.(thread, second.key, {
      agoMs: Date.now() - since.getTime(),
      file: null,
      signal,
    });
    expect(found).toBe(`${at.support}:${at.slack.messages(at.support).at(-1)?.ts}`);
    at.slack.fault("chat.postMessage", { drop: "after" });
    await expect(at.desk.card(thread, card({ queue: "billing" }), moved)).rejects.toMatchObject({ outcome: "unknown" });
    const elsewhere = await at.desk.reconcile?.(thread, moved.key, {
      agoMs: Date.now() - since.getTime(),
      file: null,
      signal,
    });
    expect(elsewhere).toBe(`${billing}:${at.slack.messages(billing).at(-1)?.ts}`);
  });
});
