/** One case as the desk shows it: its card, its thread, and the delivery of each message. */

import { deliveryWords, messageState } from "../desk/delivery-words.ts";
import type { CaseCard, DeskEntry } from "../domain/case.ts";
import { type DeskPart, readCard, readDeskPart } from "../domain/desk-part.ts";
import { type DeskLineRow, deskCard, deskLines, filterByChannels, messageParts } from "../store/playground-desk.ts";
import { transcriptOf } from "../store/transcript.ts";
import { type PlaygroundDeps, pageChannels } from "./deps.ts";
import type { PlaygroundView, ShownEntry } from "./view.ts";

/** Lines of one thread in one snapshot; the page tells when there are more. */
const MAX_LINES = 200;

/** Reads a case; the card is null when the desk has no case of this conversation. */
export async function casePane(deps: PlaygroundDeps, conversation: number) {
  const { db, desk } = deps;
  const [cards, rows] = await Promise.all([
    deskCard(db, desk, conversation),
    deskLines(db, desk, { conversation, limit: MAX_LINES + 1 }),
  ]);
  const card = cards[0] === undefined ? null : withChannelTitle(deps, cards[0].card);
  const lines = rows
    .slice(0, MAX_LINES)
    .reverse()
    .flatMap(({ content, ...row }) => {
      const part = readable(() => readDeskPart(content));
      return part === null ? [] : [{ ...row, part }];
    });
  const entries = await Promise.all(lines.map((line) => entriesOf(deps, conversation, line)));
  return {
    card,
    entries: await withDelivery(deps, withMarks(withoutRepeats(entries.flat()), lines), {
      conversation,
      customer: card?.customer ?? "the customer",
    }),
    hints: lines.flatMap(({ id, at, part }) => hintOf(id, at, part)),
    older: rows.length > MAX_LINES,
  };
}

/** null for what can't be read: the rest of the case is shown without it. */
function readable<Value>(read: () => Value): Value | null {
  try {
    return read();
  } catch {
    return null;
  }
}

type Line = Omit<DeskLineRow, "content"> & { part: DeskPart };
type Entry = DeskEntry & { id: string; url: string | null };
type MarkedEntry = Entry & Pick<ShownEntry, "mark">;

/** Adds the latest mark to each entry of an operator; `detail` shows its delivery. */
function withMarks(entries: readonly Entry[], lines: readonly Line[]): MarkedEntry[] {
  return entries.map((entry) => {
    const marks = lines.filter(({ part }) => part.kind === "mark" && part.ref === entry.ref);
    // A text on hold that was then sent is a reply.
    const sent = marks.find(({ message }) => message !== null)?.message ?? null;
    const reply = sent === null ? {} : ({ kind: "reply", internal: false, message: sent } as const);
    return { ...entry, ...reply, mark: markOf(marks.at(-1)) };
  });
}

function markOf(line: Line | undefined): ShownEntry["mark"] {
  if (line?.part.kind !== "mark" || line.part.message === null) return null;
  const { ref, message, question } = line.part;
  return { ref, message, question };
}

/** Removes messages that are in the thread already: a second handoff repeats the transcript. */
function withoutRepeats(entries: readonly Entry[]): Entry[] {
  const seen = new Set<number>();
  return entries.filter(({ message }) => {
    if (message === null) return true;
    if (seen.has(message)) return false;
    seen.add(message);
    return true;
  });
}

/** Returns the entries that one desk line shows in the case's thread. */
async function entriesOf(deps: PlaygroundDeps, conversation: number, line: Line): Promise<Entry[]> {
  const { id, at, message, part } = line;
  switch (part.kind) {
    case "entry":
      return [
        { ...hideForeignText(deps, part.entry), message: message ?? part.entry.message, id: String(id), url: null },
      ];
    case "transcript": {
      const of = part.of ?? conversation;
      // A case of another channel that was merged into this one: its messages are not for this page.
      if (!(await filterByChannels(deps.db, pageChannels(deps), [of])).has(of)) return [];
      const transcript = await transcriptOf(deps.db, of, part);
      return transcript.map((entry) => ({ ...entry, id: `${id}.${entry.message}`, url: null }));
    }
    case "file": {
      const { file, author, from: kind } = part;
      const url = `/playground/api/files/${file.id}/${encodeURIComponent(file.name)}`;
      const shown = { kind, author, text: file.name, at: at.toISOString(), message: null, internal: false };
      return [{ ...shown, id: String(id), url }];
    }
    case "card":
    case "mark":
    case "hint":
      return [];
  }
}

function hideForeignText({ channels }: PlaygroundDeps, entry: DeskEntry): DeskEntry {
  const own = entry.channel === undefined || channels.some(({ name }) => name === entry.channel);
  return own ? entry : { ...entry, text: "Written on a channel that this page does not show." };
}

function hintOf(id: number, at: Date, part: DeskPart): PlaygroundView["hints"] {
  return part.kind === "hint" ? [{ id, operator: part.operator, text: part.text, at: at.toISOString() }] : [];
}

async function withDelivery(
  deps: PlaygroundDeps,
  entries: readonly MarkedEntry[],
  { conversation, customer }: { conversation: number; customer: string },
): Promise<ShownEntry[]> {
  const messages = entries.flatMap(({ message }) => (message === null ? [] : [message]));
  const parts = messages.length === 0 ? [] : await messageParts(deps.db, conversation, messages);
  return entries.map((entry) => {
    const own = parts.filter(({ message }) => message === entry.message);
    const channel = channelTitle(deps, own[0]?.channel ?? "");
    const from = entry.channel === undefined ? {} : { channel: channelTitle(deps, entry.channel) };
    return { ...entry, ...from, state: messageState(own), detail: deliveryWords(customer, channel, own) };
  });
}

/** Returns a channel's title; one that is not a playground channel keeps its name. */
export function channelTitle({ channels }: PlaygroundDeps, name: string): string {
  return channels.find((channel) => channel.name === name)?.title ?? name;
}

/** Reads a stored card, with its channel's title. */
export function withChannelTitle(deps: PlaygroundDeps, stored: unknown): CaseCard {
  const card = readCard(stored);
  return { ...card, channel: channelTitle(deps, card.channel) };
}
