import type { ActionsBlock, Button, KnownBlock } from "@slack/types";
import type { ShownDeliveryStatus } from "../../../../src/desk/desk.ts";
import type { DeskQuestion } from "../../../../src/domain/case.ts";
import { actionOf } from "./actions.ts";
import { plain, type Shown, smallPrint } from "./blocks.ts";

/** `block_id` (@slack/types). */
const MAX_BLOCK_ID_CHARACTERS = 255;

/** What became of an operator's words, under them or, where the same post shows them, below `above`. */
export function deliveryStatusMessage(mark: ShownDeliveryStatus, above: Shown | null): Shown {
  const line: KnownBlock[] = [...smallPrint(mark.message), ...question(mark)];
  const text = [...(above === null ? [] : [above.text]), mark.message, ...answers(mark.question)].join("\n");
  return { text, blocks: [...(above?.blocks ?? []), ...line] };
}

/** What can be pressed, for who can't see it. */
const answers = (asked: DeskQuestion | null): string[] =>
  asked === null ? [] : [`${ANSWERS[asked].send} / ${ANSWERS[asked].keep}`];

const ANSWERS: Readonly<Record<DeskQuestion, { send: string; keep: string }>> = {
  on_hold: { send: "Send to customer", keep: "Keep inside" },
  correction: { send: "Send correction", keep: "Leave it" },
};

function question({ question: asked, conversation, ref }: ShownDeliveryStatus): ActionsBlock[] {
  if (asked === null) return [];
  const value = JSON.stringify({ c: conversation, ref });
  const { send, keep } = ANSWERS[asked];
  const elements: Button[] = [
    { type: "button", text: plain(send), action_id: actionOf("send_held"), value, style: "primary" },
    { type: "button", text: plain(keep), action_id: actionOf("keep_held"), value },
  ];
  return [{ type: "actions", block_id: `mark:${ref}`.slice(0, MAX_BLOCK_ID_CHARACTERS), elements }];
}
