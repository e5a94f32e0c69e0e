/** Types that `npm run slack:schema` makes the schema from: the blocks, and views without theirs. */
import type { HomeView, KnownBlock, ModalView } from "@slack/types";

export interface BlockKit {
  block: KnownBlock;
  modal: Omit<ModalView, "blocks">;
  home: Omit<HomeView, "blocks">;
}
