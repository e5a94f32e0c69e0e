import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { describe, expect, it, test } from "vitest";
import { type ChannelPart, readChannelPart } from "../../src/adapter/part.ts";
import { type DeskPart, isDeskContent, readDeskPart } from "../../src/domain/desk-part.ts";
import { STATE_VERSION } from "../../src/turn/core/state.ts";
import { fold } from "../../src/turn/fold.ts";
import type { EventRow } from "../../src/turn/journal.ts";
import { readSnapshot } from "../../src/turn/snapshot.ts";
import { CATALOG } from "./histories.ts";

const here = { id: 3, channel: "chat", thread: "t1", openedAt: "2026-11-20T10:00:00.000Z" };

/** One line of a recording: a snapshot, the events that waited, and what the build that wrote it made of them. */
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

const recorded = gunzipSync(readFileSync(new URL("recorded/build-1.jsonl.gz", import.meta.url)))
  .toString()
  .trim()
  .split("\n")
  .map((line): Recorded => JSON.parse(line));

const partOf = (content: unknown): DeskPart | ChannelPart =>
  isDeskContent(content) ? readDeskPart(content) : readChannelPart(content);

describe("what the build before this one stored", () => {
  it.each(recorded.map((one, at) => [at, one] as const))("history %i goes on as it did there", (_, one) => {
    const write = fold({ ...here, version: 0, state: one.state, pending: one.pending }, CATALOG);
    const plain = JSON.parse(JSON.stringify(write)) as typeof write & Recorded["then"];
    expect(write.handled.map(({ quarantined }) => quarantined)).toEqual(one.then.handled.map(() => null));
    expect(
      write.handled.map(({ id, seq, lines }) => [id, seq, (lines as { code: string }[]).map(({ code }) => code)]),
    ).toEqual(one.then.handled.map(({ id, seq, lines }) => [id, seq, lines.map(({ code }) => code)]));
    expect(write.outbox.map(({ content }) => partOf(content))).toEqual(one.then.outbox.map(partOf));
    expect(plain.asks).toEqual(one.then.asks);
    expect([plain.alarms, plain.cancelled]).toEqual([one.then.alarms, one.then.cancelled]);
    const stored = (state: unknown) => JSON.parse(JSON.stringify(readSnapshot({ ...here, state })));
    expect(stored(write.state)).toEqual(stored(one.then.state));
  });

  test("the recording has every kind of wait, file, pending reply and question", () => {
    const text = JSON.stringify(recorded);
    for (const kept of ["choice", "field", "answer", "alarm"]) expect(text).toContain(`{"for":"${kept}"`);
    for (const side of ["customer", "operator"]) expect(text).toContain(`{"side":"${side}"`);
    for (const stage of ["leaving", "due", "held", "sent"]) expect(text).toContain(`"stage":"${stage}"`);
    for (const question of ["held", "correction"]) expect(text).toContain(`"question":"${question}"`);
  });
});

describe("a state", () => {
  it("of a newer build is left to it, and says so by its version", () => {
    const state = { seq: 1, state: { v: STATE_VERSION + 1 } };
    expect(() => readSnapshot({ ...here, state })).toThrow(
      `The state of conversation 3 has version ${STATE_VERSION + 1}, and this program knows ${STATE_VERSION}`,
    );
  });

  it("of nobody is the one before anything happened", () => {
    expect(readSnapshot({ ...here, state: null })).toMatchObject({ seq: 0, state: { v: STATE_VERSION, phase: "new" } });
  });
});
