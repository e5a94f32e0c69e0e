/** Operators' words while the customer has opted out: nothing is sent, and the operator is told why. */
import { formatLocal } from "../../../domain/hours.ts";
import { own } from "../../../lib/own.ts";
import { line, type TransitionContext, tellDesk } from "../context.ts";
import type { PendingReply } from "../state.ts";
import { dropPending } from "./pending.ts";

/** Reason such as "the customer opted out of texts at 10:02. They can write START." */
export function optedOutReason(context: TransitionContext): string {
  return `the customer opted out of texts ${optedOutSince(context)}. They can write START.`;
}

/** Time of the opt-out in the queue's time zone, with the date unless it was today. */
function optedOutSince({ state, event, catalog }: TransitionContext): string {
  if (state.optedOut === null) return "before";
  const queue = own(catalog.live.queues, state.case?.queue ?? catalog.live.defaultQueue);
  const timezone = queue?.hours?.timezone;
  const [day = "", time = ""] = formatLocal(timezone ?? "UTC", new Date(state.optedOut.at)).split(" ");
  const [today] = formatLocal(timezone ?? "UTC", event.at).split(" ");
  return `${day === today ? "" : `on ${day} `}at ${time}${timezone === undefined ? " UTC" : ""}`;
}

/** Keeps an operator's words inside since they can't reach the customer, and tells the author why. */
export function keepUnsent(context: TransitionContext, words: PendingReply): void {
  const { ref, operator, text, shown } = words;
  line(context, "desk.unsent", `What ${operator.name} wrote was not sent: the customer opted out`);
  if (!shown) tellDesk(context, { kind: "note", author: operator.name, text, internal: true, ref });
  dropPending(context, words, `Not sent: ${optedOutReason(context)}`);
}
