/** Socket Mode of the Slack counterpart, with Slack's own client. */
import { SocketModeClient } from "@slack/socket-mode";
import { LogLevel } from "@slack/web-api";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { SlackOptions } from "./counterpart.ts";
import { type Setting, startSetting } from "./setting.ts";
import { quietOptions } from "./web.ts";

let setting: Setting;
let { slack, dana, support } = {} as Setting;

async function start(o: SlackOptions = {}): Promise<void> {
  setting = await startSetting(o);
  ({ slack, dana, support } = setting);
}
/** The same with other options. */
async function restart(o: SlackOptions): Promise<void> {
  await setting[Symbol.asyncDispose]();
  await start(o);
}

beforeEach(() => start());
afterEach(() => setting[Symbol.asyncDispose]());

describe("Socket Mode", () => {
  const clients: SocketModeClient[] = [];
  afterEach(async () => {
    await Promise.all(clients.splice(0).map((client) => client.disconnect()));
  });

  /** Connects Slack's own client; `handle` gets every envelope. */
  async function connect(
    handle: (envelope: { type: string; body: never; ack: (body?: object) => Promise<void> }) => void,
  ): Promise<SocketModeClient> {
    slack.deliverTo(null);
    const client = new SocketModeClient({
      appToken: slack.appToken,
      clientOptions: quietOptions(slack),
      logLevel: LogLevel.ERROR,
      clientPingTimeout: 300,
    });
    client.on("slack_event", handle as never);
    clients.push(client);
    await client.start();
    return client;
  }

  it("sends each envelope to one connection, and resolves at its acknowledgement", async () => {
    const heard: number[] = [];
    for (const n of [0, 1]) await connect(({ ack }) => void ack().then(() => heard.push(n)));
    expect(slack.socket.connections()).toBe(2);
    for (const text of ["1", "2", "3", "4"]) await slack.post(dana, support, text);
    expect([...heard].sort((a, b) => a - b)).toEqual([0, 0, 1, 1]);
    expect(slack.violations).toEqual([]);
  });

  it("sends an unacknowledged envelope again", async () => {
    await restart({ ackMs: 400, timeScale: 0.0001 });
    const ids: string[] = [];
    await connect(({ body, ack }) => {
      ids.push(body["event_id"]);
      if (ids.length > 1) void ack();
    });
    await slack.post(dana, support, "Hi");
    await slack.settled();
    expect(ids).toHaveLength(2);
    expect(new Set(ids).size).toBe(1);
  });

  it("keeps envelopes while nobody is connected", async () => {
    slack.deliverTo(null);
    await slack.post(dana, support, "Hi");
    const got = new Promise(
      (resolve) => void connect(({ body, ack }) => void ack().then(() => resolve(body["event"]))),
    );
    expect(await got).toMatchObject({ text: "Hi" });
  });

  it("accepts an answer with the acknowledgement of an interaction", async () => {
    await connect(({ ack, type }) => void ack(type === "slash_commands" ? { text: "Help" } : undefined));
    expect(await slack.command(dana, "help")).toEqual({ status: 200, body: '{"text":"Help"}' });
    expect(slack.ephemerals(dana)).toMatchObject([{ text: "Help" }]);
  });

  it("ends a connection, and a new one replaces it", async () => {
    await connect(({ ack }) => void ack());
    slack.socket.refresh();
    const opened = () => slack.calls.filter((call) => call.method === "apps.connections.open").length;
    await vi.waitFor(() => expect([opened(), slack.socket.connections()]).toEqual([2, 1]), 10_000);
    await slack.post(dana, support, "Hi");
    await slack.settled();
  });
});
