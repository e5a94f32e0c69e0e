/**
 * Merges cases: one ends, and what its customer writes later is shown in the other. The other conversation gets an
 * event of its own, so that each keeps its order.
 */

import type { Operator } from "../../../domain/case.ts";
import { customerLabel } from "../../../domain/customer-name.ts";
import { isHeld } from "../bot-policy.ts";
import {
  cancelAlarm,
  change,
  changeCase,
  line,
  type TransitionContext,
  tellDesk,
  tellSystem,
  transcriptMark,
} from "../context.ts";
import type { Event } from "../event.ts";
import { askForFiles, withFiles } from "../outgoing/files.ts";
import { stopRuns } from "../runs.ts";
import { openCase, SILENT_HANDOFF } from "./open.ts";

/** Merges this case into another. */
export function mergeCase(context: TransitionContext, operator: Operator, into: number): void {
  const { state, event } = context;
  const waitingSince = state.case?.waitingSince ?? null;
  context.relays.push({
    conversation: into,
    happening: {
      kind: "merged",
      from: context.conversation,
      by: operator.name,
      customer: customerLabel(context.state.contact),
      channel: state.channel,
      until: transcriptMark(context),
      waitingSince,
    },
  });
  stopRuns(context, "the case was merged into another");
  for (const workflow of state.idle) cancelAlarm(context, { kind: "idle", workflow });
  const closedAt = event.at.toISOString();
  changeCase(context, {
    held: false,
    status: "solved",
    waitingSince: null,
    shownUntil: transcriptMark(context),
    mergedInto: into,
  });
  change(context, { phase: "closed", resolution: "merged", closedAt, idle: [], waiting: [] });
}

/** Another case was merged into this one. */
export function onMerged(context: TransitionContext, event: Extract<Event, { kind: "merged" }>): void {
  const what = `Case ${event.from} (${event.customer}, ${event.channel}) was merged into this one by ${event.by}`;
  line(context, "case.merged", what);
  const next = onwardCase(context, event.from);
  if (next !== null) return passOnward(context, event, next);
  reopenCase(context, what);
  context.tells.push({
    kind: "desk",
    part: { kind: "transcript", since: null, until: event.until, of: event.from },
    mirrors: null,
  });
  tellSystem(context, `${what}.`);
  const open = context.state.case;
  if (open === null || event.waitingSince === null) return;
  const earliest = open.waitingSince !== null && open.waitingSince < event.waitingSince;
  if (!earliest) changeCase(context, { waitingSince: event.waitingSince });
}

/** The case to merge into does not exist, so this one is opened again. */
export function onUnmerged(context: TransitionContext, into: number): void {
  const what = `There is no case ${into} to merge into`;
  line(context, "case.unmerged", what);
  if (context.state.case?.mergedInto !== into) return;
  change(context, { case: { ...context.state.case, mergedInto: null } });
  reopenCase(context, `${what}, so this case is open again`);
}

/** The customer of a merged case wrote there. Answers go out on this conversation's channel. */
export function onElsewhere(context: TransitionContext, event: Extract<Event, { kind: "elsewhere" }>): void {
  line(context, "case.elsewhere", `The customer wrote in case ${event.from}, which was merged into this one`);
  const next = onwardCase(context, event.from);
  if (next !== null) return passOnward(context, event, next);
  reopenCase(context, `${event.author} wrote again`);
  const open = context.state.case;
  const notify = open?.holder == null ? {} : { notify: open.holder.id };
  const { author, channel, text, files = [] } = event;
  tellDesk(context, { kind: "customer", author, channel, text, internal: false, ...notify, ...withFiles(files) });
  askForFiles(context, channel, { files, author });
  if (open === null) return;
  const status = open.holder === null ? "new" : "with us";
  changeCase(context, { status, waitingSince: open.waitingSince ?? context.event.at.toISOString(), lastSpeaker: null });
}

/**
 * The case that this one was merged into itself; null: none. `from` does not count: when two cases were merged into
 * each other at the same time each goes on by itself, so that events do not circulate.
 */
function onwardCase({ state }: TransitionContext, from: number): number | null {
  const next = state.case?.mergedInto ?? null;
  return next === from ? null : next;
}

function passOnward(
  context: TransitionContext,
  event: Extract<Event, { kind: "merged" | "elsewhere" }>,
  into: number,
): void {
  line(context, "case.passed", `This case was merged into case ${into} itself, so it went there`);
  const { id: _id, at: _at, ...happening } = event;
  context.relays.push({ conversation: into, happening });
}

/** Opens the case again where people do not hold it, since they can't act on it otherwise. */
function reopenCase(context: TransitionContext, reason: string): void {
  if (isHeld(context.state)) return;
  openCase(context, { ...SILENT_HANDOFF, queue: context.state.case?.queue ?? null, reason });
}
