/** The web side: webhooks, health, metrics, and the playground where it is on. */
import type { PlaygroundDeps } from "../admin/deps.ts";
import { createServer } from "../admin/server.ts";
import type { Config } from "../config.ts";
import type { Releases } from "../content/releases.ts";
import type { Settings } from "../content/settings.ts";
import type { OpenChannel } from "../inbound/take-in.ts";
import type { Webhook } from "../inbound/webhook.ts";
import type { Lanes } from "../jobs/lanes.ts";
import { systemClock } from "../lib/clock.ts";
import type { Logger } from "../lib/logger.ts";
import { readiness } from "../metrics/health.ts";
import { contentProbe, databaseProbe, lanesProbe } from "../metrics/probes.ts";
import type { Metrics } from "../metrics/prometheus.ts";
import type { Db } from "../store/db.ts";
import { readFile } from "../store/files.ts";
import { manualWorkflows } from "./book.ts";

/** Makes the headers with which the playground's page passes its own adapter's verification. */
export type SignPlayground = (body: string, secret: string, now: Date) => Record<string, string>;

export interface WebOptions {
  config: Pick<Config, "host" | "port" | "publicUrl" | "playground">;
  db: Db;
  lanes: Lanes;
  log: Logger;
  channels: ReadonlyMap<string, OpenChannel>;
  settings: Settings;
  releases: Releases;
  webhook: Webhook;
  metrics: Metrics;
  signPlayground: SignPlayground;
}

/** Listens. Throws PortInUseError where another program has the port. */
export async function startWeb(o: WebOptions): Promise<{ url: string; close(): Promise<void> }> {
  const playground = playgroundOf(o);
  const server = createServer({
    log: o.log,
    clock: systemClock,
    publicUrl: o.config.publicUrl,
    takesWebhooks: (channel) => o.channels.get(channel)?.adapter.webhook !== undefined,
    webhook: o.webhook,
    files: (token) => readFile(o.db, { token }),
    metrics: () => o.metrics.text(),
    ready: () =>
      readiness({
        needed: { database: databaseProbe(o.db), content: contentProbe(() => o.releases.live()?.hash ?? null) },
        wanted: { lanes: lanesProbe(o.lanes) },
      }),
    ...(playground === null ? {} : { playground }),
  });
  await server.listen(o.config.port, o.config.host);
  return { url: server.url, close: () => server.close() };
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
  const own = [...channels].filter(([, { adapter }]) => adapter.name === "playground");
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
