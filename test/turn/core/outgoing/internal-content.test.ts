import { describe, expect, it } from "vitest";
import { cpuMs } from "../../../support/cpu-time.ts";
import { ALEX, atDesk, catalogOf, codes, hints, KIM, marks, release, scene, toCustomer } from "../../scene.ts";
import { TRIAGE } from "../../workflows.ts";

const acme = catalogOf(release({ triage: TRIAGE }));

/** A case that Alex holds, without time for undoing. */
function claimedCase() {
  const play = scene(acme);
  play.writes("hello");
  play.presses("billing");
  play.does(ALEX, { kind: "claim" });
  return play;
}

/** Words of Alex's on hold. */
function onHold() {
  const play = claimedCase();
  play.does(ALEX, { kind: "say", text: "@Kim can we?", ref: "h1", shown: true, mentions: true });
  expect(marks(play.last)).toEqual([["h1", "Not sent yet: it mentions a colleague.", "on_hold"]]);
  return play;
}

const holdReasonOf = (text: string): string | null => {
  const play = claimedCase();
  play.message(ALEX, text, "w1");
  const [mark] = marks(play.last);
  expect(toCustomer(play.last)).toEqual(mark?.[2] === "on_hold" ? [] : [text]);
  return mark?.[2] === "on_hold" ? (mark[1] ?? null) : null;
};

describe("a link that only people inside can open", () => {
  it.each([
    ["https://wiki.acme.example/prices", "wiki.acme.example"],
    ["see wiki.acme.example.", "wiki.acme.example"],
    ["WIKI.ACME.EXAMPLE/x", "wiki.acme.example"],
    ["(https://git.corp.example/x)", "git.corp.example"],
    ["http://printer.internal", "printer.internal"],
    ["printer.internal/queue", "printer.internal"],
    ["http://nas.local:5000/x", "nas.local"],
    ["http://10.1.2.3/admin", "10.1.2.3"],
    ["192.168.0.1:8080", "192.168.0.1"],
    ["http://172.16.0.1", "172.16.0.1"],
    ["http://127.0.0.1/", "127.0.0.1"],
    ["http://wiki/prices", "wiki"],
    ["https://grafana", "grafana"],
    ["intranet/leave", "intranet"],
    ["localhost:3000", "localhost"],
    ["“http://jira/browse/A-1”", "jira"],
  ])("is in %j", (text, host) => {
    expect(holdReasonOf(text)).toBe(`Not sent yet: it links to ${host}, which only people inside can open.`);
  });

  it.each([
    "https://acme.com/prices",
    "“https://acme.com”",
    "<https://acme.com>",
    "https://acme.com_",
    "https://my_shop.acme.com/x",
    "https://münchen.de/rathaus",
    "acme.com",
    "acme.com/a/b",
    "https://notwiki.acme.example.org/x",
    "https://corp.example.com",
    "3.5",
    "e.g. this",
    "i.e./that",
    "20.11.2026",
    "10.11.2026/12.11.2026",
    "10:30",
    "10.99 €",
    "10.99/month",
    "version 10.2.3/10.2.4",
    "internal/external",
    "and/or",
    "the local.",
    "172.32.0.1/x",
    "dana@acme.com",
    "24/7",
  ])("is not in %j", (text) => {
    expect(holdReasonOf(text)).toBeNull();
  });

  it("is searched for quickly in any text", () => {
    const play = claimedCase();
    const spent = cpuMs(() => {
      for (const [n, unit] of ["a", "a-", "a.", "http://", "10.", "ä_"].entries())
        play.message(ALEX, unit.repeat(10_000), `w${n}`);
    });
    expect(spent).toBeLessThan(500);
  });
});

describe("words directly after a colleague's", () => {
  it("are asked about", () => {
    const play = claimedCase();
    play.message(KIM, "give them 10 %", "k1");
    expect(hints(play.last)).toEqual([
      ["kim", "Kept inside: Alex holds this case. Press “Reply to customer” to write anyway."],
    ]);
    play.message(ALEX, "OK!", "w1");
    expect(marks(play.last)).toEqual([["w1", "Not sent yet: it follows a colleague's message.", "on_hold"]]);
    expect(codes(play.last)).toEqual(["desk.held"]);
  });

  it("are asked about also when the colleague's is a note, or older than the claim", () => {
    const noted = claimedCase();
    noted.message(KIM, "// careful", "k1");
    noted.message(ALEX, "OK!", "w1");
    expect(marks(noted.last)[0]?.[2]).toBe("on_hold");

    const older = scene(acme);
    older.writes("hello");
    older.presses("billing");
    older.message(KIM, "I know this one", "k1");
    older.does(ALEX, { kind: "claim" });
    older.message(ALEX, "Me too", "w1");
    expect(marks(older.last)[0]?.[2]).toBe("on_hold");
  });

  it("are not when the customer or the author wrote in between", () => {
    const customer = claimedCase();
    customer.message(KIM, "give them 10 %", "k1");
    customer.writes("hello?");
    customer.message(ALEX, "We are here.", "w1");
    expect(toCustomer(customer.last)).toEqual(["We are here."]);

    const own = claimedCase();
    own.message(KIM, "give them 10 %", "k1");
    own.message(ALEX, "// good idea", "n1");
    own.message(ALEX, "We give you 10 %.", "w1");
    expect(toCustomer(own.last)).toEqual(["We give you 10 %."]);
  });

  it("are not when the case was transferred since, or was closed and the customer came back", () => {
    const moved = claimedCase();
    moved.message(KIM, "this is for the front line", "k1");
    moved.does(ALEX, { kind: "transfer", queue: "front-line" });
    moved.does(ALEX, { kind: "claim" });
    moved.message(ALEX, "I have it.", "w1");
    expect(toCustomer(moved.last)).toEqual(["I have it."]);

    const back = claimedCase();
    back.does(ALEX, { kind: "resolve" });
    back.message(KIM, "well done", "k1");
    back.writes("it broke again");
    back.does(ALEX, { kind: "claim" });
    back.message(ALEX, "Oh no.", "w1");
    expect(toCustomer(back.last)).toEqual(["Oh no."]);
  });
});

