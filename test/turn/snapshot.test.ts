import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { describe, expect, it, test } from "vitest";
import { type ChannelPart, readChannelPart } from "../../src/adapter/part.ts";
import { type DeskPart, isDeskContent, readDeskPart } from "../../src/domain/desk-part.ts";
import { STATE_VERSION } from "../../src/turn/core/state.ts";
import { fold } from "../../src/turn/fold.ts";
import type { EventRow } from "../../src/turn/journal.ts";
import { readSnapshot, type Snapshot } from "../../src/turn/snapshot.ts";
import { CATALOG } from "./histories.ts";

const here = { id: 3, channel: "chat", thread: "t1", openedAt: "2026-11-20T10:00:00.000Z" };

/** One line of a recording: a snapshot, the pending events, and what that build made of them. */
interface Recorded {
  state: { seq: number; state: object };
  pending: EventRow[];
  then: {
    state: { seq: number; state: object };
    handled: { id: number; seq: number; lines: { code: string }[]; quarantined: string | null }[];
    outbox: unknown[];
    asks: unknown[];
    alarms: { id: string; dueAt: string }[];
    cancelled: string[];
  };
}

/** Texts that were reworded since the recording, and what they are now. */
const REWORDED = [
  ["Whoever looks after the queues can add you.", "Ask someone who manages the queues to add you."],
  ["leaves as soon as what was written before it has.", "leaves after what was written before it."],
  ["A file of the customer's is missing:", "A file from the customer is missing:"],
  ["and wrote all the same", "and wrote anyway"],
] as const;

const text = gunzipSync(readFileSync(new URL("recorded/build-1.jsonl.gz", import.meta.url))).toString();
const recorded = REWORDED.reduce((whole, [before, now]) => whole.replaceAll(before, now), text)
  .trim()
  .split("\n")
  .map((line): Recorded => JSON.parse(line));

const partOf = (content: unknown): DeskPart | ChannelPart =>
  isDeskContent(content) ? readDeskPart(content) : readChannelPart(content);

/** The state, without the time at which a prompt was shown, which that build did not keep. */
function plainState({ seq, state }: Snapshot): unknown {
  const prompt = state.prompt === null ? null : { ...state.prompt, shown: null };
  return JSON.parse(JSON.stringify({ seq, state: { ...state, prompt } }));
}

/**
 * Histories in which words came while a run waited for something else, or before its question was shown: they are read
 * later now, or with what came before (U1, U2).
 */
const READ_LATER: ReadonlySet<number> = new Set([67, 68, 75, 77, 80]);

describe("a history that build 1 recorded", () => {
  it.each([...READ_LATER].map((at) => [at, recorded[at]] as const))("%i is handled without a fault", (_, one) => {
    if (one === undefined) throw new Error("There is no such history");
    const write = fold({ ...here, version: 1, runs: [], state: one.state, pending: one.pending }, CATALOG);
    expect(write.handled.map(({ quarantined }) => quarantined)).toEqual(one.then.handled.map(() => null));
  });

  it.each(recorded.map((one, at) => [at, one] as const).filter(([at]) => !READ_LATER.has(at)))(
    "%i goes on as it did in that build",
    (_, one) => {
      const write = fold({ ...here, version: 1, runs: [], state: one.state, pending: one.pending }, CATALOG);
      const plain = JSON.parse(JSON.stringify(write)) as typeof write & Recorded["then"];
      expect(write.handled.map(({ quarantined }) => quarantined)).toEqual(one.then.handled.map(() => null));
      expect(
        write.handled.map(({ id, seq, lines }) => [id, seq, (lines as { code: string }[]).map(({ code }) => code)]),
      ).toEqual(one.then.handled.map(({ id, seq, lines }) => [id, seq, lines.map(({ code }) => code)]));
      expect(write.outbox.map(({ content }) => partOf(content))).toEqual(one.then.outbox.map(partOf));
      expect(plain.asks.map(({ id, request, release }) => ({ id, request, release }))).toEqual(one.then.asks);
      expect([plain.alarms, plain.cancelled]).toEqual([one.then.alarms, one.then.cancelled]);
      const runs = write.runs.map(({ id, format, body }) => ({ id, format, body }));
      const stored = (state: unknown) => plainState(readSnapshot({ ...here, state, runs }));
      expect(stored(write.state)).toEqual(stored(one.then.state));
    },
  );

  test("the recording has every kind of wait, file, pending reply and question", () => {
    const stored = JSON.stringify(recorded);
    for (const kept of ["choice", "field", "answer", "alarm"]) expect(stored).toContain(`{"for":"${kept}"`);
    for (const side of ["customer", "operator"]) expect(stored).toContain(`{"side":"${side}"`);
    for (const stage of ["leaving", "due", "held", "sent"]) expect(stored).toContain(`"stage":"${stage}"`);
    for (const question of ["held", "correction"]) expect(stored).toContain(`"question":"${question}"`);
  });
});

describe("a state", () => {
  it.each([
    ["{}", {}],
    ["a number", 5],
    ["a state without a version", { seq: 1, state: {} }],
  ])("that is %s can't be read, and says of which conversation", (_, state) => {
    expect(() => readSnapshot({ ...here, state })).toThrow(/^The state of conversation 3 can't be read: /);
  });

  it.each([1, 2, 3])("of version %i that lacks fields has their first values", (v) => {
    const { seq, state } = readSnapshot({ ...here, state: { seq: 99, state: { v } } });
    expect({ seq, state }).toMatchObject({ seq: 99, state: { v: STATE_VERSION, case: null, runs: [], deferred: [] } });
  });

  it("of version 1 has today's names in what a background run was told meanwhile, too", () => {
    const result = { ok: false, error: { reason: "timeout", says: "Late.", retryable: true } };
    const deferred = [{ run: "e1.0", input: { kind: "answer", ask: "a1", result } }];
    const state = { seq: 1, state: { v: 1, case: null, runs: [], deferred } };
    expect(readSnapshot({ ...here, state }).state.deferred).toMatchObject([
      { run: "e1.0", input: { result: { error: { message: "Late." } } } },
    ]);
  });

  it("of a newer build is refused, with both versions in the error", () => {
    const state = { seq: 1, state: { v: STATE_VERSION + 1 } };
    expect(() => readSnapshot({ ...here, state })).toThrow(
      `The state of conversation 3 has version ${STATE_VERSION + 1}, and this program knows ${STATE_VERSION}`,
    );
  });

  it("that is not stored yet is the first one", () => {
    expect(readSnapshot({ ...here, state: null })).toMatchObject({ seq: 0, state: { v: STATE_VERSION, phase: "new" } });
  });
});
