import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Happening, MergeTarget } from "../../../../src/turn/core/event.ts";
import { ALEX, atDesk, catalogOf, FROM, hints, KIM, OTHER_CASE, release, scene, toCustomer } from "../../scene.ts";
import { type Bench, openBench } from "../../store.ts";
import { REMINDER, TRIAGE } from "../../workflows.ts";

const NATIVE = { support: "native", maxBytes: 1_000 } as const;
const acme = catalogOf(release({ triage: TRIAGE, reminder: REMINDER }), [], { can: { attachments: NATIVE } });

/** A case without a holder. */
function unclaimedCase() {
  const play = scene(acme);
  play.writes("hello");
  play.presses("billing");
  return play;
}

/** A case that was merged into case 9. */
function mergedCase() {
  const play = unclaimedCase();
  play.does(ALEX, { kind: "claim" });
  play.does(ALEX, { kind: "merge", into: 9 });
  return play;
}

const MERGED: Extract<Happening, { kind: "merged" }> = {
  kind: "merged",
  from: 9,
  by: "Alex",
  customer: "Dana Smith",
  channel: "text",
  until: { message: 4, at: "2026-11-20T09:00:00.000Z" },
  waitingSince: "2026-11-20T08:00:00.000Z",
};
const ELSEWHERE: Extract<Happening, { kind: "elsewhere" }> = {
  kind: "elsewhere",
  from: 9,
  author: "Dana Smith",
  channel: "text",
  text: "and?",
};

const tryMerge = (into: MergeTarget | null, command: object = {}) => {
  const play = unclaimedCase();
  const what = { kind: "merge", into: 9, ...command } as const;
  play.happens({ kind: "operator", operator: KIM, command: what, queues: ["billing", "nights"], into });
  return play;
};

describe("merging a case into another", () => {
  it("by its holder closes it, and relays an event to the other", () => {
    const play = mergedCase();
    expect(play.state).toMatchObject({
      phase: "closed",
      resolution: "merged",
      case: { held: false, status: "solved", mergedInto: 9, waitingSince: null },
    });
    expect(play.last.relays).toMatchObject([
      { conversation: 9, happening: { kind: "merged", from: 3, by: "Alex", customer: "Dana Smith", channel: "chat" } },
    ]);
    expect(play.last.audits).toMatchObject([{ operator: "alex", action: "merge" }]);
    expect(play.last.cancelled).toContain("idle:reminder");
    expect(toCustomer(play.last)).toEqual([]);
  });

  it("is open to anyone when it has no holder", () => {
    const play = unclaimedCase();
    play.does(KIM, { kind: "merge", into: 9 });
    expect(play.state.case?.mergedInto).toBe(9);
  });

  it.each([
    ["to anyone but its holder", KIM, 9, "Alex holds this case, so only Alex can merge it."],
    ["into itself", ALEX, 3, "A case can't be merged into itself."],
  ])("is refused %s", (_, who, into, message) => {
    const play = unclaimedCase();
    play.does(ALEX, { kind: "claim" });
    const before = play.state;
    play.does(who, { kind: "merge", into });
    expect(play.state).toEqual(before);
    expect(play.last.relays).toEqual([]);
    expect(hints(play.last)).toEqual([[who.id, message]]);
  });

  it.each<[string, MergeTarget | null]>([
    ["that does not exist", null],
    ["in a queue in which they do not work", { ...OTHER_CASE, queue: "front-line" }],
  ])("is refused into one %s, with the same text for both", (_, into) => {
    const play = tryMerge(into);
    expect(play.last.relays).toEqual([]);
    expect(play.state.case).toMatchObject({ held: true, mergedInto: null });
    expect(hints(play.last)).toEqual([
      ["kim", "There is no case 9 in a queue in which you work, so nothing was merged."],
    ]);
  });

  it("is refused into one that was merged into a third, which may be in any queue", () => {
    const play = tryMerge({ ...OTHER_CASE, mergedInto: 12 });
    expect(play.last.relays).toEqual([]);
    expect(hints(play.last)).toEqual([["kim", "Case 9 was merged into case 12: choose that one."]]);
  });

  it("into another person's needs a confirmation with both names", () => {
    const sam = { ...OTHER_CASE, contact: 99, customer: "Sam Lee" };
    const play = tryMerge(sam);
    expect(play.last.relays).toEqual([]);
    expect(hints(play.last)[0]?.[1]).toContain(
      "Merge Dana Smith's case into Sam Lee's? From then on both are one case",
    );
    expect(tryMerge(sam, { twoPeople: true }).last.relays).toMatchObject([{ conversation: 9 }]);
  });

  it("is refused once it is closed, or while the bot holds it", () => {
    const closed = mergedCase();
    closed.does(ALEX, { kind: "merge", into: 10 });
    expect(hints(closed.last)).toEqual([["alex", "This case is closed."]]);
    const bots = scene(acme);
    bots.writes("hello");
    bots.does(ALEX, { kind: "merge", into: 9 });
    expect(hints(bots.last)).toEqual([["alex", "The bot holds this conversation. Take over first."]]);
    expect([...closed.last.relays, ...bots.last.relays]).toEqual([]);
  });
});

