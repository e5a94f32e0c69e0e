/** The rules that hold while a customer has opted out: nothing of ours may reach them, and people are told so plainly. */
import { formatLocal } from "../../../domain/hours.ts";
import { own } from "../../../lib/own.ts";
import { line, type TransitionContext, tellDesk } from "../context.ts";
import type { PendingReply } from "../state.ts";
import { dropPending } from "./pending.ts";

/** "the customer opted out of texts at 10:02. They can write START." */
export function optedOutReason(context: TransitionContext): string {
  return `the customer opted out of texts ${optedOutSince(context)}. They can write START.`;
}

/** When they did, as the clocks of the queue's zone show it; the date too, where it was not today. */
function optedOutSince({ state, event, catalog }: TransitionContext): string {
  if (state.optedOut === null) return "before";
  const queue = own(catalog.live.queues, state.case?.queue ?? catalog.live.defaultQueue);
  const timezone = queue?.hours?.timezone;
  const [day = "", time = ""] = formatLocal(timezone ?? "UTC", new Date(state.optedOut.at)).split(" ");
  const [today] = formatLocal(timezone ?? "UTC", event.at).split(" ");
  return `${day === today ? "" : `on ${day} `}at ${time}${timezone === undefined ? " UTC" : ""}`;
}

/** Words of an operator's that can't reach the customer stay inside, and their author is told why. */
export function keepUnsent(context: TransitionContext, words: PendingReply): void {
  const { ref, operator, text, shown } = words;
  line(context, "desk.unsent", `What ${operator.name} wrote was not sent: the customer opted out`);
  if (!shown) tellDesk(context, { kind: "note", author: operator.name, text, internal: true, ref });
  dropPending(context, words, `Not sent: ${optedOutReason(context)}`);
}
