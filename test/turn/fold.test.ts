import { describe, expect, it } from "vitest";
import { storableJson } from "../../src/store/text.ts";
import type { State } from "../../src/turn/core/state.ts";
import { fold } from "../../src/turn/fold.ts";
import { ALEX, catalogOf, DANA, KIM, release, scene } from "./scene.ts";
import { TRIAGE } from "./workflows.ts";

const catalog = catalogOf(release({ triage: TRIAGE }));
const AT = "2026-11-20T10:00:00Z";
const messagePayload = (text: string) => ({
  message: 1,
  contact: DANA,
  content: { text, attachments: [], from: { address: "dana", displayName: "Dana", trust: "asserted" } },
});

type Before = ReturnType<typeof fold> | { state: unknown } | null;

/** The rows that a turn loads after another one. */
function after(before: Before) {
  const runs = before !== null && "runs" in before ? before.runs : [];
  const version = before !== null && "version" in before ? before.version + 1 : 0;
  return { id: 3, version, channel: "chat", thread: "t", openedAt: AT, runs: [...runs], state: before?.state ?? null };
}

function foldEvents(before: Before, ...events: { kind: string; payload: object | null }[]) {
  const pending = events.map((event, n) => ({ id: 50 + n, at: AT, ...event }));
  return fold({ ...after(before), pending }, catalog);
}

const stateOf = (write: { state: unknown }) => (write.state as { state: State }).state;

describe("a turn", () => {
  it("gives every event its place in the journal and every part its place in the outbox", () => {
    const write = foldEvents(
      null,
      { kind: "message", payload: messagePayload("hello") },
      { kind: "message", payload: messagePayload("0") },
    );
    expect(write.handled.map(({ id, seq }) => [id, seq])).toEqual([
      [50, 1],
      [51, 2],
    ]);
    const places = write.outbox.map(({ event, n }) => `${event}.${n}`);
    expect(new Set(places).size).toBe(places.length);
    // Each part has the message that it is a part of.
    for (const { event, message } of write.outbox.filter(
      ({ channel, thread }) => channel === "chat" && thread === "t",
    )) {
      expect(write.messages.some((one) => one.event === event && one.n === message)).toBe(true);
    }
  });

  it("leaves the rest to the next turn once its events cost as much as one may, and handles each once", () => {
    const costly = `id: costly
on: [conversation.opened, message.received]
steps:
  - tag: "{% for a in (1..9999) %}{% for b in (1..9999) %}{% endfor %}{% endfor %}x"
`;
    const busy = catalogOf(release({ costly: costly.replace("id: costly\n", "title: Costly\nstatus: live\n") }));
    const pending = [1, 2, 3].map((id) => ({ id, at: AT, kind: "message", payload: messagePayload("hello") }));
    const turn = { id: 3, version: 0, channel: "chat", thread: "t", openedAt: AT, runs: [] };
    const first = fold({ ...turn, state: null, pending }, busy);
    expect(first.handled.map(({ id }) => id)).toEqual([1]);
    expect(stateOf(first)).toMatchObject({ case: { held: true } });
    const second = fold({ ...turn, state: first.state, pending: pending.slice(1) }, busy);
    expect(second.handled.map(({ id, seq }) => [id, seq])).toEqual([
      [2, 2],
      [3, 3],
    ]);
  });

  it("drops its own parts from before an opt-out, even when an opt-in follows in the same turn", () => {
    const word = (kind: string, text: string) => ({
      kind,
      payload: { ...messagePayload(text), content: { ...messagePayload(text).content, ours: "us" } },
    });
    const write = foldEvents(
      null,
      { kind: "message", payload: messagePayload("hello") },
      word("opt_out", "STOP"),
      word("opt_in", "START"),
      { kind: "message", payload: messagePayload("hello again") },
    );
    const toCustomer = write.outbox.filter(({ thread }) => thread === "t");
    expect(toCustomer.map(({ event, dropped }) => [event, dropped])).toEqual([
      [50, "the customer opted out before it left"],
      [50, "the customer opted out before it left"],
      [53, null],
      [53, null],
    ]);
    expect(write.cutOff).toEqual({ channel: "chat", thread: "t" });
    expect(JSON.stringify(write.handled[1]?.lines)).toContain("A message was not sent");
  });

  it("learns of an opt-out in an earlier conversation of the thread from its first event", () => {
    const optOut = { at: AT, word: "STOP", ours: "+15550100", endedAt: null };
    const write = foldEvents(null, { kind: "message", payload: { ...messagePayload("hello"), optOut } });
    expect(write.outbox.filter(({ thread }) => thread === "t")).toEqual([]);
    expect(stateOf(write).case).toMatchObject({ held: true });
  });

  it("continues where the last one ended", () => {
    const first = foldEvents(null, { kind: "message", payload: messagePayload("hello") });
    const second = foldEvents(first, { kind: "message", payload: messagePayload("3") });
    expect(second.handled).toMatchObject([{ seq: 2 }]);
    expect(stateOf(second)).toMatchObject({ phase: "closed", resolution: "solved by bot" });
    expect(second.closedAt).toEqual(new Date(AT));
  });

  it("reads a state that lacks a newer field", () => {
    const { state, seq } = foldEvents(null, { kind: "message", payload: messagePayload("hello") }).state as {
      state: State;
      seq: number;
    };
    const { deferred: _, ...older } = state;
    expect(
      stateOf(foldEvents({ state: { seq, state: older } }, { kind: "message", payload: messagePayload("3") })).deferred,
    ).toEqual([]);
  });

  it("keeps texts that are stored and read unchanged", () => {
    const play = scene(catalog);
    play.writes(`${"x".repeat(3_999)}😀`);
    expect(JSON.parse(storableJson(play.state))).toEqual(play.state);
  });
});

