/** One case as the desk was told of it: its card, its thread, and what became of each message in it. */

import { deliveryWords, messageState } from "../desk/delivery-words.ts";
import type { CaseCard, DeskEntry } from "../domain/case.ts";
import { type DeskPart, readCard, readDeskPart } from "../domain/desk-part.ts";
import { type DeskLineRow, deskCard, deskLines, filterByChannels, messageParts } from "../store/playground-desk.ts";
import { transcriptOf } from "../store/transcript.ts";
import { type PlaygroundDeps, pageChannels } from "./deps.ts";
import type { PlaygroundView, ShownEntry } from "./view.ts";

/** Lines of one thread in one snapshot; the page says when there are more. */
const MAX_LINES = 200;

/** The card is null where the desk knows no case of this conversation. */
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
    .map(({ content, ...row }) => ({ ...row, part: readDeskPart(content) }));
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

type Line = Omit<DeskLineRow, "content"> & { part: DeskPart };
type Entry = DeskEntry & { id: string; url: string | null };
type MarkedEntry = Entry & Pick<ShownEntry, "mark">;

/** The latest word about an operator's words stands under them; how far they have come once they left, `detail` says. */
function withMarks(entries: readonly Entry[], lines: readonly Line[]): MarkedEntry[] {
  return entries.map((entry) => {
    const marks = lines.filter(({ part }) => part.kind === "mark" && part.ref === entry.ref);
    // What was held back and then sent is a reply.
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

/** A second handoff tells the desk again what was said so far; what stands in the thread already is not repeated. */
function withoutRepeats(entries: readonly Entry[]): Entry[] {
  const seen = new Set<number>();
  return entries.filter(({ message }) => {
    if (message === null) return true;
    if (seen.has(message)) return false;
    seen.add(message);
    return true;
  });
}

/** What one line of the desk shows in the case's thread. */
async function entriesOf(deps: PlaygroundDeps, conversation: number, line: Line): Promise<Entry[]> {
  const { id, at, message, part } = line;
  switch (part.kind) {
    case "entry":
      return [
        { ...hideForeignText(deps, part.entry), message: message ?? part.entry.message, id: String(id), url: null },
      ];
    case "transcript": {
      const of = part.of ?? conversation;
      // A case of another channel was merged into this one: its words are not for this page.
      if (!(await filterByChannels(deps.db, pageChannels(deps), [of])).has(of)) return [];
      const said = await transcriptOf(deps.db, of, part);
      return said.map((entry) => ({ ...entry, id: `${id}.${entry.message}`, url: null }));
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

/** What people call a channel; one that is none of the playground's keeps its name. */
export function channelTitle({ channels }: PlaygroundDeps, name: string): string {
  return channels.find((channel) => channel.name === name)?.title ?? name;
}

/** A stored card, its channel called by its title. */
export function withChannelTitle(deps: PlaygroundDeps, stored: unknown): CaseCard {
  const card = readCard(stored);
  return { ...card, channel: channelTitle(deps, card.channel) };
}
