import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { DeskCommand } from "../../../../src/adapter/desk-command.ts";
import { ALEX, catalogOf, KIM, release, type Scene, scene, toCustomer } from "../../scene.ts";
import { TRIAGE } from "../../workflows.ts";

// What operators write on its way to the customer (outgoing/send.ts), whatever they do in whatever order.

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
/** Ways in which a case goes on without its holder. */
const letting = fc.constantFrom<DeskCommand>(
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
          { weight: 6, arbitrary: letting },
        ),
      )
      .map(([one, command]): Act => ({ act: "does", who: one, command })),
  },
);

interface Written {
  ref: string;
  by: Who;
  /** Its place among all that was written. */
  n: number;
  /** As its author wants it now; null: taken back, or kept inside. */
  wants: string | null;
  /** Whether it was for the customer when it was written: its author held the case. */
  theirs: boolean;
  /** Whether it was ever held back: then it leaves when its author says so. */
  held: boolean;
  /** The text that left. */
  left: string | null;
}

interface Played {
  play: Scene;
  written: Written[];
  /** What the customer read of operators' words, in order. */
  read: string[];
}

const VERSIONED = /^(?:Correction: )?(\w+) v\d+/;

/** Plays acts one after the other, and looks after each that nothing left that should not have. */
function lived(list: readonly Act[]): Played {
  const play = scene(acme);
  play.writes("hello");
  play.presses("billing");
  play.does(ALEX, { kind: "claim" });
  const told: Played = { play, written: [], read: [] };
  for (const [step, act] of list.entries()) {
    // Mostly of what was written lately: all else soon finds nothing left to do.
    const recent = "of" in act && act.of < LATELY ? { ...act, of: Math.max(0, told.written.length - 1 - act.of) } : act;
    played(told, recent, step);
  }
  return told;
}

const LATELY = 6;

function played(told: Played, act: Act, step: number): void {
  const { play, written } = told;
  applied(told, act, step);
  const out = toCustomer(play.last).filter((text) => VERSIONED.test(text));
  for (const text of out) leaves(told, text);
  told.read.push(...out);
  for (const { ref, stage } of play.state.case?.words ?? [])
    if (stage === "on_hold") for (const one of written) if (one.ref === ref) one.held = true;
}

function applied(told: Played, act: Act, step: number): void {
  const { play, written } = told;
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
      return changed(told, act, { kind: "edit", ref: `w${act.of}`, text: `w${act.of} v${step}` });
    case "unsays":
      return changed(told, act, { kind: "edit", ref: `w${act.of}`, text: "// ours" });
    case "deletes":
      return changed(told, act, { kind: "delete", ref: `w${act.of}` });
    case "sends":
      play.does(act.who, { kind: "send_held", ref: `w${act.of}` });
      return;
    case "keeps":
      return changed(told, act, { kind: "keep_held", ref: `w${act.of}` });
  }
}

function changed({ play, written }: Played, { who: by, of: n }: { who: Who; of: number }, command: DeskCommand): void {
  const one = written[n];
  const stage = play.state.case?.words.find(({ ref }) => ref === one?.ref)?.stage;
  play.does(by, command);
  if (one === undefined || one.by.id !== by.id || one.left !== null) return;
  if (command.kind === "edit" && !command.text.startsWith("//")) {
    if (one.wants !== null) one.wants = command.text;
  } else if (command.kind !== "keep_held" || stage === "on_hold") one.wants = null;
}

/** What the customer reads is what its author wanted then, for the first time, and was theirs to say. */
function leaves({ written }: Played, text: string): void {
  const one = written.find(({ ref }) => ref === VERSIONED.exec(text)?.[1]);
  if (one === undefined) throw new Error(`Nobody wrote “${text}”`);
  if (text.startsWith("Correction: ")) return expect(one.left).not.toBeNull();
  expect({ ...one, again: one.left }).toMatchObject({ wants: text, theirs: true, again: null });
  one.left = text;
}

const lives = fc.array(acts, { minLength: 10, maxLength: 60, size: "max" });
const RUNS = { numRuns: 400 };

describe("whatever operators do", () => {
  it("the customer reads each of their messages once at most, as its author wanted it, and none that was taken back", () => {
    let left = 0;
    fc.assert(
      fc.property(lives, (list) => {
        left += lived(list).read.length;
      }),
      RUNS,
    );
    // Else nothing was shown by this.
    expect(left).toBeGreaterThan(RUNS.numRuns);
  });

  it("the customer reads them in the order in which they were written, but for those that were held back", () => {
    fc.assert(
      fc.property(lives, (list) => {
        const { read, written } = lived(list);
        const places = read
          .filter((text) => !text.startsWith("Correction: "))
          .flatMap((text) => written.filter(({ ref, held }) => !held && ref === VERSIONED.exec(text)?.[1]))
          .map(({ n }) => n);
        expect(places).toEqual(places.toSorted((a, b) => a - b));
      }),
      RUNS,
    );
  });

  it("whatever was theirs to say, and was neither taken back nor held, has left when every moment is over", () => {
    fc.assert(
      fc.property(lives, (list) => {
        const told = lived(list);
        const { written, play } = told;
        for (const { n } of written) played(told, { act: "rings", of: n }, n);
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
