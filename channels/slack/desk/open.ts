import type { Desk, OpenDesk } from "../../../src/handoff/desk.ts";
import { slackConfig } from "../config.ts";
import { pacerOf } from "../pace.ts";
import { apiOrigin, openWebClient } from "../web-client.ts";
import { createDesk } from "./desk.ts";
import { openDirectory } from "./directory.ts";
import { openKeeper } from "./keep.ts";
import { lookAround, openFaults } from "./look.ts";
import { openPlaces } from "./places.ts";
import type { Wire } from "./wire.ts";

/** Opens the desk over its channel's connection, whose pace it shares. */
export const openSlackDesk: OpenDesk = async ({ config: given, deps: { log }, book, connection }): Promise<Desk> => {
  const config = slackConfig.parse(given);
  const client = await openWebClient(config);
  const wire: Wire = { client, pacer: pacerOf(connection), origin: apiOrigin(config), log };
  const directory = openDirectory(client, { log });
  const faults = openFaults(log);
  const look = (signal: AbortSignal) => lookAround({ client, book, directory, faults, signal });
  const keeper = openKeeper({ book, log, look });
  const places = openPlaces({ book, log, wake: () => keeper.wake() });
  return createDesk({ wire, config, book, places, directory, keeper, unclear: new Map() });
};
