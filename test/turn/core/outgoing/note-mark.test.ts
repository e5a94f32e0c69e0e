/** The audience of operators' words by their beginning: the same rule for every desk. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { playground } from "../../../../channels/playground/index.ts";
import { type Audience, audienceOf } from "../../../../src/turn/core/outgoing/note-mark.ts";
import { event, toBot } from "../../../support/slack-read.ts";
import { ALEX, catalogOf, hints, KIM, marks, release, scene, toCustomer } from "../../scene.ts";
import { TRIAGE } from "../../workflows.ts";

interface Row {
  text: string;
  expected: Audience;
  why: string;
}

/** Written from the README, without looking at the rule. */
const DOCUMENTED = JSON.parse(readFileSync(new URL("note-marks.json", import.meta.url), "utf8")) as Row[];

const NOTES = [
  "// x",
  "//x",
  "  //hi",
  "／／ x",
  ";; x",
  "；； x",
  "🔒 x",
  "🔒️x",
  "/note x",
  "/Note he owes us 40",
  "/NOTE: x",
  "Note: x",
  "NOTE : x",
  "Ｎｏｔｅ： x",
  "Private: x",
  "[note] x",
  "［Note］x",
  "【note】 x",
  "(note) x",
  "Notiz: x",
  "/notiz x",
  "Intern: x",
  "[intern] x",
  "Privat: x",
  "\u200b// x",
  "\u202e// x",
  "/\u200b/ x",
  "//cdn.example/x.png",
  "internal: x",
  "Internal note: x",
  "interne Notiz: x",
  "/internal x",
  "\n\n// x",
  "*Note:* x",
  "*Note*: x",
  "`//` x",
  "*// x*",
  ":lock: x",
  "&lt;note&gt; x",
  "⁄⁄ x",
];
const LIKENESSES = [
  "/ note x",
  "note - x",
  "note – x",
  "\\\\ x",
  "/nte x",
  "FYI team, x",
  "@kim x",
  "Ntoe: x",
  "Noet: x",
  "nte: x",
  "hello\n// x",
  "hello\nNote: x",
  "> // x",
  "• // x",
  "- Note: x",
  '"// x',
  "((he is odd))",
  "; x",
  ":: x",
  "note he owes us 40",
  "note",
  "note\nx",
  "Note that he owes us",
  "FYI: he lies",
  "Privat er zahlt nie",
  "nur intern: x",
  "Note to self: x",
  "/resolve",
  "[note: he is rude]",
  "ok [note: rude]",
  "n o t e: x",
  "🔐 x",
  "1. // x",
  "hi team, x",
  "Hinweis: x",
  "#intern x",
  "Sure. // he is odd",
  ":/ // x",
  "(// x)",
  "note_ x",
  "_note_ x",
  "Note-- x",
  "hey @kim x",
  "private Notiz x",
  "Fürs Team: x",
  "Do not tell the customer x",
  "Interner Vermerk: x",
  "¯\\_(ツ)_/¯ // x",
  "/notebook",
];
const FOR_CUSTOMERS = [
  "Note that your order ships today.",
  "Notes are attached",
  "Notes attached: see file",
  "Privately owned flats",
  "https://shop.example",
  "Noted, thanks!",
  "Please note: we close at 5",
  "Notebook prices rose",
  "note-taking apps",
  "Private customers pay less",
  "Internally we checked",
  "Intern haben wir das geprüft",
  ";) sure",
  ";-) ok",
  ":/ sorry about that",
  "FYI your parcel left",
  "PS: bye",
  "Your order //1// is here",
  "Hi Dana,\nyour parcel left.",
  "International shipping: 5 EUR",
  "Notre offre: 5",
  "Private-label goods",
  "Notice: x",
  "1) yes\n2) no",
  "Not yet",
  "No: sorry",
  "For all orders we ship free",
  "Für uns ist das klar",
  "Nur für kurze Zeit: 10 %",
  "Thanks! (Note: Monday is a holiday)",
  "see [Note 1]",
  "Mon // Tue",
  "8) Bring it",
  "info@x.example",
  "50% off",
  "*Your order* left",
  "- one\n- two",
  "Interne Prüfung läuft",
  "Team Acme wishes you well",
  "",
  "👋 Hello",
  "Note 10 is out of stock",
  "Noted: we call at 5",
  "internal/external",
  "None: all left",
  "Please find the note: it is blue",
];

