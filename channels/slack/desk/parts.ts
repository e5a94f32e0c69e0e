import type { DeskBook } from "../../../src/desk/book.ts";
import type { SlackConfig } from "../config.ts";
import type { Directory } from "./directory.ts";
import type { UnclearFiles } from "./file.ts";
import type { Keeper } from "./keep.ts";
import type { Places } from "./places.ts";
import type { Wire } from "./wire.ts";

/** What the desk works with. */
export interface DeskParts {
  wire: Wire;
  config: SlackConfig;
  book: DeskBook;
  places: Places;
  directory: Directory;
  keeper: Keeper;
  unclear: UnclearFiles;
}
