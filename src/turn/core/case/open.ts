/** Bot to queue: the case that people get, with everything that is known, and the words the customer hears. */

import type { TranscriptMark } from "../../../domain/case.ts";
import { isOpenAt, nextOpeningText } from "../../../domain/hours.ts";
import type { Queue } from "../../../domain/queue.ts";
import { own } from "../../../lib/own.ts";
import type { Priority } from "../../../workflow/definition.ts";
import type { Escalation } from "../../../workflow/run.ts";
import { sentencesFor } from "../../../workflow/sentences/sentences.ts";
import { isHeld } from "../bot-policy.ts";
import {
  BOT_NOTICE,
  change,
  line,
  type TransitionContext,
  tellCustomer,
  tellDesk,
  tellSystem,
  transcriptMark,
} from "../context.ts";
import { languagesOf } from "../facts.ts";
import { showFiles } from "../outgoing/files.ts";
import { stopRuns } from "../runs.ts";
import { NEW_CASE } from "../state.ts";
import { sensitivePaths } from "./sensitive-values.ts";

export interface Handoff {
  /** null, or a queue that is gone: the default queue. */
  queue: string | null;
  priority: Priority;
  escalation: Escalation;
  /** Instead of the words for `escalation`. */
  reason?: string;
  summary: string | null;
  /** Words that the customer hears; null: the engine's own words. */
  say: string | null;
  /** Facts that are known by then: the card's facts. */
  known: Readonly<Record<string, unknown>>;
  /** The release of the run that found it out; the runs still under way count anyway. */
  release?: number;
  /** `silent`: the customer hears nothing, as when nothing can reach them. */
  words: "say" | "silent";
  /** Whoever opens it says in the thread why; else the reason stands there. */
  reasonShown?: true;
}

/** A case that people open: the customer is told nothing, and nothing more is known than what was said. */
export const SILENT_HANDOFF = {
  priority: "normal",
  escalation: "policy",
  summary: null,
  say: null,
  known: {},
  words: "silent",
} as const satisfies Partial<Handoff>;

const ESCALATION_WORDS: Readonly<Record<Escalation, string>> = {
  asked: "The customer asked for a person",
  stuck: "The customer's answers were not understood",
  policy: "The workflow hands over here",
  failure: "A step failed",
};

/** Facts on a card at most, and characters of one: a card is a glance, the thread has the whole. */
const CARD_FACTS = 12;
const CARD_FACT_CHARACTERS = 300;
const CARD_SUMMARY_CHARACTERS = 4_000;
const HIDDEN = "(sensitive, not shown)";

/** Opens a case, or passes an open one on, and tells the customer. Where people hold it already, nothing changes. */
export function openCase(context: TransitionContext, handoff: Handoff): void {
  if (isHeld(context.state)) return line(context, "handoff.held", "A person holds the conversation already");
  const { live } = context.catalog;
  const queue = handoff.queue !== null && Object.hasOwn(live.queues, handoff.queue) ? handoff.queue : live.defaultQueue;
  const reason = handoff.reason ?? ESCALATION_WORDS[handoff.escalation];
  line(context, "handoff", `A case for ${own(live.queues, queue)?.title ?? queue}. ${reason}`);
  if (handoff.words === "say") tellHandoff(context, own(live.queues, queue), handoff.say);
  const facts = cardFacts(context, handoff);
  stopRuns(context, "people took over");
  const at = context.event.at.toISOString();
  const before = context.state.case;
  const { priority, summary } = handoff;
  const fresh = { held: true, queue, status: "new", priority, reason, facts, holder: null } as const;
  const opened = { summary: summary === null ? null : shorten(summary, CARD_SUMMARY_CHARACTERS), waitingSince: at };
  // A workflow that hands over after the close opens the conversation again: people can act on nothing that is closed.
  change(context, { phase: "open", resolution: null, closedAt: null });
  change(context, {
    case: {
      ...NEW_CASE,
      ...fresh,
      ...opened,
      openedAt: before?.openedAt ?? at,
      shownUntil: before?.shownUntil ?? null,
    },
  });
  context.cardChanged = true;
  showBeginning(context, { since: context.state.case?.shownUntil ?? null });
  if (handoff.reasonShown !== true) tellSystem(context, `${reason}.`);
}

/**
 * The thread begins with what was said before (`since`: after that), with what workflows noted, and the customer's files.
 */
export function showBeginning(context: TransitionContext, { since }: { since: TranscriptMark | null }): void {
  context.tells.push({
    kind: "desk",
    part: { kind: "transcript", since, until: transcriptMark(context) },
    mirrors: null,
  });
  for (const note of context.state.notes)
    tellDesk(context, { kind: "note", author: "Workflow", text: note, internal: true });
  change(context, { notes: [] });
  showFiles(context);
}

function tellHandoff(context: TransitionContext, queue: Queue | undefined, say: string | null): void {
  const words = sentencesFor(languagesOf(context.state.contact));
  const { at } = context.event;
  const hours = queue?.hours ?? null;
  if (hours === null || isOpenAt(hours, at)) {
    tellCustomer(context, { text: say ?? words.handoff }, BOT_NOTICE);
    return;
  }
  const until = nextOpeningText(hours, at);
  line(context, "handoff.closed", until === null ? "The queue is closed" : `The queue is closed until ${until}`);
  const own = queue?.closedSay?.({ queue: { opens_at: until ?? "" } }, languagesOf(context.state.contact)) ?? null;
  tellCustomer(context, { text: own ?? (until === null ? words.closed : words.closedUntil(until)) }, BOT_NOTICE);
}

/** For workflows' conditions; `error.says` is the same for people. */
const NO_FACTS: ReadonlySet<string> = new Set(["error.reason", "error.name"]);

/** Facts that workflows found out, one line each, under dotted names; what a form calls sensitive is not shown. */
function cardFacts(context: TransitionContext, { known, release }: Handoff): { label: string; value: string }[] {
  const hidden = sensitivePathsOf(context, release);
  return flatten(known, "")
    .filter(({ label }) => !NO_FACTS.has(label))
    .map(({ label, value }) => ({ label, value: hidden.has(label) ? HIDDEN : value }))
    .slice(0, CARD_FACTS);
}

/**
 * Fields that the live release calls sensitive, and those that the release of any run here does: a file may have been
 * edited since.
 */
function sensitivePathsOf({ catalog, state }: TransitionContext, release: number | undefined): ReadonlySet<string> {
  const pinned = [...state.runs.map((run) => run.release), ...(release === undefined ? [] : [release])];
  const releases = [catalog.live, ...pinned.flatMap((id) => catalog.release(id) ?? [])];
  return new Set(releases.flatMap((one) => [...sensitivePaths(one)]));
}

function flatten(value: unknown, label: string): { label: string; value: string }[] {
  if (value === null || value === undefined || value === "") return [];
  if (typeof value === "object" && !Array.isArray(value)) {
    return Object.entries(value).flatMap(([key, inner]) => flatten(inner, label === "" ? key : `${label}.${key}`));
  }
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return [{ label, value: shorten(text, CARD_FACT_CHARACTERS) }];
}

/** The beginning, where it is too long for a card; never half of a surrogate pair, which could not be stored. */
const shorten = (text: string, max: number): string =>
  text.length > max ? `${text.slice(0, max).toWellFormed()} …` : text;
