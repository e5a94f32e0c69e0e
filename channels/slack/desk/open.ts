import type { Deps } from "../../../src/adapter/adapter.ts";
import type { Desk, DeskInteractions, OpenDesk, OpenInteractions } from "../../../src/desk/desk.ts";
import type { DeskStore } from "../../../src/desk/desk-store.ts";
import { type SlackConfig, slackConfig } from "../config.ts";
import { pacerOf } from "../outbound/pace.ts";
import { apiOrigin, openWebClient } from "../outbound/web-client.ts";
import { openDirectory } from "./directory/directory.ts";
import { openPlaces } from "./directory/places.ts";
import { openSyncLoop, type SyncLoop } from "./directory/sync-loop.ts";
import { openFaults, syncQueues } from "./directory/sync-queues.ts";
import { openInteractions } from "./interaction/interactions.ts";
import { createDesk } from "./thread/desk.ts";
import type { DeskClient } from "./thread/desk-client.ts";

/** Opens the desk over its channel's connection, whose pace it shares. */
export const openSlackDesk: OpenDesk = async ({ config: given, deps, store, connection }): Promise<Desk> => {
  const config = slackConfig.parse(given);
  const { web, directory, syncLoop } = await workspace(config, { deps, store });
  const client: DeskClient = { web, pacer: pacerOf(connection), origin: apiOrigin(config), log: deps.log };
  const places = openPlaces({ store, log: deps.log, wake: () => syncLoop.wake() });
  return createDesk({ client, config, store, places, directory, syncLoop, unclear: new Map() });
};

/** Opens the front, which looks around when Slack says that channels or members have changed. */
export const openSlackInteractions: OpenInteractions = async (o): Promise<DeskInteractions> => {
  const { syncLoop } = await workspace(slackConfig.parse(o.config), { ...o, onlyWoken: true });
  const deps = await openInteractions({ ...o, onChange: () => syncLoop.wake() });
  const stop = new AbortController();
  const kept = syncLoop.run(stop.signal);
  const close = async (): Promise<void> => {
    stop.abort();
    await Promise.all([kept, deps.close()]);
  };
  return { ...deps, close };
};

interface Looking {
  deps: Deps;
  store: DeskStore;
  onlyWoken?: boolean;
}

async function workspace(config: SlackConfig, { deps: { log }, store, onlyWoken = false }: Looking) {
  const client = await openWebClient(config);
  const directory = openDirectory(client, { log });
  const faults = openFaults(log);
  const look = (signal: AbortSignal) => syncQueues({ client, store, directory, faults, signal });
  const syncLoop: SyncLoop = openSyncLoop({ store, log, look, onlyWoken });
  return { web: client, directory, syncLoop };
}
