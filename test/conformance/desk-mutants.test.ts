/**
 * Proves the desk's suite: the Slack desk with one fault fails exactly the checks listed for it. Each mutant is a mistake
 * that somebody could make in a desk.
 */
import { describe, expect, it } from "vitest";
import type { Desk } from "../../src/desk/desk.ts";
import { remoteId } from "../../src/domain/ids.ts";
import { dropSharedAfterwards } from "../support/open-slack-desk.ts";
import { slackDeskSubject } from "../support/slack-desk-subject.ts";
import { DESK_CHECKS, runCheck } from "./desk.ts";

dropSharedAfterwards();

interface Mutant {
  mistake: string;
  broken: (right: Desk) => Partial<Desk>;
  fails: readonly string[];
}

const OFF = "unreachable, it throws SendError from every method, reconciles to unknown, and has shown nothing";
const CARD_ONCE = "a card whose answer was lost is shown once, and its thread is found";
const WORDS_ONCE = "words whose answer was lost are shown once, long ones too";
const MARK_ONCE = "a delivery status whose answer was lost is shown once";
const ASKED = "reconcile finds a shown part, and returns not-sent for one that was not";
const FIRST = "a new card starts a thread, and shows customer, channel, reason, facts and holder";
const ABOUT = "a case about a message not written to us names its author and where a reply goes";
const IN_PLACE = "a card is updated in place: its thread stays, and old content is gone";
const TWICE = "a repeated update is one update";
const MOVES = "a case moves with its queue, and the old card says so and has no buttons";
const MARK = "a delivery status is updated in place";
const MARK_KEEPS = "a delivery status under an entry keeps the entry";
const QUESTION = "a question offers both answers, and disappears when answered";
const ORDER = "entries are shown in order, with their authors";
const LONG = "a long entry is shown complete, in order";
const FILES = "the names of the customer's files are shown";
const INSIDE = "internal entries look different from those that the customer has";
const FILE = "a file is shown with its name and sender";
const HINT = "a hint reaches one operator, and nobody else";
const TEXT = "text from outside is shown complete, and only as text";
const LAPSED = "a part whose claim has lapsed is not shown";
const OFF_BEFORE = "an aborted part is certainly not shown";
const SETTLES = "an aborted reconcile settles";
const TWO = "two cases have two threads";

