import type { DeskStore } from "../../../../src/desk/book.ts";
import type { SlackConfig } from "../../config.ts";
import type { Directory } from "../directory/directory.ts";
import type { Keeper } from "../directory/keep.ts";
import type { Places } from "../directory/places.ts";
import type { UnclearFiles } from "../view/file.ts";
import type { Wire } from "./wire.ts";

/** What the desk works with. */
export interface DeskParts {
  wire: Wire;
  config: SlackConfig;
  store: DeskStore;
  places: Places;
  directory: Directory;
  keeper: Keeper;
  unclear: UnclearFiles;
}
