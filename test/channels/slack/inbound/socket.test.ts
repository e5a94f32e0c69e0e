/** Socket Mode and profile lookup, against the counterpart. */
import { once } from "node:events";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { profiles } from "../../../../channels/slack/inbound/profile.ts";
import { slack } from "../../../../channels/slack/index.ts";
import { openWebClient } from "../../../../channels/slack/outbound/web-client.ts";
import type { InboundConnection } from "../../../../src/adapter/adapter.ts";
import type { Inbound, RawInbound } from "../../../../src/adapter/inbound.ts";
import { address } from "../../../../src/domain/ids.ts";
import { createLogger } from "../../../../src/lib/logger.ts";
import { type SlackCounterpart, startSlack } from "../../../support/slack/counterpart.ts";

const soon = { timeout: 8_000, interval: 5 };

let there: SlackCounterpart;
let open: InboundConnection[];

beforeEach(async () => {
  there = await startSlack();
  open = [];
});

afterEach(async () => {
  await Promise.all(open.map((one) => one.close()));
  await there[Symbol.asyncDispose]();
});

interface Listener {
  inboundConnection: InboundConnection;
  took: RawInbound[];
  logged: { msg: string; level: number; code?: string; reason?: string; todo?: string }[];
  done: Promise<void>;
  /** Results for the next payloads: an answer, or a failure to store. */
  takes: (() => Promise<string | null>)[];
}

const settings = (more: object = {}) => ({
  bot_token: there.botToken,
  app_token: there.appToken,
  api_url: there.apiUrl,
  ...more,
});

async function listener(more: object = {}): Promise<Listener> {
  const logged: Listener["logged"] = [];
  const stream = { write: (line: string) => void logged.push(JSON.parse(line) as Listener["logged"][number]) };
  const attend = slack.listen ?? expect.unreachable();
  const inboundConnection = await attend(slack.config.parse(settings(more)), { log: createLogger({ stream }) });
  open.push(inboundConnection);
  const one: Listener = { inboundConnection, took: [], logged, takes: [], done: Promise.resolve() };
  const take = async (raw: RawInbound) => {
    one.took.push(raw);
    return (await one.takes.shift()?.()) ?? null;
  };
  one.done = inboundConnection.receive?.(take) ?? expect.unreachable("it does not listen");
  return one;
}

const connections = (count: number) => expect.poll(() => there.socket.connections(), soon).toBe(count);
const read = ({ took }: Listener): Inbound[] => took.flatMap((raw) => slack.parse(raw, slack.config.parse(settings())));
const texts = (...all: Listener[]) => all.flatMap(read).flatMap((item) => (item.kind === "message" ? item.text : []));

const asked = () => there.calls.filter(({ method }) => method === "users.info").length;
const lookingUp = async (now?: () => number) => profiles(await openWebClient(slack.config.parse(settings())), now);
const kinds = (all: readonly Inbound[]) => all.map((item) => (item.kind === "ignored" ? item.reason : item.kind));
const onDuty = async () => '{"text":"You are on duty."}';

