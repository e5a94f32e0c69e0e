import type { KnownBlock } from "@slack/types";

/** Slack names blocks that have no id, and forgets those of Markdown blocks. */
export const withIds = (blocks: readonly KnownBlock[]): KnownBlock[] =>
  blocks.map((block, n) => ({ ...block, block_id: (block.type !== "markdown" && block.block_id) || `b${n}` }));
