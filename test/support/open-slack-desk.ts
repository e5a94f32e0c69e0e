/** The Slack desk over the counterpart, with a real desk store. */
import { afterAll } from "vitest";
import { slackConfig } from "../../channels/slack/config.ts";
import { openDirectory } from "../../channels/slack/desk/directory/directory.ts";
import { openFaults, syncQueues } from "../../channels/slack/desk/directory/sync-queues.ts";
import { openSlackDesk, openSlackInteractions } from "../../channels/slack/desk/open.ts";
import { slack as adapter } from "../../channels/slack/index.ts";
import { connect } from "../../channels/slack/outbound/connect.ts";
import { createPacer, setPacer } from "../../channels/slack/outbound/pace.ts";
import { openWebClient } from "../../channels/slack/outbound/web-client.ts";
import type { ChannelAdapter, Connection } from "../../src/adapter/adapter.ts";
import type { Desk } from "../../src/desk/desk.ts";
import type { DeskStore } from "../../src/desk/desk-store.ts";
import { openDeskStore } from "../../src/desk/open-desk-store.ts";
import type { Queue } from "../../src/domain/queue.ts";
import { createReceive } from "../../src/inbound/receive.ts";
import type { Lanes } from "../../src/jobs/lanes.ts";
import { systemClock } from "../../src/lib/clock.ts";
import { createLogger } from "../../src/lib/logger.ts";
import { createMetrics } from "../../src/metrics/prometheus.ts";
import { type Db, openDb } from "../../src/store/db.ts";
import { freshDatabase } from "./services.ts";
import { type SlackCounterpart, type SlackOptions, startSlack } from "./slack/counterpart.ts";
import { startReceiver } from "./slack/receiver.ts";

export interface OpenSlackDesk extends AsyncDisposable {
  slack: SlackCounterpart;
  desk: Desk;
  store: DeskStore;
  /** Shared by all desks of a test file, each of which has its own channel. */
  db: Db;
  channel: string;
  /** The live queues, which the test may change; the first is the default one. */
  queues: Queue[];
  /** Log entries at warn and above. */
  logged: Record<string, unknown>[];
  /** Opens the desk of another process, over the same Slack and the same store. */
  another(): Promise<Desk>;
  /** Opens the interactions, which get everything that this Slack sends from now on. */
  front(): Promise<AsyncDisposable>;
  /** Syncs the queues once. */
  sync(): Promise<void>;
}

export interface OpenSlackDeskOptions {
  slack?: SlackOptions;
  mirror?: "username" | "line";
  queues?: readonly Queue[];
  manual?: readonly { id: string; title: string }[];
  /** There is no default queue, so cases go to their queue's own channel only. */
  noDefault?: true;
}

let serial = 0;
let shared: Promise<{ db: Db; drop: () => Promise<void> }> | undefined;

async function openShared() {
  const database = await freshDatabase();
  const db = openDb({ url: database.url, log: createLogger({ level: "silent" }) });
  return { db, drop: () => db.close().then(() => database.drop()) };
}

/** Drops the database that all desks of a test file share, after its tests. */
export function dropSharedAfterwards(): void {
  afterAll(async () => {
    const opened = shared;
    shared = undefined;
    await (await opened)?.drop();
  });
}

/** Returns a queue in the Slack channel of its name. */
export const queueOf = (id: string, o: Partial<Queue> = {}): Queue => ({
  id,
  title: `${id.charAt(0).toUpperCase()}${id.slice(1)}`,
  // Channels of the counterpart are public by default.
  members: "public-channel",
  hours: null,
  deskPlace: `#${id}`,
  closedSay: null,
  ...o,
});

export async function openDeskOnSlack(o: OpenSlackDeskOptions = {}): Promise<OpenSlackDesk> {
  const slack = await startSlack(o.slack);
  const { db } = await (shared ??= openShared());
  const channel = `office-${++serial}`;
  const logged: Record<string, unknown>[] = [];
  const stream = { write: (line: string) => void logged.push(JSON.parse(line) as Record<string, unknown>) };
  const log = createLogger({ level: "warn", stream });
  const queues = [...(o.queues ?? [queueOf("support")])];
  const store = storeOver(db, { channel, ...o, queues });
  const config = slackConfig.parse({
    bot_token: slack.botToken,
    signing_secret: slack.signingSecret,
    api_url: slack.apiUrl,
    mirror: o.mirror,
  });
  const another = async (): Promise<Desk> => {
    const connection = await connect(config, { log });
    if (o.slack?.paced === undefined) setPacer(connection, instantPacer());
    const under = { adapter: adapter as unknown as ChannelAdapter, connection: connection as Connection };
    return openSlackDesk({ channel, config, deps: { log }, store: store, ...under });
  };
  const client = await openWebClient(config);
  const [directory, faults] = [openDirectory(client, { log }), openFaults(log)];
  return {
    slack,
    desk: await another(),
    store,
    db,
    channel,
    queues,
    logged,
    another,
    front: () => receiveEvents(slack, { channel, config, deps: { log }, store: store }),
    sync: () => syncQueues({ client, store, directory, faults, signal: new AbortController().signal }),
    async [Symbol.asyncDispose]() {
      await slack[Symbol.asyncDispose]();
    },
  };
}

function storeOver(db: Db, o: OpenSlackDeskOptions & { channel: string; queues: readonly Queue[] }): DeskStore {
  const lanes = { wake: () => {} } as unknown as Lanes;
  return openDeskStore({
    db,
    lanes,
    receive: createReceive({ membership: "listed", db, lanes, meter: createMetrics().meter }),
    channel: o.channel,
    membership: "listed",
    queues: () => o.queues,
    defaultQueue: () => (o.noDefault === true ? null : (o.queues[0]?.id ?? null)),
    manual: () => o.manual ?? [],
    reach: () => null,
    reachable: () => [],
    clock: systemClock,
  });
}

async function receiveEvents(
  slack: SlackCounterpart,
  o: Parameters<typeof openSlackInteractions>[0],
): Promise<AsyncDisposable> {
  const front = await openSlackInteractions(o);
  const receiver = await startReceiver();
  receiver.answer(({ body, headers }, response) => {
    const contentType = headers["content-type"] ?? "";
    const raw = { body: Buffer.from(body), contentType, receivedAt: new Date() };
    void front.interact(raw, []).then((answer) => response.end(answer ?? ""));
  });
  slack.deliverTo(receiver.url);
  return {
    async [Symbol.asyncDispose]() {
      slack.deliverTo(null);
      await front.close();
      await receiver[Symbol.asyncDispose]();
    },
  };
}

/** Returns a pacer that never waits: a minute of its clock passes between any two posts. */
function instantPacer() {
  let now = 0;
  return createPacer({ now: () => (now += 60_000), sleep: async () => {} });
}