describe("a reply on hold", () => {
  it("is shown as a note if the thread does not show it", () => {
    const play = claimedCase();
    play.does(ALEX, { kind: "say", text: "hi @Kim", mentions: true });
    expect(atDesk(play.last)).toMatchObject([{ kind: "note", text: "hi @Kim", internal: true }]);
  });

  it("is sent and audited when its author decides so", () => {
    const play = onHold();
    expect(play.last.audits).toEqual([]);
    play.does(ALEX, { kind: "send_held", ref: "h1" });
    expect(toCustomer(play.last)).toEqual(["@Kim can we?"]);
    expect(play.last.audits).toMatchObject([{ operator: "alex", action: "reply" }]);
  });

  it("stays inside when its author decides so", () => {
    const play = onHold();
    play.does(ALEX, { kind: "keep_held", ref: "h1" });
    expect(marks(play.last)).toEqual([["h1", "Kept inside.", null]]);
    expect(play.state.case?.words).toEqual([]);
  });

  it.each(["send_held", "keep_held"] as const)("is not decided by another operator's %s", (what) => {
    const play = onHold();
    play.does(KIM, { kind: what, ref: "h1" });
    expect(toCustomer(play.last)).toEqual([]);
    expect(hints(play.last)).toEqual([["kim", "Alex wrote this, so only Alex can decide."]]);
    expect(play.state.case?.words).toMatchObject([{ ref: "h1", stage: "on_hold" }]);
  });

  it.each([
    ["send_held", "send_held", 1],
    ["send_held", "keep_held", 1],
    ["keep_held", "send_held", 0],
  ] as const)("is decided once: %s, then %s", (first, second, times) => {
    const play = onHold();
    const sent = toCustomer(play.does(ALEX, { kind: first, ref: "h1" }));
    expect([...sent, ...toCustomer(play.does(ALEX, { kind: second, ref: "h1" }))]).toHaveLength(times);
    expect(hints(play.last)).toEqual([["alex", "This has been decided already."]]);
  });

  it("stays inside when its author has lost the case", () => {
    const play = onHold();
    play.does({ id: "frontdesk", name: "Frontdesk" }, { kind: "release", reason: "Alex is gone" });
    play.does(ALEX, { kind: "send_held", ref: "h1" });
    expect(toCustomer(play.last)).toEqual([]);
    expect(marks(play.does(KIM, { kind: "claim" }))).toEqual([]);
  });

  it("is sent as edited, stays inside as a note, or is dropped with its message", () => {
    const edited = onHold();
    edited.does(ALEX, { kind: "edit", ref: "h1", text: "Yes, we can." });
    expect(toCustomer(edited.last)).toEqual([]);
    expect(toCustomer(edited.does(ALEX, { kind: "send_held", ref: "h1" }))).toEqual(["Yes, we can."]);

    const noted = onHold();
    noted.does(ALEX, { kind: "edit", ref: "h1", text: "// @Kim can we?" });
    expect(toCustomer(noted.does(ALEX, { kind: "send_held", ref: "h1" }))).toEqual([]);

    const deleted = onHold();
    deleted.does(ALEX, { kind: "delete", ref: "h1" });
    expect(toCustomer(deleted.does(ALEX, { kind: "send_held", ref: "h1" }))).toEqual([]);
  });

  it("stays inside at once when there are too many unsent replies", () => {
    const play = claimedCase();
    const long = `${"x".repeat(7_000)} http://intranet/`;
    play.message(ALEX, long, "h1");
    play.message(ALEX, long, "h2");
    expect(hints(play.last)).toMatchObject([["alex", expect.stringContaining("Too many unsent replies")]]);
    expect(play.state.case?.words.map(({ ref }) => ref)).toEqual(["h1"]);
    play.does(ALEX, { kind: "edit", ref: "h1", text: "x".repeat(13_000) });
    expect(marks(play.last)).toEqual([["h1", "Kept inside: too many unsent replies.", null]]);
    expect(play.state.case?.words).toEqual([]);
  });
});
