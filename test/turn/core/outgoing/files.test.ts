import { describe, expect, it } from "vitest";
import type { Capabilities } from "../../../../src/adapter/capabilities.ts";
import type { Attachment, StoredFile } from "../../../../src/domain/message.ts";
import type { Ask } from "../../../../src/turn/core/ask.ts";
import type { TransitionOutcome } from "../../../../src/turn/core/outcome.ts";
import { isForCustomer } from "../../../../src/turn/core/outcome.ts";
import {
  ALEX,
  atDesk,
  catalogOf,
  codes,
  FROM,
  hints,
  marks,
  release,
  scene,
  toCustomer,
  UNBRAKED,
} from "../../scene.ts";
import { TRIAGE } from "../../workflows.ts";

const live = release({ triage: TRIAGE });
const carries = (more: Partial<Capabilities["attachments"]> = {}): Partial<Capabilities> => ({
  attachments: { support: "native", maxBytes: 1_000, ...more },
});
const acme = catalogOf(live, [], { can: carries() });

const photo: Attachment = { ref: "F1", name: "photo.png", mediaType: "image/png" };
const PHOTO: StoredFile = { id: 5, name: "photo.png", mediaType: "image/png", bytes: 400, token: "t0k3n" };
const GONE = { ok: false, error: { reason: "refused", message: "It was deleted there.", retryable: false } } as const;

const atMenu = (catalog = acme) => {
  const play = scene(catalog);
  play.writes("hello");
  return play;
};
const claimedCase = (catalog = acme) => {
  const play = atMenu(catalog);
  play.presses("billing");
  play.does(ALEX, { kind: "claim" });
  return play;
};

let serial = 900;
const attach = (play: ReturnType<typeof scene>, text: string, attachments: readonly Attachment[] = [photo]) =>
  play.happens({ kind: "message", message: serial++, text, attachments, from: FROM });

const fetches = ({ asks }: TransitionOutcome): Ask["request"][] => asks.map(({ request }) => request);
const shownFiles = ({ tells }: TransitionOutcome) =>
  tells.flatMap((tell) => (tell.kind === "desk" && tell.part.kind === "file" ? [tell.part] : []));
const parts = ({ tells }: TransitionOutcome) => tells.flatMap((tell) => (isForCustomer(tell) ? tell.parts : []));