const MUTANTS: readonly Mutant[] = [
  {
    mistake: "an update posts another card",
    broken: (right) => ({ card: (_thread, card, o) => right.card(null, card, o) }),
    fails: [IN_PLACE, TWICE, MOVES],
  },
  {
    mistake: "a card shows only the reason",
    broken: (right) => ({
      card: (thread, card, o) =>
        right.card(thread, { ...card, customer: "", summary: null, facts: [], tags: [], holder: null }, o),
    }),
    fails: [FIRST],
  },
  {
    mistake: "a card does not tell where a reply goes",
    broken: (right) => ({ card: (thread, card, o) => right.card(thread, { ...card, about: null }, o) }),
    fails: [ABOUT],
  },
  {
    mistake: "all cases share the first one's thread",
    broken: (right) => {
      let first: ReturnType<Desk["card"]> | null = null;
      return {
        card: async (thread, card, o) =>
          first === null ? (first = right.card(thread, card, o)) : right.card(thread ?? (await first), card, o),
      };
    },
    fails: [TWO, INSIDE],
  },
  {
    mistake: "a case never moves",
    broken: (right) => ({
      card: (thread, card, o) => right.card(thread, thread === null ? card : { ...card, queue: "support" }, o),
    }),
    fails: [MOVES],
  },
  {
    mistake: "entries are in the wrong order",
    broken: (right) => ({ post: (thread, entries, o) => right.post(thread, entries.toReversed(), o) }),
    fails: [ORDER],
  },
  {
    mistake: "long words are cut",
    broken: (right) => ({
      post: (thread, entries, o) =>
        right.post(
          thread,
          entries.map((one) => ({ ...one, text: one.text.slice(0, 1_000) })),
          o,
        ),
    }),
    fails: [LONG, WORDS_ONCE],
  },
  {
    mistake: "files are not named",
    broken: (right) => ({
      post: (thread, entries, o) =>
        right.post(
          thread,
          entries.map(({ files: _files, ...one }) => one),
          o,
        ),
    }),
    fails: [FILES],
  },
  {
    mistake: "a note looks like a reply",
    broken: (right) => ({
      post: (thread, entries, o) =>
        right.post(
          thread,
          entries.map((one) => ({ ...one, kind: one.kind === "note" ? "reply" : one.kind, internal: false }) as const),
          o,
        ),
    }),
    fails: [INSIDE],
  },
  {
    mistake: "each delivery status is a new line",
    broken: (right) => ({
      deliveryStatus: (thread, mark, o) => right.deliveryStatus(thread, { ...mark, earlier: null }, o),
    }),
    fails: [MARK, MARK_KEEPS, QUESTION],
  },
  {
    mistake: "a delivery status replaces its entry",
    broken: (right) => ({
      deliveryStatus: (thread, mark, o) => right.deliveryStatus(thread, { ...mark, entry: null }, o),
    }),
    fails: [MARK_KEEPS],
  },
  {
    mistake: "a question has no buttons",
    broken: (right) => ({
      deliveryStatus: (thread, mark, o) => right.deliveryStatus(thread, { ...mark, question: null }, o),
    }),
    fails: [QUESTION],
  },
  {
    mistake: "a file has no author",
    broken: (right) => ({ file: (thread, file, o) => right.file(thread, { ...file, author: "somebody" }, o) }),
    fails: [FILE],
  },
  {
    mistake: "a hint is shown to everyone",
    broken: (right) => ({
      hint: (thread, o) =>
        right.post(
          thread,
          [{ kind: "system", author: "Frontdesk", text: o.text, at: "", message: null, internal: true }],
          o,
        ),
    }),
    fails: [HINT],
  },
  {
    mistake: "unusual text is left out",
    broken: (right) => ({
      post: (thread, entries, o) =>
        right.post(
          thread,
          entries.map((one) => ({ ...one, text: one.text.replace(/[<>@#]/g, "") })),
          o,
        ),
    }),
    fails: [TEXT],
  },
  {
    mistake: "reconcile always returns not-sent",
    broken: () => ({ reconcile: async () => "not-sent" as const }),
    fails: [CARD_ONCE, WORDS_ONCE, MARK_ONCE, ASKED, OFF],
  },
  {
    mistake: "reconcile always returns an id",
    broken: () => ({ reconcile: async () => remoteId("C1:1.1") }),
    fails: [CARD_ONCE, WORDS_ONCE, ASKED, OFF, SETTLES],
  },
  {
    mistake: "post throws the network's error",
    broken: (right) => ({
      post: (thread, entries, o) =>
        right.post(thread, entries, o).catch((error: Error) => Promise.reject(error.cause ?? new Error(error.message))),
    }),
    fails: [WORDS_ONCE, OFF, LAPSED, OFF_BEFORE],
  },
  {
    mistake: "post does not ask before it leaves",
    broken: (right) => ({ post: (thread, entries, o) => right.post(thread, entries, { ...o, leaving: () => {} }) }),
    fails: [LAPSED],
  },
  {
    mistake: "reconcile ignores its signal",
    broken: (right) => ({
      reconcile: (thread, key, o) =>
        o.signal.aborted ? new Promise(() => {}) : (right.reconcile?.(thread, key, o) ?? Promise.resolve("unknown")),
    }),
    fails: [SETTLES],
  },
];

describe("the desk's suite fails", () => {
  it.each(MUTANTS.map((mutant) => [mutant.mistake, mutant] as const))(
    "if %s",
    { timeout: 60_000 },
    async (_, { broken, fails }) => {
      expect(await failures((right) => ({ ...right, ...broken(right) }))).toEqual(
        DESK_CHECKS.map(({ name }) => name).filter((name) => fails.includes(name)),
      );
    },
  );

  it("has a failing mutant for every check", () => {
    const proven = new Set(MUTANTS.flatMap(({ fails }) => fails));
    expect(DESK_CHECKS.map(({ name }) => name).filter((name) => !proven.has(name))).toEqual([]);
  });
});

/** Runs the checks at the same time, each on its own desk. */
async function failures(change: (right: Desk) => Desk): Promise<string[]> {
  const subject = slackDeskSubject(change);
  const failed = await Promise.all(
    DESK_CHECKS.map((check) =>
      runCheck(check, subject).then(
        () => [],
        () => [check.name],
      ),
    ),
  );
  return failed.flat();
}
