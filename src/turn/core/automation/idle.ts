/** Alarms of idle workflows, set again with each message of the customer's. */
import { botSilence } from "../bot-policy.ts";
import { cancelAlarm, change, setAlarm, type TransitionContext } from "../context.ts";

import { servesChannel, takesOccasion } from "./triage.ts";

/** Restarts the idle alarms: the customer wrote, or people handed the conversation back. */
export function restartIdleAlarms(context: TransitionContext): void {
  const { state, catalog, event } = context;
  const idle: string[] = [];
  for (const workflow of catalog.live.workflows) {
    const trigger = workflow.triggers.find((candidate) => candidate.on === "conversation.idle");
    if (trigger?.on !== "conversation.idle" || workflow.status !== "live" || !servesChannel(workflow, state.channel))
      continue;
    setAlarm(context, { kind: "idle", workflow: workflow.id }, new Date(event.at.getTime() + trigger.forMs));
    idle.push(workflow.id);
  }
  for (const gone of state.idle) if (!idle.includes(gone)) cancelAlarm(context, { kind: "idle", workflow: gone });
  if (idle.length > 0 || state.idle.length > 0) change(context, { idle });
}

/**
 * True when an idle workflow is due: the customer has been silent for long enough, and people do not hold the
 * conversation.
 */
export function isIdleDue(context: TransitionContext, workflowId: string): boolean {
  const { state, event, catalog } = context;
  const workflow = catalog.live.workflows.find(({ id }) => id === workflowId);
  const trigger = workflow?.triggers.find((candidate) => candidate.on === "conversation.idle");
  if (
    workflow === undefined ||
    trigger?.on !== "conversation.idle" ||
    state.phase !== "open" ||
    botSilence(state) === "people"
  )
    return false;
  const silentMs = event.at.getTime() - Date.parse(state.lastCustomerAt ?? state.openedAt);
  return (
    silentMs >= trigger.forMs &&
    takesOccasion(context, workflow, { on: "conversation.idle", payload: { silentMs }, depth: 0 })
  );
}
