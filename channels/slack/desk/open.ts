import type { Deps } from "../../../src/adapter/adapter.ts";
import type { DeskStore } from "../../../src/desk/book.ts";
import type { Desk, DeskInteractions, OpenDesk, OpenInteractions } from "../../../src/desk/desk.ts";
import { type SlackConfig, slackConfig } from "../config.ts";
import { pacerOf } from "../outbound/pace.ts";
import { apiOrigin, openWebClient } from "../outbound/web-client.ts";
import { openDirectory } from "./directory/directory.ts";
import { type Keeper, openKeeper } from "./directory/keep.ts";
import { lookAround, openFaults } from "./directory/look.ts";
import { openPlaces } from "./directory/places.ts";
import { openFront } from "./interaction/front.ts";
import { createDesk } from "./thread/desk.ts";
import type { Wire } from "./thread/wire.ts";

/** Opens the desk over its channel's connection, whose pace it shares. */
export const openSlackDesk: OpenDesk = async ({ config: given, deps, store: store, connection }): Promise<Desk> => {
  const config = slackConfig.parse(given);
  const { client, directory, keeper } = await workspace(config, { deps, store });
  const wire: Wire = { web: client, pacer: pacerOf(connection), origin: apiOrigin(config), log: deps.log };
  const places = openPlaces({ store, log: deps.log, wake: () => keeper.wake() });
  return createDesk({ wire, config, store, places, directory, keeper, unclear: new Map() });
};

/** Opens the front, which looks around when Slack says that channels or members have changed. */
export const openSlackFront: OpenInteractions = async (o): Promise<DeskInteractions> => {
  const { keeper } = await workspace(slackConfig.parse(o.config), { ...o, onlyWoken: true });
  const front = await openFront({ ...o, onChange: () => keeper.wake() });
  const stop = new AbortController();
  const kept = keeper.keep(stop.signal);
  const close = async (): Promise<void> => {
    stop.abort();
    await Promise.all([kept, front.close()]);
  };
  return { ...front, close };
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
  const look = (signal: AbortSignal) => lookAround({ client, store, directory, faults, signal });
  const keeper: Keeper = openKeeper({ store, log, look, onlyWoken });
  return { client, directory, keeper };
}
