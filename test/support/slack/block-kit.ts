/** Types from which `npm run slack:schema` generates the schema: the blocks, and views without their blocks. */
import type { HomeView, KnownBlock, ModalView } from "@slack/types";

export interface BlockKit {
  block: KnownBlock;
  modal: Omit<ModalView, "blocks">;
  home: Omit<HomeView, "blocks">;
}
