/** What the schema is made of (`block-schema.ts` reads this file): the blocks, and views without theirs. */
import type { HomeView, KnownBlock, ModalView } from "@slack/types";

export interface BlockKit {
  block: KnownBlock;
  modal: Omit<ModalView, "blocks">;
  home: Omit<HomeView, "blocks">;
}
