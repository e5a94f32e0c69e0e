/** Checks message payloads: lengths, blocks, and combinations. */
import { checkBlocks } from "./blocks.ts";
import { words } from "./web-api/call.ts";
import { malformed, Refusal } from "./web-api/refusal.ts";
import type { World } from "./world.ts";

/** chat.update refuses longer texts; chat.postMessage truncates above the second (4,000 is recommended). */
const MAX_UPDATE_TEXT = 4_000;
const MAX_POST_TEXT = 40_000;
/** Of all Markdown in one payload. */
const MAX_MARKDOWN = 12_000;
/** Undocumented ("metadata_too_large"); our own limit. */
const MAX_METADATA_BYTES = 2_048;
const MAX_ATTACHMENTS = 100;

/** Refuses like Slack, and records the violation. */
export function checkMessage(world: World, method: string, args: Record<string, unknown>): void {
  try {
    inspect(world, method, args);
  } catch (error) {
    if (error instanceof Refusal)
      world.violations.push(`${method}: ${error.code} ${JSON.stringify(error.more["errors"] ?? "")}`);
    throw error;
  }
}

function inspect(world: World, method: string, args: Record<string, unknown>): void {
  const { text, blocks, attachments, markdown_text: markdown } = args;
  if (markdown !== undefined && (text !== undefined || blocks !== undefined))
    throw new Refusal("markdown_text_conflict");
  const nothing = [text, blocks, attachments, markdown].every((one) => one === undefined || one === "");
  if (nothing || (Array.isArray(blocks) && blocks.length === 0 && !text)) throw new Refusal("no_text");
  lengths(world, method, args);
  if (attachments !== undefined && !Array.isArray(attachments)) throw new Refusal("invalid_attachments");
  if (Array.isArray(attachments) && attachments.length > MAX_ATTACHMENTS) throw new Refusal("too_many_attachments");
  if (blocks !== undefined) blocksOf(world, method, args);
  metadataOf(args["metadata"]);
  if (args["parse"] !== undefined && !["none", "full", "client"].includes(words(args["parse"]))) {
    throw new Refusal("invalid_arguments");
  }
}

function lengths(world: World, method: string, args: Record<string, unknown>): void {
  const length = words(args["text"]).length;
  if (method === "chat.update" && length > MAX_UPDATE_TEXT) throw new Refusal("msg_too_long");
  if (length > MAX_POST_TEXT) {
    world.violations.push(`${method}: text of ${length} characters is truncated to ${MAX_POST_TEXT}`);
    args["text"] = words(args["text"]).slice(0, MAX_POST_TEXT);
  }
  const markdown = args["markdown_text"];
  if (typeof markdown === "string" && markdown.length > MAX_MARKDOWN) throw new Refusal("msg_too_long");
}

function blocksOf(world: World, method: string, { blocks, text }: Record<string, unknown>): void {
  if (!Array.isArray(blocks)) throw new Refusal("invalid_blocks_format");
  const wrong = checkBlocks(blocks, "message");
  if (wrong.length > 0) throw malformed("invalid_blocks", wrong);
  const markdown = (blocks as { type: string; text?: string }[]).filter((block) => block.type === "markdown");
  const total = markdown.reduce((sum, block) => sum + (block.text?.length ?? 0), 0);
  if (total > MAX_MARKDOWN) throw new Refusal("msg_blocks_too_long");
  // Slack only warns (`missing_text_in_message`), but screen readers and notifications would have no text.
  if (!text) world.violations.push(`${method}: blocks without text`);
}

function metadataOf(metadata: unknown): void {
  if (metadata === undefined) return;
  const { event_type: type, event_payload: payload } = metadata as { event_type?: unknown; event_payload?: unknown };
  if (typeof type !== "string" || typeof payload !== "object" || payload === null)
    throw new Refusal("invalid_metadata_format");
  if (Buffer.byteLength(JSON.stringify(metadata)) > MAX_METADATA_BYTES) throw new Refusal("metadata_too_large");
}
