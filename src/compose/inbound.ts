/** Opens the inbound side: connections that channels receive over, and the desk's interactions. */

import type { InboundConnection } from "../adapter/adapter.ts";
import type { Config } from "../config.ts";
import type { Settings } from "../content/settings.ts";
import type { DeskInteractions, DeskRegistry } from "../desk/desk.ts";
import type { DeskStore } from "../desk/desk-store.ts";
import { createIngest, type Ingest, type OpenChannel } from "../inbound/ingest.ts";
import type { Names } from "../inbound/names.ts";
import type { Receive } from "../inbound/receive.ts";
import type { Logger } from "../lib/logger.ts";
import { own } from "../lib/own.ts";
import { channelDeps } from "./channels.ts";

export interface InboundOptions {
  config: Pick<Config, "publicUrl">;
  log: Logger;
  channels: ReadonlyMap<string, OpenChannel>;
  desks: DeskRegistry;
  settings: Settings;
  store: DeskStore;
  receive: Receive;
  /** The channels' connections, which are put in here when they are open. */
  connections: Map<string, InboundConnection>;
  names: Names;
}

export interface OpenInbound {
  ingest: Ingest;
  /** Starts receiving over the channels' own connections, until closed. */
  listen(): void;
  close(): Promise<void>;
}

export async function openInbound(o: InboundOptions): Promise<OpenInbound> {
  const { channels, connections, receive, log } = o;
  for (const [name, { adapter, config }] of channels) {
    const connection = await adapter.listen?.(config, channelDeps(name, o));
    if (connection !== undefined) connections.set(name, connection);
  }
  const interactions = await openDeskInteractions(o);
  const ingest = createIngest({
    channels,
    interactions,
    desk: o.settings.desk.channel,
    receive,
    log,
  });
  return {
    ingest,
    listen() {
      for (const [name, one] of connections) {
        const listening = one.receive?.(async (raw) => (await ingest(name, raw)).answer);
        listening?.catch((error: unknown) => log.error({ err: error, channel: name }, "channel stopped listening"));
      }
    },
    async close() {
      await o.names.close();
      for (const connection of connections.values()) await connection.close();
      for (const desk of interactions.values()) await desk.close();
    },
  };
}

async function openDeskInteractions({
  desks,
  settings,
  channels,
  store,
  config,
  log,
}: InboundOptions): Promise<Map<string, DeskInteractions>> {
  const { adapter, channel } = settings.desk;
  const open = channels.get(channel);
  const kind = await own(desks, adapter)?.();
  if (kind?.interactions === undefined || open === undefined) return new Map();
  const desk = await kind.interactions({
    channel,
    config: open.config,
    deps: channelDeps(channel, { config, log }),
    store,
  });
  return new Map([[channel, desk]]);
}
