import type { KnownBlock } from "@slack/types";
import type { StoredFile } from "../../../src/domain/message.ts";

/** What `encode` makes of a part: a message, or a file by itself. */
export type SlackBody = { kind: "message"; text: string; blocks: KnownBlock[] } | { kind: "file"; file: StoredFile };

/** What stands with every post, so that it can be found again though the answer was lost: ids only, anyone can read it. */
export const METADATA_EVENT = "frontdesk_part";
