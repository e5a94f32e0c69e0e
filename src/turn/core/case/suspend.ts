/**
 * The bot's work while it is unknown whether a part of its arrived. People get the conversation; if the part turns out to
 * be sent before anybody has done anything, the bot goes on where it stood (E2).
 */

import type { RunInput } from "../../../workflow/run.ts";
import { change, changeCase, line, type TransitionContext, transcriptMarkBefore } from "../context.ts";
import { isAwaited, stopRuns } from "../runs.ts";
import type { Deferred } from "../state.ts";
import { type Handoff, openCase } from "./open.ts";

/** Opens a case because it is unknown whether a part arrived, and keeps the bot's work for a while. */
export function openForParked(context: TransitionContext, outbox: number, handoff: Handoff): void {
  const { runs, prompt, deferred, unread } = context.state;
  // Without runs there is nothing that the case would stop.
  change(context, { runs: [], prompt: null, deferred: [] });
  openCase(context, handoff);
  const { case: open } = context.state;
  if (open !== null)
    change(context, { case: { ...open, suspended: { parts: [outbox], runs, prompt, deferred, unread } } });
}

/** Adds a part to those whose outcome is unknown. False: the bot's work is not suspended. */
export function alsoParked(context: TransitionContext, outbox: number): boolean {
  const { case: open } = context.state;
  if (open === null || open.suspended === null) return false;
  const parts = [...open.suspended.parts, outbox];
  change(context, { case: { ...open, suspended: { ...open.suspended, parts } } });
  return true;
}

/**
 * Hands back to the bot once the last of the parked parts that had opened the case has arrived, and returns what came for
 * its runs meanwhile. null: another part is still in doubt, people have acted, or the case had another reason.
 */
export function resumeAfter(context: TransitionContext, outbox: number): readonly Deferred[] | null {
  const { case: open } = context.state;
  const suspended = open?.suspended ?? null;
  if (open?.held !== true || suspended === null || !suspended.parts.includes(outbox)) return null;
  const parts = suspended.parts.filter((one) => one !== outbox);
  if (parts.length > 0) {
    change(context, { case: { ...open, suspended: { ...suspended, parts } } });
    return null;
  }
  const { runs, prompt, unread } = suspended;
  change(context, { runs, prompt, unread, case: { ...open, suspended: null } });
  changeCase(context, {
    held: false,
    status: "with the bot",
    waitingSince: null,
    shownUntil: transcriptMarkBefore(context),
  });
  line(context, "case.resumed", "Only that had opened the case, so the bot goes on where it stood");
  return suspended.deferred;
}

/** Keeps an answer or an alarm for a suspended run that waits for it. False: none does. */
export function keepForSuspended(context: TransitionContext, input: RunInput): boolean {
  const { case: open } = context.state;
  const suspended = open?.suspended ?? null;
  const run = suspended?.runs.find((one) => isAwaited(one, input));
  if (open === null || suspended === null || run === undefined) return false;
  const deferred = [...suspended.deferred, { run: run.id, input }];
  change(context, { case: { ...open, suspended: { ...suspended, deferred } } });
  line(context, `${input.kind}.suspended`, "The workflow is suspended; it gets this when it goes on");
  return true;
}

/** Ends the bot's suspended work: people, or the customer, have acted. */
export function endSuspended(context: TransitionContext): void {
  const { case: open } = context.state;
  if (open === null || open.suspended === null) return;
  const { runs, prompt, deferred } = open.suspended;
  change(context, { runs, prompt, deferred, case: { ...open, suspended: null } });
  stopRuns(context, "people took over");
}
