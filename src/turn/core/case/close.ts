/** Closing: what ends with a conversation, and what begins because it ended. */
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

/** Closes the conversation, stops what is under way in it and triggers what waits for that. */
export function closeConversation(context: TransitionContext, resolution: Resolution, depth: number): void {
  if (context.state.phase === "closed") return;
  // Also where a workflow that an operator started closes it: nobody can take back what waits.
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
  // The customer was never written to, so they are not asked how it was.
  if (!isUnaddressed(context.state)) context.caused.push({ on: "conversation.closed", payload: { resolution }, depth });
}
