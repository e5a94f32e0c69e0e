/** Hands a conversation over to a queue: the case, its facts, and what the customer is told. */

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
  /** null, or a queue that no longer exists: the default queue. */
  queue: string | null;
  priority: Priority;
  escalation: Escalation;
  /** Replaces the text for `escalation`. */
  reason?: string;
  summary: string | null;
  /** Text for the customer; null: the engine's own. */
  say: string | null;
  /** Values known so far; they become the card's facts. */
  known: Readonly<Record<string, unknown>>;
  /** Release of the run that hands over, beside those of the conversation's runs. */
  release?: number;
  /** `silent`: the customer is told nothing. */
  words: "say" | "silent";
  /** Set where the caller shows the reason in the thread itself. */
  reasonShown?: true;
}

/** A handoff without words to the customer and without known values, for cases that people or the brakes open. */
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

/** Maximum number of facts on a card, and of characters of one; the thread has everything. */
const CARD_FACTS = 12;
const CARD_FACT_CHARACTERS = 300;
const CARD_SUMMARY_CHARACTERS = 4_000;
const HIDDEN = "(sensitive, not shown)";

/**
 * Opens a case, or hands over an earlier one again, and tells the customer. Does nothing where people hold the
 * conversation already.
 */
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
  // A workflow may hand over after the close; people can only act on an open conversation.
  change(context, {
    phase: "open",
    resolution: null,
    closedAt: null,
    // The thread shows them.
    unread: [],
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

/** Begins the thread with the transcript (after `since`), the workflows' notes and the customer's files. */
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

/** Values for workflows' conditions; `error.says` has the same in words. */
const NO_FACTS: ReadonlySet<string> = new Set(["error.reason", "error.name"]);

/** The known values as facts for the card, under dotted names; sensitive ones are masked. */
function cardFacts(context: TransitionContext, { known, release }: Handoff): { label: string; value: string }[] {
  const hidden = sensitivePathsOf(context, release);
  return flatten(known, "")
    .filter(({ label }) => !NO_FACTS.has(label))
    .map(({ label, value }) => ({ label, value: hidden.has(label) ? HIDDEN : value }))
    .slice(0, CARD_FACTS);
}

/**
 * Fields that are sensitive in the live release or in the release of any run here, since files may have been edited.
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

/** Shortens a text for the card; never leaves half of a surrogate pair, which could not be stored. */
const shorten = (text: string, max: number): string =>
  text.length > max ? `${text.slice(0, max).toWellFormed()} …` : text;
