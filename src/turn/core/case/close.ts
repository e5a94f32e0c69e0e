/** Closes conversations. */
import type { Resolution } from "../../../workflow/definition.ts";
import { isHeld, isUnaddressed } from "../bot-policy.ts";
import {
  cancelAlarm,
  change,
  changeCase,
  line,
  type TransitionContext,
  tellSystem,
  transcriptMarkBefore,
} from "../context.ts";
import { settlePending } from "../outgoing/send.ts";
import { stopRuns } from "../runs.ts";

/** Closes the conversation, stops its runs and alarms, and triggers workflows that start on a close. */
export function closeConversation(context: TransitionContext, resolution: Resolution, depth: number): void {
  if (context.state.phase === "closed") return;
  // A workflow that an operator started may close it too; unsent words can't be taken back then.
  if (isHeld(context.state)) settlePending(context);
  stopRuns(context, "the conversation was closed");
  for (const workflow of context.state.idle) cancelAlarm(context, { kind: "idle", workflow });
  const closedAt = context.event.at.toISOString();
  change(context, { phase: "closed", resolution, closedAt, idle: [], waiting: [] });
  line(context, "conversation.closed", `Closed: ${resolution}`);
  if (context.state.case !== null) {
    tellSystem(context, `Closed: ${resolution}.`);
    const shownUntil = isHeld(context.state) ? transcriptMarkBefore(context) : context.state.case.shownUntil;
    changeCase(context, { held: false, status: "solved", waitingSince: null, shownUntil });
  }
  // The customer was never written to, so no survey is triggered.
  if (!isUnaddressed(context.state)) context.caused.push({ on: "conversation.closed", payload: { resolution }, depth });
}