// T12
describe("an event that can't be handled", () => {
  const broken = { kind: "message", payload: { message: 9 } };

  it("is quarantined with its error, and the conversation goes to a person", () => {
    const write = foldEvents(null, broken);
    expect(write.handled).toMatchObject([
      { id: 50, seq: 1, lines: [{ code: "event.quarantined" }, { code: "handoff" }] },
    ]);
    expect(write.handled[0]?.quarantined).toMatch(
      /^The journal's event 50 of the kind “message” can't be read: .*content/s,
    );
    expect(stateOf(write).case).toMatchObject({ held: true, priority: "high" });
  });

  it.each(["edit", "delete"])("is quarantined alone if it is a broken %s", (kind) => {
    const write = foldEvents(null, { kind, payload: null }, { kind: "message", payload: messagePayload("hi?") });
    expect(write.handled.map(({ quarantined }) => quarantined?.split(" can't")[0] ?? null)).toEqual([
      `The journal's event 50 of the kind “${kind}”`,
      null,
    ]);
  });

  it("does not stop the other events of its turn", () => {
    const write = foldEvents(null, { kind: "message", payload: messagePayload("hello") }, broken, {
      kind: "message",
      payload: messagePayload("hi?"),
    });
    expect(write.handled.map(({ quarantined }) => quarantined === null)).toEqual([true, false, true]);
    expect(stateOf(write).lastText).toBe("hi?");
  });

  it("is reported to the people who hold the conversation already", () => {
    const before = foldEvents(null, broken);
    const write = foldEvents(before, broken);
    expect(write.outbox.map(({ content: part }) => part)).toMatchObject([
      { desk: "entry", entry: { kind: "system", internal: true } },
    ]);
  });

  it("opens a closed conversation when a customer sent it, and changes nothing otherwise", () => {
    const asked = foldEvents(null, { kind: "message", payload: messagePayload("hello") });
    const closed = foldEvents(asked, { kind: "message", payload: messagePayload("3") });
    expect(stateOf(foldEvents(closed, broken))).toMatchObject({ phase: "open", case: { held: true } });
    const other = foldEvents(closed, { kind: "nonsense", payload: {} });
    expect(stateOf(other)).toMatchObject({ phase: "closed", case: null });
    expect(other.outbox).toEqual([]);
  });
});

const shownIn = ({ outbox }: { outbox: readonly { content: unknown }[] }) => JSON.stringify(outbox);