const all = (texts: string[], expected: Audience): Row[] => texts.map((text) => ({ text, expected, why: "" }));
const ROWS: Row[] = [
  ...all(NOTES, "note"),
  ...all(LIKENESSES, "ask"),
  ...all(FOR_CUSTOMERS, "customer"),
  ...DOCUMENTED,
];

/** True for safe results: a note or a question for texts that may be notes; the customer's words have to leave. */
const isSafe = (expected: Audience, found: Audience): boolean => (expected === "customer") === (found === "customer");

describe("words in a case's thread", () => {
  it.each(all(NOTES, "note"))("are a note: $text", ({ text }) => {
    expect(audienceOf(text)).toBe("note");
  });

  it.each(all(LIKENESSES, "ask"))("are asked about: $text", ({ text }) => {
    expect(audienceOf(text)).toBe("ask");
  });

  it.each(all(FOR_CUSTOMERS, "customer"))("are the customer's: $text", ({ text }) => {
    expect(audienceOf(text)).toBe("customer");
  });

  it.each(DOCUMENTED)("$expected: $text ($why)", ({ text, expected }) => {
    const found = audienceOf(text);
    expect(isSafe(expected, found), `${found} instead of ${expected}`).toBe(true);
  });
});

const escapeSlack = (typed: string) => typed.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

/** The text as each desk passes it on. */
const DESKS: [string, (text: string) => string][] = [
  [
    "Slack",
    (text) => {
      const message = event(toBot({ text: escapeSlack(text) }));
      return message.kind === "message" ? message.text : expect.unreachable();
    },
  ],
  [
    "the page",
    (text) => {
      const body = {
        id: "x1",
        type: "action",
        thread: "t",
        operator: "alex",
        conversation: 1,
        command: { kind: "say", text },
      };
      const raw = { body: new TextEncoder().encode(JSON.stringify(body)), contentType: "", receivedAt: new Date() };
      const [action] = playground.parse(raw, playground.config.parse({ secret: "s".repeat(40) }));
      return action?.kind === "action" && action.command.kind === "say" ? action.command.text : expect.unreachable();
    },
  ],
];

const acme = catalogOf(release({ triage: TRIAGE }));

/** A case that Alex holds, without time for undoing. */
function claimedCase() {
  const play = scene(acme);
  play.writes("hello");
  play.presses("billing");
  play.does(ALEX, { kind: "claim" });
  return play;
}

describe.each(DESKS)("the holder at %s", (_desk, typed) => {
  it("never sends a note, and what looks like one only after a decision", () => {
    const play = claimedCase();
    for (const [at, { text, expected }] of ROWS.entries()) {
      if (text.trim() === "") continue;
      const read = typed(text);
      const ref = `w${at}`;
      const found = audienceOf(read);
      expect([text, isSafe(expected, found)]).toEqual([text, true]);
      play.does(ALEX, { kind: "say", text: read, ref, shown: true });
      expect([text, toCustomer(play.last)]).toEqual([text, found === "customer" ? [read] : []]);
      const questions = marks(play.last).filter(([, , question]) => question === "on_hold");
      const asks = [[ref, "Not sent yet: it looks like a note for colleagues.", "on_hold"]];
      expect([text, questions]).toEqual([text, found === "ask" ? asks : []]);
      if (found !== "ask") continue;
      play.does(ALEX, { kind: "keep_held", ref });
      expect([text, toCustomer(play.last)]).toEqual([text, []]);
    }
  });
});

