/** Reads one snapshot of the playground from PostgreSQL. */

import { partState } from "../desk/delivery-words.ts";
import type { CaseCard } from "../domain/case.ts";
import type { Author } from "../domain/message.ts";
import type { Db } from "../store/db.ts";
import { changeMark } from "../store/playground.ts";
import { conversationsWithBot, deskCards, filterByChannels } from "../store/playground-desk.ts";
import {
  type ArrivedPartRow,
  arrivedParts,
  type CustomerMessageRow,
  conversationsOfThread,
  customerMessages,
  type JournalEventRow,
  latestCustomerName,
  recentEvents,
} from "../store/playground-dialogue.ts";
import type { Happening } from "../turn/core/event.ts";
import { readEvent } from "../turn/journal.ts";
import { casePane, channelTitle, withChannelTitle } from "./case-view.ts";
import { type PlaygroundDeps, pageChannels } from "./deps.ts";
import { eventWords } from "./journal-words.ts";
import { asFittedPart, journalLines, openPromptOf } from "./stored-shapes.ts";
import type { JournalRow, PlaygroundView, ShownMessage } from "./view.ts";

/** The conversations that one page shows. */
export interface ViewRequest {
  channel: string;
  thread: string;
  /** The conversation whose case is open, or null. */
  case: number | null;
  /** The conversation whose journal is shown; null: the customer's current one. */
  journal: number | null;
}

/** Longest lists in one snapshot; the page tells when there is more. */
const MAX_MESSAGES = 200;
const MAX_CASES = 50;
const MAX_WITH_BOT = 20;
const MAX_JOURNAL = 200;

/** Reads the snapshot. Conversations on other channels than the page's own are left out. */
export async function playgroundView(deps: PlaygroundDeps, request: ViewRequest): Promise<PlaygroundView> {
  const { db, desk } = deps;
  const channels = pageChannels(deps);
  const shown = await filterByChannels(db, channels, requestedConversations(request));
  const conversations = await conversationsOfThread(db, request.channel, request.thread);
  const current = conversations.at(-1);
  const ids = conversations.map(({ id }) => id);
  const [dialogue, cards, bots, thread, happened] = await Promise.all([
    customerPane(db, ids, request),
    deskCards(db, desk, { channels, limit: MAX_CASES + 1 }),
    conversationsWithBot(db, channels, MAX_WITH_BOT + 1),
    request.case === null || !shown.has(request.case) ? null : casePane(deps, request.case),
    journalPane(
      deps,
      request.journal === null ? (current?.id ?? null) : shown.has(request.journal) ? request.journal : null,
    ),
  ]);
  return {
    conversation: current?.id ?? null,
    customer: dialogue.messages,
    openPrompt: openPromptOf(current?.state),
    queues: byQueue(
      deps,
      cards.slice(0, MAX_CASES).map(({ card }) => withChannelTitle(deps, card)),
    ),
    manual: deps.manual(),
    withBot: bots.slice(0, MAX_WITH_BOT).map(({ last_text, channel, ...row }) => ({
      ...row,
      channel: channelTitle(deps, channel),
      lastText: last_text,
    })),
    thread: thread === null || thread.card === null ? null : { card: thread.card, entries: thread.entries },
    hints: thread?.hints ?? [],
    journalOf: happened.of,
    journal: happened.rows,
    older: {
      customer: dialogue.older,
      journal: happened.older,
      thread: thread?.older ?? false,
      cases: cards.length > MAX_CASES || bots.length > MAX_WITH_BOT,
    },
  };
}

/** Returns a mark that differs after a change on the page; see changeMark. */
export async function viewMark(deps: PlaygroundDeps, request: ViewRequest): Promise<string> {
  const conversations = await conversationsOfThread(deps.db, request.channel, request.thread);
  const watched = [...conversations.map(({ id }) => id), ...requestedConversations(request)];
  const { db, desk } = deps;
  return changeMark(db, { conversations: watched, desk, open: MAX_WITH_BOT + 1, channels: pageChannels(deps) });
}

const requestedConversations = (request: ViewRequest): number[] =>
  [request.case, request.journal].filter((id) => id !== null);