describe("a customer's file", () => {
  it("is listed with their message at once, fetched from their channel, and then shown", () => {
    const play = claimedCase();
    attach(play, "look");
    expect(atDesk(play.last)).toMatchObject([{ kind: "customer", text: "look", files: ["photo.png"] }]);
    expect(fetches(play.last)).toEqual([{ kind: "fetch", channel: "chat", attachment: photo }]);
    play.answers({ ok: true, value: PHOTO });
    expect(shownFiles(play.last)).toEqual([{ kind: "file", file: PHOTO, author: "Dana Smith", from: "customer" }]);
    expect(play.state.fetching).toEqual([]);
  });

  it("that came before there was a case is shown once there is one", () => {
    const play = atMenu();
    attach(play, "this one");
    play.answers({ ok: true, value: PHOTO });
    expect(shownFiles(play.last)).toEqual([]);
    play.presses("billing");
    expect(shownFiles(play.last)).toMatchObject([{ file: PHOTO, author: "Dana Smith" }]);
    play.does(ALEX, { kind: "claim" });
    play.does(ALEX, { kind: "transfer", queue: "front-line" });
    expect(shownFiles(play.last)).toEqual([]);
  });

  it("that was fetched after the close is shown when they come back to the desk", () => {
    const play = claimedCase();
    attach(play, "look");
    play.does(ALEX, { kind: "resolve" });
    play.answers({ ok: true, value: PHOTO });
    expect(shownFiles(play.last)).toEqual([]);
    play.writes("it broke again");
    expect(shownFiles(play.last)).toMatchObject([{ file: PHOTO }]);
    expect(play.state.files).toEqual([]);
  });

  it("that can't be fetched is reported to the people who hold the case", () => {
    const play = claimedCase();
    attach(play, "look");
    play.answers(GONE);
    expect(atDesk(play.last)).toMatchObject([
      { kind: "system", text: "A file from the customer is missing: It was deleted there." },
    ]);
    expect(codes(play.last)).toEqual(["file.failed"]);
  });

  it("that can't be fetched is noted when there is no case yet", () => {
    const play = atMenu();
    attach(play, "this one");
    play.answers(GONE);
    play.presses("billing");
    expect(atDesk(play.last)).toContainEqual(
      expect.objectContaining({ kind: "note", text: "A file from the customer is missing: It was deleted there." }),
    );
  });

  it("is not fetched on a channel without attachments", () => {
    const play = claimedCase(catalogOf(live, [], { can: carries({ support: "dropped" }) }));
    attach(play, "look");
    expect(play.last.asks).toEqual([]);
    expect(atDesk(play.last)).toMatchObject([{ text: "look", files: ["photo.png"] }]);
  });

  it("beyond the maximum is reported as missing", () => {
    const play = claimedCase();
    const many = Array.from({ length: 22 }, (_, n) => ({ ref: `F${n}`, name: `${n}.png` }));
    attach(play, "all of them", many);
    expect(play.last.asks).toHaveLength(20);
    expect(atDesk(play.last).filter(({ kind }) => kind === "system")).toHaveLength(2);
  });

  // T11
  it("many times before there is a case keeps the state small, and each one left out is noted", () => {
    const echo = "title: E\nstatus: live\non: [conversation.opened, message.received]\nsteps: [{ say: Thank you. }]\n";
    const play = atMenu(catalogOf(release({ echo }, { settings: UNBRAKED }), [], { can: carries() }));
    for (let n = 0; n < 60; n++) {
      attach(play, "here", [{ ref: `F${n}` }]);
      play.answers(
        n % 2 === 0
          ? { ok: false, error: { ...GONE.error, message: "x".repeat(5_000) } }
          : { ok: true, value: { ...PHOTO, id: n } },
      );
    }
    expect(play.state.notes.length).toBeLessThanOrEqual(20);
    expect(play.state.files).toHaveLength(20);
    expect(JSON.stringify(play.state).length).toBeLessThan(45_000);
    attach(play, "one more", [photo]);
    play.answers({ ok: true, value: PHOTO });
    expect(play.state.notes.at(-1)).toMatch(/is not shown: 20 newer files came after it/);
  });

  it("without a name is listed by its type, and without a type as a file", () => {
    const play = claimedCase();
    attach(play, "", [{ ref: "F1", mediaType: "image/png" }, { ref: "F2" }]);
    expect(atDesk(play.last)).toMatchObject([{ files: ["image/png", "a file"] }]);
  });
});

/** Alex writes in the thread with a file, which is then fetched. */
function sendFile(catalog = acme, text = "As promised.", file = PHOTO) {
  const play = claimedCase(catalog);
  play.does(ALEX, { kind: "say", text, ref: "w1", shown: true, files: [photo] });
  const first = play.last;
  play.answers({ ok: true, value: file });
  return { play, first };
}

