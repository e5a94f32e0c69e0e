/** The web role: webhooks, health, metrics, and the playground when it is on. */
import type { PlaygroundDeps, ServerDeps } from "../admin/deps.ts";
import { createServer } from "../admin/server.ts";
import type { Config } from "../config.ts";
import type { Releases } from "../content/releases.ts";
import type { Settings } from "../content/settings.ts";
import type { OpenChannel } from "../inbound/ingest.ts";
import type { Webhooks } from "../inbound/webhook.ts";
import type { Lanes } from "../jobs/lanes.ts";
import { systemClock } from "../lib/clock.ts";
import type { Logger } from "../lib/logger.ts";
import { checkReadiness } from "../metrics/health.ts";
import { contentProbe, databaseProbe, lanesProbe } from "../metrics/probes.ts";
import type { Metrics } from "../metrics/prometheus.ts";
import type { Db } from "../store/db.ts";
import { readFile } from "../store/files.ts";
import { exchangePageLink, makePageLink, pageVisit } from "../store/page-links.ts";
import { manualWorkflows } from "./desk-store.ts";

/** Makes headers with which the playground's page passes its adapter's verification. */
export type SignPlayground = (body: string, secret: string, now: Date) => Record<string, string>;

export interface WebOptions {
  config: Pick<Config, "host" | "port" | "adminHost" | "adminPort" | "publicUrl" | "playground">;
  db: Db;
  lanes: Lanes;
  log: Logger;
  channels: ReadonlyMap<string, OpenChannel>;
  settings: Settings;
  releases: Releases;
  webhooks: Webhooks;
  metrics: Metrics;
  signPlayground: SignPlayground;
}

export interface Web {
  /** The URL on this machine. */
  url: string;
  /** URL of the playground, metrics and readiness: `url`, or that of a second listener. */
  adminUrl: string;
  /** The token of a link that opens the playground once; null when it is off. */
  pageToken: string | null;
  close(): Promise<void>;
}

/** Starts the web server. Throws PortInUseError when a port is taken. */
export async function startWeb(o: WebOptions): Promise<Web> {
  const { host, port, adminHost, adminPort } = o.config;
  const deps = depsOf(o);
  const server = createServer(deps, adminPort === null ? "everything" : "public");
  const admin = adminPort === null ? null : createServer(deps, "admin");
  const close = async (): Promise<void> => void (await Promise.all([server.close(), admin?.close()]));
  try {
    await server.listen(port, host);
    await admin?.listen(adminPort ?? 0, adminHost);
    const pageToken = deps.playground === undefined ? null : await makePageLink(o.db);
    return { url: server.url, adminUrl: (admin ?? server).url, pageToken, close };
  } catch (error) {
    await close();
    throw error;
  }
}

function depsOf(o: WebOptions): ServerDeps {
  const playground = playgroundOf(o);
  return {
    log: o.log,
    clock: systemClock,
    meter: o.metrics.meter,
    publicUrl: o.config.publicUrl,
    ...o.webhooks,
    files: (token) => readFile(o.db, { token }),
    visits: {
      begin: (token) => exchangePageLink(o.db, token),
      endOf: (secret) => pageVisit(o.db, secret),
    },
    metrics: () => o.metrics.text(),
    ready: () =>
      checkReadiness({
        needed: { database: databaseProbe(o.db), content: contentProbe(() => o.releases.live()?.hash ?? null) },
        wanted: { lanes: lanesProbe(o.lanes) },
      }),
    ...(playground === null ? {} : { playground }),
  };
}

interface PlaygroundConfig {
  secret: string;
  look: "buttons" | "sms";
}

const TITLES: Readonly<Record<PlaygroundConfig["look"], string>> = {
  buttons: "Chat",
  sms: "SMS",
};

function playgroundOf({ config, db, channels, settings, releases, signPlayground }: WebOptions): PlaygroundDeps | null {
  const own = [...channels].filter(([, { adapter }]) => adapter.ownPage);
  if (!config.playground || own.length === 0) return null;
  const configs = new Map(own.map(([name, open]) => [name, open.config as PlaygroundConfig]));
  const queues = () => Object.values((releases.live()?.settings ?? settings).queues);
  return {
    db,
    channels: [...configs].map(([name, { look }]) => ({ name, look, title: TITLES[look] })),
    desk: settings.desk.channel,
    sign: (channel, body) => signPlayground(body, configs.get(channel)?.secret ?? "", systemClock()),
    queues: () => queues().map(({ id, title }) => ({ id, title })),
    manual: () => manualWorkflows(releases.live()),
  };
}
