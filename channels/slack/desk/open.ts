import type { Deps } from "../../../src/adapter/adapter.ts";
import type { DeskBook } from "../../../src/desk/book.ts";
import type { Desk, DeskFront, OpenDesk, OpenFront } from "../../../src/desk/desk.ts";
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
export const openSlackDesk: OpenDesk = async ({ config: given, deps, book, connection }): Promise<Desk> => {
  const config = slackConfig.parse(given);
  const { client, directory, keeper } = await workspace(config, { deps, book });
  const wire: Wire = { web: client, pacer: pacerOf(connection), origin: apiOrigin(config), log: deps.log };
  const places = openPlaces({ book, log: deps.log, wake: () => keeper.wake() });
  return createDesk({ wire, config, book, places, directory, keeper, unclear: new Map() });
};

/** Opens the front, which looks around when Slack says that channels or members have changed. */
export const openSlackFront: OpenFront = async (o): Promise<DeskFront> => {
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
  book: DeskBook;
  onlyWoken?: boolean;
}

async function workspace(config: SlackConfig, { deps: { log }, book, onlyWoken = false }: Looking) {
  const client = await openWebClient(config);
  const directory = openDirectory(client, { log });
  const faults = openFaults(log);
  const look = (signal: AbortSignal) => lookAround({ client, book, directory, faults, signal });
  const keeper: Keeper = openKeeper({ book, log, look, onlyWoken });
  return { client, directory, keeper };
}
