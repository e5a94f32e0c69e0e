/**
 * Two cases that are one: this one ends, and whatever its customer writes from then on is said in the other. The other
 * conversation hears of it as an event of its own, so that each keeps its order.
 */
import type { Operator } from "../../domain/case.ts";
import { change, changeCase, type Draft, line, markOf, tellDesk, tellSystem } from "./draft.ts";
import type { Event } from "./event.ts";
import { openCase } from "./handoff.ts";
import { stopRuns } from "./runs.ts";
import { held } from "./state.ts";

/** This case goes on in another. */
export function merge(draft: Draft, operator: Operator, into: number): void {
  const { state, event } = draft;
  const { name, phone, email } = state.contact;
  const waitingSince = state.case?.waitingSince ?? null;
  draft.relays.push({
    conversation: into,
    happening: {
      kind: "merged",
      from: draft.conversation,
      by: operator.name,
      customer: name || phone || email || "Unknown customer",
      channel: state.channel,
      until: markOf(draft),
      waitingSince,
    },
  });
  stopRuns(draft, "the case was merged into another");
  const closedAt = event.at.toISOString();
  changeCase(draft, { held: false, status: "solved", waitingSince: null, shownUntil: markOf(draft), mergedInto: into });
  change(draft, { phase: "closed", resolution: "merged", closedAt, idle: [], waiting: [] });
}

/** Another case goes on in this one. */
export function mergedHere(draft: Draft, event: Extract<Event, { kind: "merged" }>): void {
  const what = `Case ${event.from} (${event.customer}, ${event.channel}) was merged into this one by ${event.by}`;
  line(draft, "case.merged", what);
  openAgain(draft, `${what}`);
  draft.tells.push({
    to: "desk",
    part: { desk: "transcript", since: null, until: event.until, of: event.from },
    mirrors: null,
  });
  tellSystem(draft, `${what}.`);
  const open = draft.state.case;
  if (open !== null && event.waitingSince !== null && open.waitingSince === null)
    changeCase(draft, { waitingSince: event.waitingSince });
}

/** The customer of a merged case wrote there; the answer goes out on this conversation's channel. */
export function heardElsewhere(draft: Draft, event: Extract<Event, { kind: "elsewhere" }>): void {
  line(draft, "case.elsewhere", `The customer wrote in case ${event.from}, which was merged into this one`);
  openAgain(draft, `${event.author} wrote again`);
  const open = draft.state.case;
  const notify = open?.holder == null ? {} : { notify: open.holder.id };
  const { author, channel, text } = event;
  tellDesk(draft, { kind: "customer", author, channel, text, internal: false, ...notify });
  if (open === null) return;
  const status = open.holder === null ? "new" : "with us";
  changeCase(draft, { status, waitingSince: open.waitingSince ?? draft.event.at.toISOString(), lastSpeaker: null });
}

/** People can act on nothing that is closed, or with the bot. */
function openAgain(draft: Draft, reason: string): void {
  if (held(draft.state)) return;
  const facts = {
    priority: "normal",
    because: "policy",
    summary: null,
    say: null,
    known: {},
    words: "silent",
  } as const;
  openCase(draft, { ...facts, queue: draft.state.case?.queue ?? null, reason });
}