describe("the customer of a merged case", () => {
  it("is shown in the other one, with their files, and this one stays closed", () => {
    const play = mergedCase();
    const attachments = [{ ref: "F1", name: "photo.png" }];
    play.happens({ kind: "message", message: 900, text: "and?", attachments, from: FROM });
    expect(play.last.relays).toEqual([
      {
        conversation: 9,
        happening: {
          kind: "elsewhere",
          from: 3,
          author: "Dana Smith",
          channel: "chat",
          text: "and?",
          files: attachments,
        },
      },
    ]);
    expect(play.state.phase).toBe("closed");
    expect(toCustomer(play.last)).toEqual([]);
    expect(play.last).toMatchObject({ alarms: [], asks: [] });
  });

  it("had sent a file before the merge: it is shown in this case once fetched", () => {
    const play = unclaimedCase();
    const files = [{ ref: "F1", name: "photo.png" }];
    play.happens({ kind: "message", message: 900, text: "look", attachments: files, from: FROM });
    play.does(ALEX, { kind: "claim" });
    play.does(ALEX, { kind: "merge", into: 9 });
    const file = { id: 5, name: "photo.png", mediaType: "image/png", bytes: 4, token: "t" };
    play.answers({ ok: true, value: file });
    expect(play.last.tells).toEqual([
      { kind: "desk", part: { kind: "file", file, author: "Dana Smith", from: "customer" }, mirrors: null },
    ]);
    expect(play.state).toMatchObject({ phase: "closed", files: [] });
  });

  it("is shown there, too, when they change a message", () => {
    const play = mergedCase();
    play.happens({ kind: "edit", message: 100, text: "It was 20 €.", from: FROM });
    expect(play.last.relays).toEqual([
      {
        conversation: 9,
        happening: {
          kind: "elsewhere",
          from: 3,
          author: "Dana Smith (changed)",
          channel: "chat",
          text: "It was 20 €.",
          files: [],
        },
      },
    ]);
    play.happens({ kind: "delete", message: 100, from: FROM });
    expect(play.last.relays).toEqual([]);
  });

  it("who only thanks opens no case", () => {
    const play = mergedCase();
    play.writes("thanks!");
    expect(play.last.relays).toEqual([]);
  });

  it("is shown here again after an operator wrote to them first", () => {
    const play = mergedCase();
    play.does(KIM, { kind: "start", text: "One more question.", queue: "billing" });
    expect(toCustomer(play.last)).toEqual(["One more question."]);
    play.writes("yes?");
    expect(play.last.relays).toEqual([]);
    expect(atDesk(play.last)).toMatchObject([{ kind: "customer", text: "yes?", notify: "kim" }]);
  });
});

