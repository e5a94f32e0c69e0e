/** Alarms of a question: one to ask once more, one to give up. */
import type { Step } from "./definition.ts";
import { end, journalLine, type StepOutcome, type Walk } from "./walk.ts";

export const remindAlarm = (prompt: string): string => `${prompt}:remind`;
export const giveUpAlarm = (prompt: string): string => `${prompt}:giveup`;

/** Takes the `on_give_up:` steps, or ends the run; workflows on `conversation.idle` can follow up on that. */
export function giveUp(walk: Walk, onGiveUp: readonly Step[] | null): StepOutcome {
  const then = onGiveUp === null ? "the workflow ended" : "went on with its on_give_up steps";
  journalLine(walk, "ask.given_up", `The customer did not answer in time, so ${then}`);
  return onGiveUp === null ? end : { kind: "into", steps: onGiveUp };
}

interface Timed {
  remindAfterMs?: number | null;
  giveUpAfterMs: number | null;
}

export function setAlarms(walk: Walk, prompt: string, { remindAfterMs = null, giveUpAfterMs }: Timed): void {
  if (remindAfterMs !== null) walk.effects.push({ kind: "alarm", alarm: remindAlarm(prompt), afterMs: remindAfterMs });
  if (giveUpAfterMs !== null) walk.effects.push({ kind: "alarm", alarm: giveUpAlarm(prompt), afterMs: giveUpAfterMs });
}

export function cancelAlarms(walk: Walk, prompt: string, { remindAfterMs = null, giveUpAfterMs }: Timed): void {
  if (remindAfterMs !== null) walk.effects.push({ kind: "cancel_alarm", alarm: remindAlarm(prompt) });
  if (giveUpAfterMs !== null) walk.effects.push({ kind: "cancel_alarm", alarm: giveUpAlarm(prompt) });
}
