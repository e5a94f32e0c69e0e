import type { KnownBlock } from "@slack/types";
import type { StoredFile } from "../../../src/domain/message.ts";

/** An encoded part: a message, or a file by itself. */
export type SlackBody = { kind: "message"; text: string; blocks: KnownBlock[] } | { kind: "file"; file: StoredFile };

/** Metadata event of every post, by which it is found if its answer was lost. It holds only ids: anyone can read it. */
export const METADATA_EVENT = "frontdesk_part";
