import type { KnownBlock } from "@slack/types";

/** Adds ids to blocks without one, and removes those of Markdown blocks, like Slack. */
export const withIds = (blocks: readonly KnownBlock[]): KnownBlock[] =>
  blocks.map((block, n) => ({ ...block, block_id: (block.type !== "markdown" && block.block_id) || `b${n}` }));
