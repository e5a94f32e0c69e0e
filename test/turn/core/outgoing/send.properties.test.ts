import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { DeskCommand } from "../../../../src/adapter/desk-command.ts";
import { ALEX, catalogOf, hints, KIM, release, type Scene, scene, toCustomer } from "../../scene.ts";
import { TRIAGE } from "../../workflows.ts";

// Operators' words on their way to the customer (outgoing/send.ts), after random acts in random order.

const acme = catalogOf(release({ triage: TRIAGE }), [], { undoMs: 5_000 });

type Who = typeof ALEX;
type Act =
  | { act: "says" | "asks"; who: Who }
  | { act: "edits" | "deletes" | "unsays" | "sends" | "keeps"; who: Who; of: number }
  | { act: "rings"; of: number }
  | { act: "does"; who: Who; command: DeskCommand }
  | { act: "replies"; who: Who }
  | { act: "hears" };

const who = fc.constantFrom(ALEX, ALEX, KIM);
const of = fc.nat(7);
/** Commands after which a case goes on without its holder. */
const lettingGo = fc.constantFrom<DeskCommand>(
  { kind: "unclaim" },
  { kind: "resolve" },
  { kind: "hand_back" },
  { kind: "transfer", queue: "front-line" },
  { kind: "off_duty" },
);
const acts: fc.Arbitrary<Act> = fc.oneof(
  { weight: 6, arbitrary: who.map((one): Act => ({ act: "says", who: one })) },
  { weight: 2, arbitrary: who.map((one): Act => ({ act: "asks", who: one })) },
  {
    weight: 6,
    arbitrary: fc
      .tuple(fc.constantFrom("edits", "edits", "deletes", "unsays", "sends", "keeps"), who, of)
      .map(([act, one, n]): Act => ({ act, who: one, of: n })),
  },
  { weight: 6, arbitrary: of.map((n): Act => ({ act: "rings", of: n })) },
  { weight: 1, arbitrary: who.map((one): Act => ({ act: "replies", who: one })) },
  { weight: 1, arbitrary: fc.constant<Act>({ act: "hears" }) },
  {
    weight: 3,
    arbitrary: fc
      .tuple(
        who,
        fc.oneof(
          { weight: 8, arbitrary: fc.constant<DeskCommand>({ kind: "claim" }) },
          { weight: 4, arbitrary: fc.constant<DeskCommand>({ kind: "take_over" }) },
          { weight: 6, arbitrary: lettingGo },
        ),
      )
      .map(([one, command]): Act => ({ act: "does", who: one, command })),
  },
);

interface Written {
  ref: string;
  by: Who;
  /** Its position among all words written. */
  n: number;
  /** The text that its author wants to send; null: taken back, or kept inside. */
  wants: string | null;
  /** True when it was for the customer: its author held the case when it was written. */
  theirs: boolean;
  /** True once it was on hold: it then leaves when its author decides so. */
  held: boolean;
  /** The text that was sent; null: none. */
  left: string | null;
}

interface Played {
  play: Scene;
  written: Written[];
  /** Operators' words that the customer received, in order. */
  read: string[];
}

const TOO_MANY = /^Kept inside: .*Too many unsent replies/;
const VERSIONED = /^(?:Correction: )?(\w+) v\d+/;

/** Plays acts one after the other, and checks after each that nothing was sent that should not have been. */
function playActs(list: readonly Act[]): Played {
  const play = scene(acme);
  play.writes("hello");
  play.presses("billing");
  play.does(ALEX, { kind: "claim" });
  const record: Played = { play, written: [], read: [] };
  for (const [step, act] of list.entries()) {
    // Mostly the latest words: for older ones there is soon nothing left to do.
    const recent =
      "of" in act && act.of < LATELY ? { ...act, of: Math.max(0, record.written.length - 1 - act.of) } : act;
    playAct(record, recent, step);
  }
  return record;
}

const LATELY = 6;

function playAct(record: Played, act: Act, step: number): void {
  const { play, written } = record;
  applyAct(record, act, step);
  const out = toCustomer(play.last).filter((text) => VERSIONED.test(text));
  for (const text of out) expectSendable(record, text);
  record.read.push(...out);
  for (const { ref, stage } of play.state.case?.words ?? [])
    if (stage === "on_hold") for (const one of written) if (one.ref === ref) one.held = true;
}

