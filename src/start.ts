/**
 * The composition root: puts the parts together for a role. `web` receives and shows, `worker` decides and sends, `all`
 * does both; any number of each may run on one database. Everything opened here is closed here, in reverse order.
 */
import { randomBytes } from "node:crypto";
import type { InboundConnection } from "./adapter/adapter.ts";
import type { AdapterRegistry } from "./adapter/registry.ts";
import { requireFreePort } from "./admin/port.ts";
import { conversationLink, createCatalogs, deskRules, fileUrl, inForce, shapeWith } from "./compose/catalog.ts";
import { compileOptions, loadAdapters, readChannels } from "./compose/channels.ts";
import { openContent } from "./compose/content.ts";
import { openDatabase } from "./compose/database.ts";
import { deskStoreFacts, membershipOf } from "./compose/desk-store.ts";
import { openInbound } from "./compose/inbound.ts";
import { type SignPlayground, startWeb } from "./compose/web.ts";
import { startWorker } from "./compose/worker.ts";
import type { Config, Environment } from "./config.ts";
import { compileContent, unseenChannels } from "./content/compile.ts";
import type { CompileFiles } from "./content/releases.ts";
import type { DeskRegistry } from "./desk/desk.ts";
import { openDeskStore } from "./desk/open-desk-store.ts";
import { createNames } from "./inbound/names.ts";
import { createReceive } from "./inbound/receive.ts";
import { createWebhooks } from "./inbound/webhook.ts";
import { openLanes } from "./jobs/runner.ts";
import { systemClock } from "./lib/clock.ts";
import type { Logger } from "./lib/logger.ts";
import { createMetrics } from "./metrics/prometheus.ts";
import { countWaiting } from "./store/waiting.ts";

export interface StartOptions {
  config: Config;
  adapters: AdapterRegistry;
  desks: DeskRegistry;
  signPlayground: SignPlayground;
  log: Logger;
  /** Variables for `env:NAME` references. */
  env: Environment;
  /** Prefix of the lanes' keys in Redis; installations that share a Redis need different ones. */
  redisPrefix?: string;
}

export interface RunningFrontdesk {
  /** The web server's URL on this machine; null when this role has no web server. */
  url: string | null;
  /** URL of the playground, metrics and readiness. */
  adminUrl: string | null;
  /** The token of a link that opens the playground once; null when it is off. */
  pageToken: string | null;
  /** Channels whose cases no desk shows, because the desk is the playground. */
  unseen: readonly string[];
  /** Stops receiving, finishes work in progress, and closes everything. */
  close(): Promise<void>;
}

/** Schema of BullMQ's tables when the lanes run on PostgreSQL. */
const LANES_SCHEMA = "bullmq";
const REDIS_PREFIX = "{frontdesk}";

/** Starts Frontdesk. Throws an error worded for the admin when something it needs is missing or wrong. */
export async function startFrontdesk(options: StartOptions): Promise<RunningFrontdesk> {
  const { config, adapters: registry, desks, signPlayground, log, env, redisPrefix = REDIS_PREFIX } = options;
  const closers: (() => Promise<void>)[] = [];
  const close = async (): Promise<void> => {
    for (const closer of closers.splice(0).reverse()) await closer();
  };
  if (config.role !== "worker") {
    await requireFreePort(config.port, config.host, "--port ");
    if (config.adminPort !== null) await requireFreePort(config.adminPort, config.adminHost, "ADMIN_PORT=");
  }
  try {
    // The playground's page and its channels are one program, so by default they share a random secret.
    const secrets: Environment = { PLAYGROUND_SECRET: randomBytes(32).toString("hex"), ...env };
    const { db, url: databaseUrl } = await openDatabase({ config, log, closers });
    const adapters = await loadAdapters(registry);
    const compile: CompileFiles = (files, { stored } = { stored: false }) =>
      compileContent(files, { ...compileOptions(adapters), stored });
    const releases = await openContent({ db, log, compile, config, closers });
    const { settings } = releases.first;
    const unseen = unseenChannels(settings, compileOptions(adapters)).map(({ name }) => name);
    if (unseen.length > 0) log.info({ channels: unseen, code: "F110" }, "no desk shows the cases of these channels");
    const channels = readChannels(settings.channels, { adapters, env: secrets });

    const metrics = createMetrics();
    const backend =
      config.redisUrl === null
        ? ({ kind: "postgres", connectionString: databaseUrl, schema: LANES_SCHEMA } as const)
        : ({ kind: "redis", url: config.redisUrl, prefix: redisPrefix } as const);
    const lanes = openLanes({ backend, log, observer: metrics.lanes });
    closers.push(() => lanes.close());
    metrics.watch({ lanes, pool: db.pool, waiting: () => countWaiting(db) });

    const shared = { config, db, lanes, log, channels, releases, meter: metrics.meter, env: secrets };
    const shapes = new Map(
      [...channels].map(([name, { adapter, config: own }]) => [name, shapeWith(adapter, adapter.capabilities(own))]),
    );
    const deskChannel = settings.desk.channel;
    const desk = deskRules(settings, { can: shapes.get(deskChannel)?.can, publicUrl: config.publicUrl });
    const catalogs = createCatalogs({
      releases,
      shapes,
      deskChannel,
      desk,
      link: conversationLink(config),
      fileUrl: fileUrl(config),
    });
    const { publicUrl, playground } = config;
    const kinds = Object.fromEntries(
      [...channels].map(([name, { adapter, config: own }]) => [
        name,
        { adapter: adapter.name, can: adapter.capabilities(own) },
      ]),
    );
    const decidedBy = inForce({ deskChannel, ...desk, publicUrl, playground, channels: kinds });
    const membership = await membershipOf(desks, settings);
    const senderLimit = () => (releases.live()?.settings ?? settings).limits.sender;
    const connections = new Map<string, InboundConnection>();
    const names = createNames({ connections, db, lanes, log });
    const receive = createReceive({ db, lanes, meter: metrics.meter, membership, names, senderLimit });
    const facts = deskStoreFacts({ releases, settings, channels });
    const store = openDeskStore({ db, lanes, receive, membership, ...facts, clock: systemClock });
    if (config.role !== "web")
      closers.push(await startWorker({ ...shared, desks, settings, catalogs, inForce: decidedBy, store }));
    if (config.role === "worker") return { url: null, adminUrl: null, pageToken: null, unseen, close };

    const inbound = await openInbound({ config, log, channels, desks, settings, store, receive, connections, names });
    closers.push(() => inbound.close());
    const webhooks = createWebhooks({ channels, ingest: inbound.ingest, log, meter: metrics.meter });
    const web = await startWeb({ ...shared, settings, webhooks, metrics, signPlayground });
    closers.push(() => web.close());
    inbound.listen();
    const { url, adminUrl, pageToken } = web;
    return { url, adminUrl, pageToken, unseen, close };
  } catch (error) {
    await close();
    throw error;
  }
}