describe("the case that another was merged into", () => {
  it("shows the other's transcript, and takes the earlier waiting time", () => {
    const play = unclaimedCase();
    play.happens(MERGED);
    const transcript = { kind: "transcript", since: null, until: MERGED.until, of: 9 };
    expect(play.last.tells).toContainEqual({ kind: "desk", part: transcript, mirrors: null });
    expect(atDesk(play.last).at(-1)?.text).toBe("Case 9 (Dana Smith, text) was merged into this one by Alex.");
    expect(play.state.case?.waitingSince).toBe("2026-11-20T08:00:00.000Z");
    play.happens({ ...MERGED, from: 10, waitingSince: "2026-11-20T08:30:00.000Z" });
    expect(play.state.case?.waitingSince).toBe("2026-11-20T08:00:00.000Z");
  });

  it("mentions its holder when the other customer writes, and answers reach the customer", () => {
    const play = unclaimedCase();
    play.does(ALEX, { kind: "claim" });
    play.does(ALEX, { kind: "say", text: "Paid." });
    play.does(KIM, { kind: "say", text: "really?" });
    play.happens(ELSEWHERE);
    expect(atDesk(play.last)).toMatchObject([
      { kind: "customer", author: "Dana Smith", channel: "text", text: "and?", internal: false, notify: "alex" },
    ]);
    expect(play.state.case).toMatchObject({ status: "with us", lastSpeaker: null });
    expect(play.state.case?.waitingSince).not.toBeNull();
    expect(toCustomer(play.does(ALEX, { kind: "say", text: "Really." }))).toEqual(["Really."]);
  });

  it.each<[string, (play: ReturnType<typeof unclaimedCase>) => unknown]>([
    ["was resolved", (play) => play.does(ALEX, { kind: "resolve" })],
    ["went back to the bot", (play) => play.does(ALEX, { kind: "hand_back" })],
  ])("is opened again when it %s, without a message to its own customer", (_, ends) => {
    for (const happening of [ELSEWHERE, MERGED]) {
      const play = unclaimedCase();
      play.does(ALEX, { kind: "claim" });
      ends(play);
      play.happens(happening);
      expect(play.state).toMatchObject({ phase: "open", case: { held: true, queue: "billing", holder: null } });
      expect(toCustomer(play.last)).toEqual([]);
    }
  });

  it("fetches the other customer's files from their channel, and shows them", () => {
    const play = unclaimedCase();
    const files = [{ ref: "F1", name: "photo.png" }];
    play.happens({ ...ELSEWHERE, files });
    expect(atDesk(play.last)).toMatchObject([{ text: "and?", files: ["photo.png"] }]);
    expect(play.last.asks).toMatchObject([{ request: { kind: "fetch", channel: "text", attachment: files[0] } }]);
    const file = { id: 5, name: "photo.png", mediaType: "image/png", bytes: 4, token: "t" };
    play.answers({ ok: true, value: file });
    expect(play.last.tells).toContainEqual(
      expect.objectContaining({ part: { kind: "file", file, author: "Dana Smith", from: "customer" } }),
    );
  });

  it("becomes a case when the bot had it", () => {
    const play = scene(acme);
    play.writes("hello");
    play.happens(MERGED);
    expect(play.state).toMatchObject({ case: { held: true }, runs: [], prompt: null });
  });

  // A into B, B into C
  it("passes events on once it was merged itself", () => {
    const play = mergedCase();
    for (const happening of [
      { ...ELSEWHERE, from: 8 },
      { ...MERGED, from: 8 },
    ]) {
      play.happens(happening);
      expect(play.last.relays).toEqual([{ conversation: 9, happening }]);
      expect(play.last.tells).toEqual([]);
      expect(play.state.phase).toBe("closed");
    }
  });

  it("goes on by itself when the two were merged into each other at once, without passing events round", () => {
    const play = mergedCase();
    play.happens(MERGED);
    expect(play.last.relays).toEqual([]);
    expect(play.state).toMatchObject({ phase: "open", case: { held: true, mergedInto: null } });
    expect(play.writes("hello?").relays).toEqual([]);
  });

  it("is found in the end, even when three cases were merged in a circle", () => {
    // Each of three is merged into the next, all at once; then the customer of a fourth, merged into the first, writes.
    const three = [0, 1, 2].map((n) => {
      const play = unclaimedCase();
      play.does(ALEX, { kind: "merge", into: (n + 1) % 3 });
      return play;
    });
    const under = three.map((_, n) => ({ to: (n + 1) % 3, happening: { ...MERGED, from: n } as Happening }));
    under.push({ to: 0, happening: { ...ELSEWHERE, from: 7 } });
    for (let steps = 0; under.length > 0; steps++) {
      expect(steps).toBeLessThan(30);
      const next = under.shift();
      const { relays } = three[next?.to ?? 0]?.happens(next?.happening ?? ELSEWHERE) ?? { relays: [] };
      under.push(...relays.map(({ conversation: to, happening }) => ({ to, happening })));
    }
    expect(three.some(({ state }) => state.case?.held)).toBe(true);
  });
});