describe("a note mark", () => {
  it("keeps the files of its message inside", () => {
    const play = claimedCase();
    const files = [{ ref: "F1", name: "terms.pdf" }];
    play.does(ALEX, { kind: "say", text: "Note: our terms", ref: "w1", shown: true, files });
    expect([play.last.tells, play.last.asks]).toEqual([[], []]);
    play.does(ALEX, { kind: "say", text: "note - our terms", ref: "w2", shown: true, files });
    expect(play.last.asks).toEqual([]);
    play.does(ALEX, { kind: "keep_held", ref: "w2" });
    expect([toCustomer(play.last), play.last.asks]).toEqual([[], []]);
  });

  it.each([ALEX, KIM])("keeps a reply from the dialog inside, and says why ($name)", (who) => {
    const play = claimedCase();
    play.does(who, { kind: "reply", text: "/NOTE: he owes us 40" });
    expect(toCustomer(play.last)).toEqual([]);
    expect(hints(play.last)).toEqual([
      [who.id, "Kept inside: it begins with a note mark. Write it again without the mark to send it."],
    ]);
  });

  it("stops an operator's first message", () => {
    const play = scene(acme);
    play.does(ALEX, { kind: "start", text: "Notiz: er schuldet uns 40", queue: "billing" });
    expect([toCustomer(play.last), play.state.case]).toEqual([[], null]);
    expect(hints(play.last)).toEqual([
      [ALEX.id, "It begins with a note mark, so it was not sent: Notiz: er schuldet uns 40"],
    ]);
  });

  it("that is edited away does not turn a note into a reply", () => {
    const play = claimedCase();
    play.does(ALEX, { kind: "say", text: "Private: he owes us 40", ref: "w1", shown: true });
    play.does(ALEX, { kind: "edit", ref: "w1", text: "You owe us 40" });
    expect(toCustomer(play.last)).toEqual([]);
    expect(play.state.case?.words).toEqual([]);
  });

  it("that is edited into waiting words keeps them inside, and what looks like one is asked about", () => {
    const slow = scene(catalogOf(release({ triage: TRIAGE }), [], { undoMs: 5_000 }));
    slow.writes("hello");
    slow.presses("billing");
    slow.does(ALEX, { kind: "claim" });
    slow.does(ALEX, { kind: "say", text: "he owes us 40", ref: "w1", shown: true });
    slow.does(ALEX, { kind: "edit", ref: "w1", text: "[Intern] he owes us 40" });
    expect(marks(slow.last)).toEqual([["w1", "Kept inside: it is a note now.", null]]);
    slow.does(ALEX, { kind: "say", text: "he owes us 40", ref: "w2", shown: true });
    slow.does(ALEX, { kind: "edit", ref: "w2", text: "ntoe: he owes us 40" });
    expect(marks(slow.last)).toEqual([["w2", "Not sent yet: it looks like a note for colleagues.", "on_hold"]]);
    expect(toCustomer(slow.rings("undo:w2"))).toEqual([]);
  });

  it("that is edited into sent words changes nothing, and what looks like one is asked about", () => {
    const play = scene(catalogOf(release({ triage: TRIAGE }), [], { can: { edit: "native" } }));
    play.writes("hello");
    play.presses("billing");
    play.does(ALEX, { kind: "claim" });
    play.does(ALEX, { kind: "say", text: "Your invoice is paid.", ref: "w1", shown: true });
    play.does(ALEX, { kind: "edit", ref: "w1", text: "／／ he owes us 40" });
    expect([play.last.tells.length, marks(play.last)]).toEqual([1, [["w1", "The customer has the old text.", null]]]);
    play.does(ALEX, { kind: "edit", ref: "w1", text: "note he owes us 40" });
    expect(marks(play.last)).toEqual([["w1", "The customer has the old text.", "correction"]]);
    expect(toCustomer(play.last)).toEqual([]);
  });
});

it("is found in time in proportion to the text", () => {
  const repeated = [
    "/",
    ":) ",
    "(",
    "- //\n",
    ". ",
    "[note ",
    '"',
    "1) ",
    "ﷺ",
    "note : ",
    "@",
    "Nо",
    "🅽",
    "0a",
    "intern. ",
    " /note",
  ];
  const spent = (length: number): number =>
    Math.min(
      ...[1, 2, 3].map(() => {
        const before = process.cpuUsage();
        for (const piece of repeated) audienceOf(piece.repeat(length / piece.length));
        return process.cpuUsage(before).user;
      }),
    );
  spent(1_000);
  // Eight times the text: quadratic time would be sixty-four times as much.
  expect(spent(80_000) / spent(10_000)).toBeLessThan(30);
});
