/**
 * Two cases that are one: this one ends, and whatever its customer writes from then on is said in the other. The other
 * conversation hears of it as an event of its own, so that each keeps its order.
 */

import type { DeskCommand } from "../../../adapter/inbound.ts";
import { mergeQuestion, type Operator } from "../../../domain/case.ts";
import { customerLabel } from "../../../domain/customer-name.ts";
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
import { openOrHint, recordDecision, refuse } from "../operator/guards.ts";
import { mayWork } from "../operator/members.ts";
import { askForFiles, withFiles } from "../outgoing/files.ts";
import { settleWords } from "../outgoing/send.ts";
import { isHeld } from "../policy.ts";
import { stopRuns } from "../runs.ts";
import type { CaseState } from "../state.ts";
import { openCase, UNTOLD } from "./open.ts";

type Asked = Extract<Event, { kind: "operator" }>;

/**
 * An operator wants this case to go on in another one: theirs to see both, and, where the two are of two people, only when
 * they were asked about that by name.
 */
export function mergeInto(
  draft: TransitionContext,
  asked: Asked,
  wanted: Extract<DeskCommand, { kind: "merge" }>,
): void {
  const { operator } = asked;
  const open = openOrHint(draft, operator);
  if (open === null) return;
  const reason = unmergeable(draft, asked, { open, ...wanted });
  if (reason !== null) return refuse(draft, operator, reason);
  settleWords(draft);
  merge(draft, operator, wanted.into);
  const message = `${operator.name} merged this case into case ${wanted.into}`;
  recordDecision(draft, operator, { action: "merge", before: open, message });
}

/** Why it can't go on there, and what to do; null: it can. */
function unmergeable(
  draft: TransitionContext,
  asked: Asked,
  { open, into, twoPeople }: { open: CaseState; into: number; twoPeople?: true | undefined },
): string | null {
  const { holder } = open;
  if (holder !== null && holder.id !== asked.operator.id)
    return `${holder.name} holds this case, so only ${holder.name} can merge it.`;
  if (into === draft.conversation) return "A case can't be merged into itself.";
  const other = asked.into ?? null;
  // The same words for both: that there is one in another queue is nothing to be found out here.
  if (other === null || !mayWork(draft, asked, other.queue))
    return `There is no case ${into} in a queue in which you work, so nothing was merged.`;
  if (other.mergedInto !== null) return `Case ${into} was merged into case ${other.mergedInto}: choose that one.`;
  if (other.contact === draft.state.contact.id || twoPeople === true) return null;
  return `${mergeQuestion(customerLabel(draft.state.contact), other.customer)} Nothing was merged: choose “Merge into another case” again, and say so there.`;
}

/** This case goes on in another. */
function merge(draft: TransitionContext, operator: Operator, into: number): void {
  const { state, event } = draft;
  const waitingSince = state.case?.waitingSince ?? null;
  draft.relays.push({
    conversation: into,
    happening: {
      kind: "merged",
      from: draft.conversation,
      by: operator.name,
      customer: customerLabel(draft.state.contact),
      channel: state.channel,
      until: transcriptMark(draft),
      waitingSince,
    },
  });
  stopRuns(draft, "the case was merged into another");
  for (const workflow of state.idle) cancelAlarm(draft, { kind: "idle", workflow });
  const closedAt = event.at.toISOString();
  changeCase(draft, {
    held: false,
    status: "solved",
    waitingSince: null,
    shownUntil: transcriptMark(draft),
    mergedInto: into,
  });
  change(draft, { phase: "closed", resolution: "merged", closedAt, idle: [], waiting: [] });
}

/** Another case goes on in this one. */
export function onMerged(draft: TransitionContext, event: Extract<Event, { kind: "merged" }>): void {
  const what = `Case ${event.from} (${event.customer}, ${event.channel}) was merged into this one by ${event.by}`;
  line(draft, "case.merged", what);
  const next = further(draft, event.from);
  if (next !== null) return passFurther(draft, event, next);
  openAgain(draft, what);
  draft.tells.push({
    kind: "desk",
    part: { kind: "transcript", since: null, until: event.until, of: event.from },
    mirrors: null,
  });
  tellSystem(draft, `${what}.`);
  const open = draft.state.case;
  if (open === null || event.waitingSince === null) return;
  const earliest = open.waitingSince !== null && open.waitingSince < event.waitingSince;
  if (!earliest) changeCase(draft, { waitingSince: event.waitingSince });
}

/** The case it was to go on in is not there: it is open again, and nobody's words are lost. */
export function onUnmerged(draft: TransitionContext, into: number): void {
  const what = `There is no case ${into} to merge into`;
  line(draft, "case.unmerged", what);
  if (draft.state.case?.mergedInto !== into) return;
  change(draft, { case: { ...draft.state.case, mergedInto: null } });
  openAgain(draft, `${what}, so this case is open again`);
}

/** The customer of a merged case wrote there; the answer goes out on this conversation's channel. */
export function onElsewhere(draft: TransitionContext, event: Extract<Event, { kind: "elsewhere" }>): void {
  line(draft, "case.elsewhere", `The customer wrote in case ${event.from}, which was merged into this one`);
  const next = further(draft, event.from);
  if (next !== null) return passFurther(draft, event, next);
  openAgain(draft, `${event.author} wrote again`);
  const open = draft.state.case;
  const notify = open?.holder == null ? {} : { notify: open.holder.id };
  const { author, channel, text, files = [] } = event;
  tellDesk(draft, { kind: "customer", author, channel, text, internal: false, ...notify, ...withFiles(files) });
  askForFiles(draft, channel, { files, author });
  if (open === null) return;
  const status = open.holder === null ? "new" : "with us";
  changeCase(draft, { status, waitingSince: open.waitingSince ?? draft.event.at.toISOString(), lastSpeaker: null });
}

/**
 * The case in which this one goes on, so that nobody looks here. Not the one it came from: of two that were merged into
 * each other at once, each goes on by itself, so that nothing is passed round for ever.
 */
function further({ state }: TransitionContext, from: number): number | null {
  const next = state.case?.mergedInto ?? null;
  return next === from ? null : next;
}

function passFurther(
  draft: TransitionContext,
  event: Extract<Event, { kind: "merged" | "elsewhere" }>,
  into: number,
): void {
  line(draft, "case.passed", `This case was merged into case ${into} itself, so it went there`);
  const { id: _id, at: _at, ...happening } = event;
  draft.relays.push({ conversation: into, happening });
}

/** People can act on nothing that is closed, or with the bot. */
function openAgain(draft: TransitionContext, reason: string): void {
  if (isHeld(draft.state)) return;
  openCase(draft, { ...UNTOLD, queue: draft.state.case?.queue ?? null, reason });
}