describe("listening", () => {
  it("receives each payload once over two connections", async () => {
    const [one, other] = [await listener(), await listener()];
    await connections(2);
    const kim = there.addUser({ name: "Kim" });
    const said = Array.from({ length: 10 }, (_, at) => `message ${at}`);
    for (const text of said) await there.post(kim.id, there.dm(kim.id), text);
    await there.settled();
    expect(texts(one, other).toSorted()).toEqual(said.toSorted());
    expect([one.took.length, other.took.length]).toEqual([5, 5]);
    expect(there.violations).toEqual([]);
  });

  it("passes on exactly the payload, as JSON", async () => {
    const one = await listener();
    await connections(1);
    await there.emit({ type: "app_home_opened", user: "U1" }, { eventId: "Ev7" });
    const [raw] = one.took;
    expect(raw?.contentType).toBe("application/json");
    const payload = JSON.parse(new TextDecoder().decode(raw?.body)) as object;
    expect(payload).toMatchObject({ type: "event_callback", event_id: "Ev7", event: { type: "app_home_opened" } });
  });

  it("acknowledges stored payloads only: the others are sent again", async () => {
    const one = await listener();
    await connections(1);
    one.takes.push(() => Promise.reject(new Error("the database said no")));
    const kim = there.addUser({ name: "Kim" });
    const posted = there.post(kim.id, there.dm(kim.id), "hello");
    await posted;
    await there.settled();
    expect(texts(one)).toEqual(["hello", "hello"]);
    const [first, again] = read(one);
    expect(again?.dedupeKeys).toEqual(first?.dedupeKeys);
    expect(one.logged.map(({ msg }) => msg)).toContain("slack payload not stored; slack sends it again");
  }, 20_000);

  it("answers a person at once if Slack accepts an answer, and only then", async () => {
    const one = await listener();
    await connections(1);
    const kim = there.addUser({ name: "Kim" });
    one.takes.push(onDuty, onDuty, async () => "not JSON");
    expect(await there.command(kim.id, "on")).toEqual({ status: 200, body: '{"text":"You are on duty."}' });
    await there.post(kim.id, there.dm(kim.id), "an event takes none");
    expect((await there.command(kim.id, "off")).status).toBe(200);
    expect(there.violations).toEqual([]);
  });

  it("continues when Slack refreshes the connection", async () => {
    const one = await listener();
    await connections(1);
    const kim = there.addUser({ name: "Kim" });
    await there.post(kim.id, there.dm(kim.id), "before");
    there.socket.refresh();
    const opened = () => there.calls.filter(({ method }) => method === "apps.connections.open").length;
    await expect.poll(opened, soon).toBe(2);
    await connections(1);
    await there.post(kim.id, there.dm(kim.id), "after");
    await there.settled();
    expect(new Set(texts(one))).toEqual(new Set(["before", "after"]));
  });

  it("reconnects after an outage of Slack", async () => {
    const one = await listener();
    await connections(1);
    there.down(true);
    await expect.poll(() => one.logged.some(({ level }) => level === 40), soon).toBe(true);
    await expect
      .poll(() => one.logged.filter(({ msg }) => /slack connection failed/.test(msg)).at(0), soon)
      .toMatchObject({
        level: 40,
        code: "ECONNREFUSED",
        reason: "Slack could not be reached (ECONNREFUSED); nothing was sent",
      });
    there.down(false);
    await connections(1);
    const kim = there.addUser({ name: "Kim" });
    await there.post(kim.id, there.dm(kim.id), "again");
    await there.settled();
    expect(texts(one)).toEqual(["again"]);
  }, 20_000);

  it("logs the fix if the token is refused, and keeps running", async () => {
    const one = await listener({ app_token: "xapp-1-another" });
    const refused = () => one.logged.filter(({ msg }) => msg.includes("refused app_token"));
    await expect.poll(() => refused().length, soon).toBe(1);
    expect(refused()).toMatchObject([
      { level: 50, code: "invalid_auth", todo: expect.stringContaining("connections:write") },
    ]);
    await one.inboundConnection.close();
    await one.done;
  });

  it("survives an envelope that the SDK can't read", async () => {
    const one = await listener();
    await connections(1);
    await there.emit({ type: "lost" }, { envelope: { event: undefined }, once: true });
    expect(one.logged).toContainEqual(expect.objectContaining({ level: 40, msg: "slack envelope was unreadable" }));
    await there.emit({ type: "app_home_opened" });
    expect(read(one)).toMatchObject([{ kind: "ignored", reason: "desk_front" }]);
  });

  it("receives nothing and leaves no handle open once closed", async () => {
    const before = handles();
    const one = await listener();
    await connections(1);
    await one.inboundConnection.close();
    await one.done;
    await connections(0);
    await expect.poll(() => leftOver(before), soon).toEqual([]);
    const late = await there.emit({ type: "app_home_opened" }, { once: true });
    expect([late.status, one.took]).toEqual([0, []]);
  });

  it("finishes storing before it is closed", async () => {
    const one = await listener();
    await connections(1);
    const [order, storing] = [[] as string[], new AbortController()];
    one.takes.push(async () => {
      await once(storing.signal, "abort");
      order.push("stored");
      return null;
    });
    const told = there.emit({ type: "app_home_opened" }, { once: true });
    await expect.poll(() => one.took.length, soon).toBe(1);
    const closed = one.inboundConnection.close().then(() => order.push("closed"));
    await connections(0);
    // Enough time to close if it did not wait.
    await one.inboundConnection.profile?.(address("U0NOBODY00"), AbortSignal.timeout(5_000));
    storing.abort();
    await Promise.all([closed, told, one.done]);
    expect(order).toEqual(["stored", "closed"]);
  });

  it("does not exist without an app-level token", async () => {
    const config = slack.config.parse({ bot_token: there.botToken, signing_secret: "s", api_url: there.apiUrl });
    const inboundConnection = await slack.listen?.(config, { log: createLogger({ level: "silent" }) });
    expect(inboundConnection).not.toHaveProperty("listen");
    await inboundConnection?.close();
  });
});

