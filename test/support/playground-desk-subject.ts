/**
 * The playground's desk as a subject of the desk's conformance suite. Its page draws the sent parts of the outbox, so
 * everything that the desk accepted is shown, the last part of each key or place.
 */
import { playgroundDesk } from "../../channels/playground/desk.ts";
import { playground } from "../../channels/playground/index.ts";
import type { ChannelAdapter } from "../../src/adapter/adapter.ts";
import type { Desk, ShownDeliveryStatus } from "../../src/desk/desk.ts";
import type { DeskStore } from "../../src/desk/desk-store.ts";
import type { CaseCard, DeskEntry } from "../../src/domain/case.ts";
import { createLogger } from "../../src/lib/logger.ts";
import type { DeskAtWork, DeskSubject, Line } from "../conformance/desk-subject.ts";

export const playgroundDeskSubject: DeskSubject = {
  open: async () => observe(await openDesk()),
  network: { doesNotApply: "the page reads what was sent from our own store" },
  places: { doesNotApply: "the page shows all queues in one place" },
};

async function openDesk(): Promise<Desk> {
  const deps = { log: createLogger({ level: "silent" }) };
  const config = playground.config.parse({ secret: "a secret of the playground" });
  const connection = await playground.connect(config, deps);
  // It needs no desk store: the page reads the database itself.
  const store = {} as DeskStore;
  const adapter = playground as unknown as ChannelAdapter;
  return playgroundDesk.open({ channel: "chat", config, deps, store: store, adapter, connection });
}

/** Collects lines by the id that updates them: a card's thread, or the key or id of others. */
interface Page {
  lines: Map<string, Line & { thread: string }>;
  hints: { operator: string; text: string }[];
}

function observe(desk: Desk): DeskAtWork {
  const page: Page = { lines: new Map(), hints: [] };
  const put = (thread: string, id: string, line: Line) => page.lines.set(`${thread} ${id}`, { ...line, thread });
  const watched: Desk = {
    ...desk,
    async card(thread, card, o) {
      const shown = await desk.card(thread, card, o);
      put(shown, "card", { text: cardText(card), buttons: [] });
      return shown;
    },
    async post(thread, entries, o) {
      const id = await desk.post(thread, entries, o);
      // A delivery status belongs to the words with the same ref.
      put(thread, entries[0]?.ref ?? id, { text: entries.map(entryText).join("\n"), buttons: [] });
      return id;
    },
    async deliveryStatus(thread, mark, o) {
      const id = await desk.deliveryStatus(thread, mark, o);
      put(thread, mark.ref, markLine(mark));
      return id;
    },
    async file(thread, file, o) {
      const id = await desk.file(thread, file, o);
      put(thread, id, { text: `${file.author}: ${file.file.name}`, buttons: [] });
      return id;
    },
    async hint(thread, o) {
      const id = await desk.hint(thread, o);
      page.hints.push(o);
      return id;
    },
  };
  const all = () => [...page.lines.values()];
  return {
    desk: watched,
    operators: ["kim", "alex"],
    shows: async (thread) => all().filter((line) => line.thread === thread),
    all: async () => all(),
    hints: async (operator) => page.hints.filter((hint) => hint.operator === operator).map(({ text }) => text),
    lose: () => {},
    down: () => {},
    wrong: () => [],
    async [Symbol.asyncDispose]() {},
  };
}

const cardText = (card: CaseCard): string => JSON.stringify(card);
const entryText = ({ author, text, internal, files = [] }: DeskEntry): string =>
  [author, text.replace(/\p{Cs}/gu, "\ufffd"), ...files, internal ? "stays inside" : ""].join("\n");

const ANSWERS = { on_hold: ["Send to customer", "Keep inside"], correction: ["Send correction", "Leave it"] };

function markLine({ message, entry, question }: ShownDeliveryStatus): Line {
  const text = entry === null ? message : `${entryText(entry)}\n${message}`;
  return { text, buttons: question === null ? [] : ANSWERS[question] };
}