describe("an operator's file", () => {
  it("follows their words: fetched from the desk, sent as a file, with its delivery shown", () => {
    const { play, first } = sendFile();
    expect(toCustomer(first)).toEqual(["As promised."]);
    expect(fetches(first)).toEqual([{ kind: "fetch", channel: "chat", attachment: photo }]);
    expect(parts(play.last)).toEqual([
      { text: "photo.png", file: { ...PHOTO, url: "https://desk.example/files/t0k3n/photo.png" }, ref: "f5" },
    ]);
    expect(play.last.tells).toContainEqual(
      expect.objectContaining({ text: "[file: photo.png]", kind: "notice", ref: "f5" }),
    );
    expect(marks(play.last)).toEqual([["f5", null, null]]);
    const mark = play.last.tells.find((tell) => tell.kind === "desk" && tell.part.kind === "mark");
    expect(play.last.tells[(mark as { mirrors: number }).mirrors]).toMatchObject({ kind: "notice" });
    expect(shownFiles(play.last)).toEqual([]);
  });

  it("without words is sent alone", () => {
    const { play, first } = sendFile(acme, "");
    expect(toCustomer(first)).toEqual([]);
    expect(marks(first)).toEqual([["w1", "→ Dana Smith, chat: see below for the file.", null]]);
    expect(toCustomer(play.last)).toEqual(["[file: photo.png]"]);
    expect(play.state.case?.status).toBe("waiting for the customer");
  });

  it("is shown in a thread that does not show it yet", () => {
    const play = claimedCase();
    play.does(ALEX, { kind: "say", text: "here", files: [photo] });
    play.answers({ ok: true, value: PHOTO });
    expect(shownFiles(play.last)).toEqual([{ kind: "file", file: PHOTO, author: "Alex", from: "reply" }]);
  });

  it.each([
    ["fetches it itself, and can reach this server", carries({ byUrl: true }), true, "file"],
    ["fetches it itself, and can't reach this server", carries({ byUrl: true }), false, "nowhere"],
    ["takes the bytes, while this server can't be reached", carries(), false, "file"],
    ["carries none", carries({ support: "dropped" }), true, "link"],
    ["carries none, while this server can't be reached", carries({ support: "dropped" }), false, "nowhere"],
    ["carries only smaller ones", carries({ maxBytes: 399 }), true, "link"],
    ["carries just this size", carries({ maxBytes: 400 }), true, "file"],
  ])("on a channel that %s", (_, can, reachable, how) => {
    const { play } = sendFile(catalogOf(live, [], { can, reachable }));
    const link = "photo.png: https://desk.example/files/t0k3n/photo.png";
    const expected = { file: ["[file: photo.png]"], link: [link], nowhere: [] }[how];
    expect(toCustomer(play.last)).toEqual(expected);
    expect(parts(play.last).some(({ file }) => file !== undefined)).toBe(how === "file");
    const told = how === "nowhere" ? ["alex"] : [];
    expect(hints(play.last).map(([whom]) => whom)).toEqual(told);
    expect(atDesk(play.last).filter(({ kind }) => kind === "system")).toHaveLength(told.length);
  });

  it("that can't be fetched is reported to them; their words are sent anyway", () => {
    const play = claimedCase();
    play.does(ALEX, { kind: "say", text: "As promised.", ref: "w1", shown: true, files: [photo] });
    expect(toCustomer(play.last)).toEqual(["As promised."]);
    play.answers(GONE);
    expect(hints(play.last)).toEqual([["alex", "“photo.png” was not sent to the customer: It was deleted there."]]);
    expect(atDesk(play.last)).toMatchObject([{ kind: "system" }]);
    expect(toCustomer(play.last)).toEqual([]);
  });

  it("beyond the maximum is reported to them", () => {
    const play = claimedCase();
    const many = Array.from({ length: 21 }, (_, n) => ({ ref: `F${n}`, name: `${n}.png` }));
    play.does(ALEX, { kind: "say", text: "all", ref: "w1", shown: true, files: many });
    expect(play.last.asks).toHaveLength(20);
    expect(hints(play.last)).toMatchObject([
      ["alex", expect.stringContaining("“20.png” was not sent to the customer")],
    ]);
  });

  it("is not fetched before the words are sent, and never for a note", () => {
    const play = claimedCase(catalogOf(live, [], { undoMs: 5_000, can: carries() }));
    play.does(ALEX, { kind: "say", text: "here", ref: "w1", shown: true, files: [photo] });
    expect(play.last.asks).toEqual([]);
    expect(play.rings("undo:w1").asks).toHaveLength(1);
    play.does(ALEX, { kind: "say", text: "// ours", ref: "w2", shown: true, files: [photo] });
    expect(play.last.asks).toEqual([]);
  });

  it("is answered once", () => {
    const { play } = sendFile();
    const before = play.state;
    play.answers({ ok: true, value: PHOTO });
    expect(play.state).toEqual(before);
    expect(codes(play.last)).toEqual(["answer.late"]);
  });
});