describe("events from the counterpart", () => {
  it("of our own posts, also under another name, and our updates give no message (SL2)", async () => {
    const one = await listener();
    await connections(1);
    const client = await openWebClient(slack.config.parse(settings()));
    const { id: channel } = there.addChannel({ name: "support" });
    const posted = await client.apiCall("chat.postMessage", { channel, text: "What is it about?" });
    const { ts } = posted as unknown as { ts: string };
    await client.apiCall("chat.postMessage", { channel, text: "Hello", username: "Kim · SMS" });
    await client.chat.update({ channel, ts, text: "You chose Billing" });
    await client.chat.delete({ channel, ts });
    await there.settled();
    expect(kinds(read(one))).toEqual(["own_echo", "own_echo", "own_echo", "own_echo"]);
  });

  it("of a customer's mention, its preview, edit and deletion give one message, one edit and one deletion (SL1, SL3)", async () => {
    const one = await listener();
    await connections(1);
    const kim = there.addUser({ name: "Kim" });
    const { id: channel } = there.addChannel({ name: "general", members: [kim.id] });
    const { ts } = await there.post(kim.id, channel, `<@${there.botUserId}> see https://shop.example`);
    await there.edit(kim.id, channel, ts, "never mind");
    await there.remove(kim.id, channel, ts);
    await there.settled();
    const all = read(one);
    expect(kinds(all).toSorted()).toEqual(["delete", "edit", "message", "message", "not_an_edit"]);
    const keys = all.flatMap((item) => (item.kind === "message" ? [item.dedupeKeys.at(-1), item.joinsOnly] : []));
    expect(keys).toEqual([`msg:${channel}:${ts}:message`, undefined, `msg:${channel}:${ts}:message`, undefined]);
    expect(there.violations).toEqual([]);
  });
});

describe("profile", () => {
  const { signal } = new AbortController();

  it("has a name, an address and a language", async () => {
    const kim = there.addUser({ name: "Kim", email: "kim@example.com", locale: "de-DE" });
    const lookUp = await lookingUp();
    expect(await lookUp(address(kim.id), signal)).toEqual({ name: "Kim", email: "kim@example.com", language: "de-DE" });
  });

  it("is cached for ten minutes", async () => {
    const kim = there.addUser({ name: "Kim" });
    let now = 0;
    const lookUp = await lookingUp(() => now);
    for (const at of [0, 599_999, 600_000]) {
      now = at;
      await lookUp(address(kim.id), signal);
    }
    expect(asked()).toBe(2);
  });

  it("is null for apps, for unknown people, and if Slack does not answer, and is tried again", async () => {
    const kim = there.addUser({ name: "Kim" });
    const lookUp = await lookingUp();
    expect(await lookUp(address("B0SHOP0001"), signal)).toBeNull();
    expect(asked()).toBe(0);
    expect(await lookUp(address("U0NOBODY00"), signal)).toBeNull();
    there.fault("users.info", { status: 500 });
    expect(await lookUp(address(kim.id), signal)).toBeNull();
    expect(await lookUp(address(kim.id), signal)).toMatchObject({ name: "Kim" });
  });

  it("can be aborted", async () => {
    const kim = there.addUser({ name: "Kim" });
    const lookUp = await lookingUp();
    there.fault("users.info", { delayMs: 5_000 });
    const started = performance.now();
    expect(await lookUp(address(kim.id), AbortSignal.timeout(50))).toBeNull();
    expect(performance.now() - started).toBeLessThan(2_000);
    expect(await lookUp(address(kim.id), AbortSignal.abort())).toBeNull();
  });
});

/** Names of the handles that keep this process alive. */
const handles = (): string[] => process.getActiveResourcesInfo().toSorted();

/** Handles that keep it alive now and did not before. */
function leftOver(before: readonly string[]): string[] {
  const known = [...before];
  return handles().filter((name) => {
    const at = known.indexOf(name);
    if (at !== -1) known.splice(at, 1);
    return at === -1;
  });
}