function applyAct(record: Played, act: Act, step: number): void {
  const { play, written } = record;
  switch (act.act) {
    case "says":
    case "asks": {
      const ref = `w${written.length}`;
      const text = `${ref} v${step}`;
      const open = play.state.case;
      const late = open?.withdrawn.includes(ref) === true;
      const theirs = open?.held === true && open.holder?.id === act.who.id && !late;
      written.push({ ref, by: act.who, n: written.length, wants: text, theirs, held: false, left: null });
      const mentions = act.act === "asks" ? ({ mentions: true } as const) : {};
      play.does(act.who, { kind: "say", ref, text, shown: true, ...mentions });
      // With too many unsent replies it is kept inside instead of put on hold, and its author is told.
      const last = written.at(-1);
      if (last !== undefined && hints(play.last).some(([, hint]) => TOO_MANY.test(hint))) last.wants = null;
      return;
    }
    case "replies":
      play.does(act.who, { kind: "reply", text: `by the button ${step}` });
      return;
    case "hears":
      play.writes("and?");
      return;
    case "rings":
      play.rings(`undo:w${act.of}`);
      return;
    case "does":
      play.does(act.who, act.command);
      return;
    case "edits":
      return applyChange(record, act, { kind: "edit", ref: `w${act.of}`, text: `w${act.of} v${step}` });
    case "unsays":
      return applyChange(record, act, { kind: "edit", ref: `w${act.of}`, text: "// ours" });
    case "deletes":
      return applyChange(record, act, { kind: "delete", ref: `w${act.of}` });
    case "sends":
      play.does(act.who, { kind: "send_held", ref: `w${act.of}` });
      return;
    case "keeps":
      return applyChange(record, act, { kind: "keep_held", ref: `w${act.of}` });
  }
}

function applyChange(
  { play, written }: Played,
  { who: by, of: n }: { who: Who; of: number },
  command: DeskCommand,
): void {
  const one = written[n];
  const stage = play.state.case?.words.find(({ ref }) => ref === one?.ref)?.stage;
  play.does(by, command);
  if (one === undefined || one.by.id !== by.id || one.left !== null) return;
  if (command.kind === "edit" && !command.text.startsWith("//")) {
    if (one.wants !== null) one.wants = command.text;
  } else if (command.kind !== "keep_held" || stage === "on_hold") one.wants = null;
}

/** Checks that a sent text is the one that its author wants, may send, and has not sent before. */
function expectSendable({ written }: Played, text: string): void {
  const one = written.find(({ ref }) => ref === VERSIONED.exec(text)?.[1]);
  if (one === undefined) throw new Error(`Nobody wrote “${text}”`);
  if (text.startsWith("Correction: ")) return expect(one.left).not.toBeNull();
  expect({ ...one, again: one.left }).toMatchObject({ wants: text, theirs: true, again: null });
  one.left = text;
}

const sequences = fc.array(acts, { minLength: 10, maxLength: 60, size: "max" });
const RUNS = { numRuns: 400 };

describe("random acts of operators", () => {
  it("sends each message at most once, in its latest text, and none that was taken back", () => {
    let left = 0;
    fc.assert(
      fc.property(sequences, (list) => {
        left += playActs(list).read.length;
      }),
      RUNS,
    );
    // Otherwise the property would have tested nothing.
    expect(left).toBeGreaterThan(RUNS.numRuns);
  });

  it("sends messages in the order in which they were written, except those that were on hold", () => {
    fc.assert(
      fc.property(sequences, (list) => {
        const { read, written } = playActs(list);
        const places = read
          .filter((text) => !text.startsWith("Correction: "))
          .flatMap((text) => written.filter(({ ref, held }) => !held && ref === VERSIONED.exec(text)?.[1]))
          .map(({ n }) => n);
        expect(places).toEqual(places.toSorted((a, b) => a - b));
      }),
      RUNS,
    );
  });

  it("has sent every message of the holder that was neither taken back nor on hold, once all waits are over", () => {
    fc.assert(
      fc.property(sequences, (list) => {
        const record = playActs(list);
        const { written, play } = record;
        for (const { n } of written) playAct(record, { act: "rings", of: n }, n);
        const waits = written.filter(
          ({ theirs, wants, held, left }) => theirs && wants !== null && !held && left === null,
        );
        expect(waits).toEqual([]);
        expect(play.state.case?.words.filter(({ stage }) => stage === "leaving" || stage === "due")).toEqual([]);
      }),
      RUNS,
    );
  });
});