async function customerPane(db: Db, conversations: readonly number[], { channel, thread }: ViewRequest) {
  const limit = MAX_MESSAGES + 1;
  const [theirs, ours] = await Promise.all([
    customerMessages(db, conversations, limit),
    arrivedParts(db, conversations, { channel, thread, limit }),
  ]);
  // Message ids are ascending, so they decide within one millisecond.
  const arrived = [
    ...theirs.map((row) => ({ shown: fromCustomer(row), order: row.id })),
    ...ours.map((row) => ({ shown: fromUs(row), order: row.message ?? 0 })),
  ].sort((one, other) => one.shown.at.localeCompare(other.shown.at) || one.order - other.order);
  const messages = arrived.slice(-MAX_MESSAGES).map(({ shown }) => shown);
  return { messages, older: arrived.length > MAX_MESSAGES };
}

function fromCustomer({ at, ...row }: CustomerMessageRow): ShownMessage {
  return { ...row, author: "customer", at: at.toISOString(), options: [], promptId: null, state: null };
}

function fromUs(row: ArrivedPartRow): ShownMessage {
  const part = asFittedPart(row.content);
  const author: Author = row.author === "operator" ? "operator" : "bot";
  return {
    id: row.id,
    ref: row.ref,
    author,
    name: row.name ?? "",
    text: part.text,
    at: row.at.toISOString(),
    options: (part.options ?? []).map(({ id, label }) => ({ id, label })),
    promptId: part.promptId ?? null,
    state: partState(row),
  };
}

/** Groups cases by queue in configured order, empty ones included; removed queues with cases follow. */
function byQueue(deps: PlaygroundDeps, cards: readonly CaseCard[]): PlaygroundView["queues"] {
  const known = deps.queues();
  const gone = [...new Set(cards.map(({ queue }) => queue))].filter((id) => !known.some((queue) => queue.id === id));
  return [...known, ...gone.map((id) => ({ id, title: id }))].map(({ id, title }) => ({
    id,
    title,
    cases: cards.filter((card) => card.queue === id),
  }));
}

async function journalPane(deps: PlaygroundDeps, conversation: number | null) {
  if (conversation === null) return { of: null, rows: [], older: false };
  const { db } = deps;
  const [rows, names] = await Promise.all([
    recentEvents(db, conversation, MAX_JOURNAL + 1),
    latestCustomerName(db, conversation),
  ]);
  const happened = rows.slice(0, MAX_JOURNAL).reverse().map(readRow);
  const shown = await filterByChannels(
    db,
    pageChannels(deps),
    happened.flatMap(({ elsewhere }) => elsewhere ?? []),
  );
  return {
    of: { conversation, customer: names[0]?.name ?? "" },
    rows: happened.map((one) => journalRow(one, one.elsewhere === null || shown.has(one.elsewhere))),
    older: rows.length > MAX_JOURNAL,
  };
}

interface ReadRow extends JournalEventRow {
  /** null: written by another version and unreadable by this one. */
  happening: Happening | null;
  /** The other conversation whose message it repeats, or null. */
  elsewhere: number | null;
}

function readRow(row: JournalEventRow): ReadRow {
  const { id, kind, payload, at } = row;
  try {
    const happening = readEvent({ id, kind, payload, at: at.toISOString() });
    return { ...row, happening, elsewhere: happening.kind === "elsewhere" ? happening.from : null };
  } catch {
    return { ...row, happening: null, elsewhere: null };
  }
}

function journalRow({ id, seq, at, kind, lines, quarantined, happening }: ReadRow, shown: boolean): JournalRow {
  const aside =
    quarantined === null ? [] : [{ code: "quarantined", message: `Quarantined; a person takes over: ${quarantined}` }];
  const message = shown ? describeRow(kind, happening) : OTHER_CHANNEL;
  // A line often repeats the message ("Mara claimed the case").
  const decided = journalLines(lines).filter((line) => line.message !== message);
  return { id, seq, at: at.toISOString(), kind, message, lines: [...decided, ...aside] };
}

const OTHER_CHANNEL = "The customer wrote on a channel that this page does not show";

/** Describes an event; one of another version that is unreadable is still shown. */
function describeRow(kind: string, happening: Happening | null): string {
  return happening === null ? `An event that this version can't describe (${kind})` : eventWords(happening);
}