describe("in the database", () => {
  let bench: Bench;
  beforeAll(async () => {
    bench = await openBench();
  });
  afterAll(() => bench[Symbol.asyncDispose]());

  const PEOPLE = "title: P\nstatus: live\non: conversation.opened\nsteps: [{ handoff: billing }]\n";
  const rows = async (text: string, ...values: unknown[]) => (await bench.db.pool.query(text, values)).rows as object[];
  const merges = (conversation: number, into: number) =>
    rows(
      `insert into event (conversation, kind, payload) values ($1, 'operator', $2)`,
      conversation,
      JSON.stringify({
        content: { operator: ALEX, command: { kind: "merge", into, twoPeople: true } },
        into: OTHER_CASE,
      }),
    );

  it("the other conversation is woken by the merge and by each message after it", async () => {
    const turn = bench.worker({ people: PEOPLE });
    const [one, two] = [await bench.message("one", "hello"), await bench.message("two", "hello")];
    await turn(one);
    await turn(two);
    await merges(one, two);
    bench.wakes.length = 0;
    await turn(one);
    expect(bench.wakes).toContain(`turn ${two}`);
    await turn(two);
    bench.wakes.length = 0;
    expect(await bench.message("one", "and?")).toBe(one);
    await turn(one);
    expect(bench.wakes).toEqual([`turn ${two}`]);
    await turn(two);
    const heard = await rows(
      "select kind, payload->>'from' as from, seq is not null as handled, cause is not null as caused from event where conversation = $1 order by id",
      two,
    );
    expect(heard).toEqual([
      { kind: "message", from: null, handled: true, caused: false },
      { kind: "merged", from: String(one), handled: true, caused: true },
      { kind: "elsewhere", from: String(one), handled: true, caused: true },
    ]);
    const shown = await rows(
      "select content->'entry'->>'author' as author, content->'entry'->>'channel' as channel from outbox where conversation = $1 and content->'entry'->>'text' = 'and?'",
      two,
    );
    expect(shown).toEqual([{ author: "Dana", channel: "chat" }]);
    expect(await rows(`select status, card->'mergedInto' as into from "case" where conversation = $1`, one)).toEqual([
      { status: "solved", into: two },
    ]);
  });

  it("a merge into a case that does not exist opens the case again", async () => {
    const turn = bench.worker({ people: PEOPLE });
    const one = await bench.message("lonely", "hello");
    await turn(one);
    await merges(one, 999_999);
    await turn(one);
    expect(await rows("select 1 from event where kind = 'merged' and conversation = 999999")).toEqual([]);
    await turn(one);
    expect(await rows("select 1 from event where conversation = $1 and seq is null", one)).toEqual([]);
    expect(await rows(`select status, card->'mergedInto' as into from "case" where conversation = $1`, one)).toEqual([
      { status: "new", into: null },
    ]);
  });
});
