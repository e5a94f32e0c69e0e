import type { DeskStore } from "../../../../src/desk/desk-store.ts";
import type { SlackConfig } from "../../config.ts";
import type { Directory } from "../directory/directory.ts";
import type { Places } from "../directory/places.ts";
import type { SyncLoop } from "../directory/sync-loop.ts";
import type { DeskClient } from "./desk-client.ts";

/** Dependencies of the desk. */
export interface DeskDeps {
  client: DeskClient;
  config: SlackConfig;
  store: DeskStore;
  places: Places;
  directory: Directory;
  syncLoop: SyncLoop;
}