// E4
describe("a write whose answer can't be handled", () => {
  const REFUND = `
title: Refund
status: live
on: [conversation.opened]
steps: [{ use: crm.refund, with: { key: "1" }, save: found }, { say: done }]
`;
  const refunding = catalogOf(release({ refund: REFUND }));
  const turn = (before: Before, pending: { kind: string; payload: object }[], refused?: string) =>
    fold(
      { ...after(before), pending: pending.map((event, n) => ({ id: 50 + n, at: AT, ...event })) },
      refunding,
      refused === undefined ? {} : { refused },
    );
  it("is told to the people who get the conversation", () => {
    const asked = turn(null, [{ kind: "message", payload: messagePayload("refund, please") }]);
    const ask = asked.asks[0]?.id ?? "";
    const write = turn(asked, [{ kind: "answer", payload: { ask, result: { ok: true, value: {} } } }], "It is poison");
    expect(write.handled).toMatchObject([{ quarantined: expect.stringContaining("It is poison") }]);
    expect(shownIn(write)).toContain("crm.refund was made after people took over.");
    expect(stateOf(write)).toMatchObject({ case: { held: true }, calledOff: [] });
  });

  it("is told also where the conversation was closed meanwhile", () => {
    const answer = { ask: "e1.0", result: { ok: true, value: {} }, effect: { operation: "crm.refund", write: true } };
    const closed = { seq: 1, state: { ...stateOf(handedOver()), case: null, phase: "closed", closedAt: AT } };
    const write = turn({ state: closed }, [{ kind: "answer", payload: answer }], "It is poison");
    expect(stateOf(write)).toMatchObject({ phase: "open", case: { held: true } });
    expect(shownIn(write)).toContain("crm.refund was made");
  });
});

const minute = (n: number) => new Date(Date.parse(AT) + n * 60_000);
const minuteOf = (date: Date) => (date.getTime() - Date.parse(AT)) / 60_000;
/** A conversation handed over to a queue. */
const handedOver = () =>
  foldEvents(foldEvents(null, { kind: "message", payload: messagePayload("hello") }), {
    kind: "message",
    payload: messagePayload("1"),
  });

/** Commands of one turn, a minute apart (T2). */
describe("the assignments of a case", () => {
  const commands = {
    claims: { kind: "claim" },
    leaves: { kind: "unclaim" },
    moves: { kind: "transfer", queue: "front-line" },
  };

  /** `actions`: as in "kim claims, kim leaves". */
  function foldActions(before: Before, actions: string) {
    const pending = actions.split(", ").map((action, n) => {
      const [who, does] = action.split(" ");
      const operator = who === "kim" ? KIM : ALEX;
      const content = { operator, command: commands[does as keyof typeof commands] };
      return { id: 90 + n, at: minute(n).toISOString(), kind: "operator", payload: { content } };
    });
    return fold({ ...after(before), pending }, catalog);
  }

  it.each<[actions: string, spans: string[]]>([
    ["kim claims, kim leaves, alex claims", ["kim 0 to 1", "alex from 2"]],
    ["kim claims, kim moves, alex claims", ["kim 0 to 1", "alex from 2"]],
    ["kim claims, kim leaves", ["kim 0 to 1"]],
    ["kim claims, kim leaves, kim claims", ["kim 0 to 1", "kim from 2"]],
  ])("within one turn are all stored: %s", (actions, spans) => {
    const write = foldActions(handedOver(), actions);
    const kept = write.assigned.map(({ operator, from, until }) =>
      until === null ? `${operator} from ${minuteOf(from)}` : `${operator} ${minuteOf(from)} to ${minuteOf(until)}`,
    );
    expect(kept).toEqual(spans);
    expect(write.letGoAt).toBeNull();
  });

  it("from before the turn end at the first release, not at the last", () => {
    const before = foldActions(handedOver(), "kim claims");
    const write = foldActions(before, "kim leaves, alex claims, alex leaves");
    expect(write.letGoAt).toEqual(minute(0));
    expect(write.assigned).toMatchObject([{ operator: "alex", from: minute(1), until: minute(2) }]);
  });
});
