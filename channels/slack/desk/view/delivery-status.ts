import type { ActionsBlock, Button, KnownBlock } from "@slack/types";
import type { ShownDeliveryStatus } from "../../../../src/desk/desk.ts";
import type { DeskQuestion } from "../../../../src/domain/case.ts";
import { actionOf } from "./actions.ts";
import { type DeskMessage, plain, smallPrint } from "./blocks.ts";

/** `block_id` (@slack/types). */
const MAX_BLOCK_ID_CHARACTERS = 255;

/** Renders the delivery status of an operator's words, alone or below `above` if the same post shows the words. */
export function deliveryStatusMessage(mark: ShownDeliveryStatus, above: DeskMessage | null): DeskMessage {
  const line: KnownBlock[] = [...smallPrint(mark.message), ...question(mark)];
  const text = [...(above === null ? [] : [above.text]), mark.message, ...buttonNames(mark.question)].join("\n");
  return { text, blocks: [...(above?.blocks ?? []), ...line] };
}

/** Names the buttons, for screen readers. */
const buttonNames = (question: DeskQuestion | null): string[] =>
  question === null ? [] : [`${ANSWERS[question].send} / ${ANSWERS[question].keep}`];

const ANSWERS: Readonly<Record<DeskQuestion, { send: string; keep: string }>> = {
  on_hold: { send: "Send to customer", keep: "Keep inside" },
  correction: { send: "Send correction", keep: "Leave it" },
};

function question({ question, conversation, ref }: ShownDeliveryStatus): ActionsBlock[] {
  if (question === null) return [];
  const value = JSON.stringify({ c: conversation, ref });
  const { send, keep } = ANSWERS[question];
  const elements: Button[] = [
    { type: "button", text: plain(send), action_id: actionOf("send_held"), value, style: "primary" },
    { type: "button", text: plain(keep), action_id: actionOf("keep_held"), value },
  ];
  return [{ type: "actions", block_id: `mark:${ref}`.slice(0, MAX_BLOCK_ID_CHARACTERS), elements }];
}
