/**
 * Proves the desk's suite: the Slack desk, with one thing broken, fails the checks that are named for it and no others.
 * Each mutant is a mistake that somebody could make in a desk.
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

const OFF = "off, it throws SendError for everything, claims to know nothing, and has shown nothing";
const CARD_ONCE = "a card whose answer was lost is shown once, and its thread is known";
const WORDS_ONCE = "words whose answer was lost are shown once, long ones too";
const MARK_ONCE = "a mark whose answer was lost is shown once";
const ASKED = "what was never shown is said to be so, and what was shown is found";
const FIRST = "a new card begins a thread, and shows who, where, why, what is known and who holds it";
const ABOUT = "a case about somebody's message says who wrote it and where a reply goes, before anybody replies";
const IN_PLACE = "a card is changed in place: its thread stays, and what is not so any more is gone";
const TWICE = "the same change twice is one change";
const MOVES = "a case goes where its queue goes, and what it leaves behind says so and has nothing to press";
const MARK = "a mark is changed in place";
const MARK_KEEPS = "a mark under an entry keeps the entry";
const QUESTION = "a question offers both answers, and is gone when it was answered";
const ORDER = "what was said is shown in order, with who said it";
const LONG = "long words are shown whole, in order";
const FILES = "the names of what the customer sent along are shown";
const INSIDE = "what stays inside can be told from what the customer has";
const FILE = "a file is shown with its name, and whom it is from";
const HINT = "a hint reaches one operator, and nobody else";
const TEXT = "what outsiders write is text and nothing more, and whole";
const OFF_BEFORE = "what was called off before it began is certainly not shown";
const SETTLES = "a question that is called off settles";
const TWO = "two cases have two threads";

const MUTANTS: readonly Mutant[] = [
  {
    mistake: "a change is another card",
    broken: (right) => ({ card: (_thread, card, o) => right.card(null, card, o) }),
    fails: [IN_PLACE, TWICE, MOVES],
  },
  {
    mistake: "a card says only why",
    broken: (right) => ({
      card: (thread, card, o) =>
        right.card(thread, { ...card, customer: "", summary: null, facts: [], tags: [], holder: null }, o),
    }),
    fails: [FIRST],
  },
  {
    mistake: "nobody is told where a reply goes",
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
    mistake: "a case stays where it began",
    broken: (right) => ({
      card: (thread, card, o) => right.card(thread, thread === null ? card : { ...card, queue: "support" }, o),
    }),
    fails: [MOVES],
  },
  {
    mistake: "entries come the wrong way round",
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
    mistake: "each mark is a new line",
    broken: (right) => ({
      deliveryStatus: (thread, mark, o) => right.deliveryStatus(thread, { ...mark, earlier: null }, o),
    }),
    fails: [MARK, MARK_KEEPS, QUESTION],
  },
  {
    mistake: "a mark takes its entry's place",
    broken: (right) => ({
      deliveryStatus: (thread, mark, o) => right.deliveryStatus(thread, { ...mark, entry: null }, o),
    }),
    fails: [MARK_KEEPS],
  },
  {
    mistake: "a question is only said",
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
    mistake: "a hint is said to all",
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
    mistake: "what looks wild is left out",
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
    mistake: "what was not answered is believed not to be there",
    broken: () => ({ reconcile: async () => "not-sent" as const }),
    fails: [CARD_ONCE, WORDS_ONCE, MARK_ONCE, ASKED, OFF],
  },
  {
    mistake: "whatever is asked about is believed to be there",
    broken: () => ({ reconcile: async () => remoteId("C1:1.1") }),
    fails: [CARD_ONCE, WORDS_ONCE, ASKED, OFF, SETTLES],
  },
  {
    mistake: "what the network threw comes through",
    broken: (right) => ({
      post: (thread, entries, o) =>
        right.post(thread, entries, o).catch((error: Error) => Promise.reject(error.cause ?? new Error(error.message))),
    }),
    fails: [WORDS_ONCE, OFF, OFF_BEFORE],
  },
  {
    mistake: "a question is never given up",
    broken: (right) => ({
      reconcile: (thread, key, o) =>
        o.signal.aborted ? new Promise(() => {}) : (right.reconcile?.(thread, key, o) ?? Promise.resolve("unknown")),
    }),
    fails: [SETTLES],
  },
];

describe("the desk's suite fails", () => {
  it.each(MUTANTS.map((mutant) => [mutant.mistake, mutant] as const))(
    "where %s",
    { timeout: 60_000 },
    async (_, { broken, fails }) => {
      expect(await failures((right) => ({ ...right, ...broken(right) }))).toEqual(
        DESK_CHECKS.map(({ name }) => name).filter((name) => fails.includes(name)),
      );
    },
  );

  it("has no check that no mutant fails", () => {
    const proven = new Set(MUTANTS.flatMap(({ fails }) => fails));
    expect(DESK_CHECKS.map(({ name }) => name).filter((name) => !proven.has(name))).toEqual([]);
  });
});

/** Each check has a desk of its own, so they can wait side by side. */
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
