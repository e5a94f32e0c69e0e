/** Closing: what ends with a conversation, and what begins because it ended. */
import type { Resolution } from "../../../workflow/definition.ts";
import { cancelAlarm, change, changeCase, lettingGo, line, type TransitionContext, tellSystem } from "../context.ts";
import { settleWords } from "../outgoing/send.ts";
import { isHeld, isUnaddressed } from "../policy.ts";
import { stopRuns } from "../runs.ts";

/** Closes the conversation, stops what is under way in it and triggers what waits for that. */
export function closeConversation(draft: TransitionContext, resolution: Resolution, depth: number): void {
  if (draft.state.phase === "closed") return;
  // Also where a workflow that an operator started closes it: nobody can take back what waits.
  if (isHeld(draft.state)) settleWords(draft);
  stopRuns(draft, "the conversation was closed");
  for (const workflow of draft.state.idle) cancelAlarm(draft, { kind: "idle", workflow });
  const closedAt = draft.event.at.toISOString();
  change(draft, { phase: "closed", resolution, closedAt, idle: [], waiting: [] });
  line(draft, "conversation.closed", `Closed: ${resolution}`);
  if (draft.state.case !== null) {
    tellSystem(draft, `Closed: ${resolution}.`);
    const shownUntil = isHeld(draft.state) ? lettingGo(draft) : draft.state.case.shownUntil;
    changeCase(draft, { held: false, status: "solved", waitingSince: null, shownUntil });
  }
  // The customer was never written to, so they are not asked how it was.
  if (!isUnaddressed(draft.state)) draft.caused.push({ on: "conversation.closed", payload: { resolution }, depth });
}
