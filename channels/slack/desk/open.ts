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

/** Opens the desk over its channel's connection, whose rate limit it shares. */
export const openSlackDesk: OpenDesk = async ({ config: given, deps, store, connection }): Promise<Desk> => {
  const config = slackConfig.parse(given);
  const { web, directory, syncLoop } = await openWorkspace(config, { deps, store });
  const client: DeskClient = { web, pacer: pacerOf(connection), origin: apiOrigin(config), log: deps.log };
  const places = openPlaces({ store, log: deps.log, wake: () => syncLoop.wake() });
  return createDesk({ client, config, store, places, directory, syncLoop });
};

/** Opens the interactions; syncs the queues when Slack reports changed channels or members. */
export const openSlackInteractions: OpenInteractions = async (o): Promise<DeskInteractions> => {
  const { syncLoop } = await openWorkspace(slackConfig.parse(o.config), { ...o, onlyWoken: true });
  const deps = await openInteractions({ ...o, onChange: () => syncLoop.wake() });
  const stop = new AbortController();
  const syncing = syncLoop.run(stop.signal);
  const close = async (): Promise<void> => {
    stop.abort();
    await Promise.all([syncing, deps.close()]);
  };
  return { ...deps, close };
};

interface WorkspaceOptions {
  deps: Deps;
  store: DeskStore;
  onlyWoken?: boolean;
}

async function openWorkspace(config: SlackConfig, { deps: { log }, store, onlyWoken = false }: WorkspaceOptions) {
  const client = await openWebClient(config);
  const directory = openDirectory(client, { log });
  const faults = openFaults(log);
  const sync = (signal: AbortSignal) => syncQueues({ client, store, directory, faults, signal });
  const syncLoop: SyncLoop = openSyncLoop({ store, log, sync, onlyWoken });
  return { web: client, directory, syncLoop };
}
