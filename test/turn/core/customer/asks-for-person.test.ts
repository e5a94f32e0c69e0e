import { describe, expect, it } from "vitest";
import { ALEX, atDesk, catalogOf, codes, hints, release, scene, toCustomer } from "../../scene.ts";
import { TRIAGE } from "../../workflows.ts";

const NOTE = "title: Note it\nstatus: live\non: manual\nsteps:\n  - note: Looked into it.\n  - tag: looked-into\n";
const DRAFT = "title: Not yet\nstatus: draft\non: manual\nsteps:\n  - tag: early\n";
const newScene = () => scene(catalogOf(release({ triage: TRIAGE, note: NOTE, early: DRAFT })));

describe("a customer who asks for a person", () => {
  it.each(["Can I talk to a person?", "human please", "Ich möchte mit einem Menschen sprechen"])(
    "with the first message “%s” gets one at once, without a menu",
    (text) => {
      const play = newScene();
      play.writes(text);
      expect(play.state.case).toMatchObject({ held: true, reason: "The customer asked for a person" });
      expect(toCustomer(play.last)).toHaveLength(1);
      expect(codes(play.last)).not.toContain("run.started");
    },
  );

  it.each([
    ["text", "I want to talk to a human"],
    ["email", "human please"],
    ["number", "Can I talk to a person?"],
  ])("gets one from a form's %s field too, and people see the earlier answers", (type, text) => {
    const form = `title: Form\nstatus: live\non: conversation.opened\nsteps:\n  - collect:\n      fields:\n        name: { type: text, ask: Who are you? }\n        next: { type: ${type}, ask: And then? }\n    save: form\n`;
    const play = scene(catalogOf(release({ form })));
    play.writes("hello");
    play.writes("Dana Smith");
    play.writes(text);
    expect(play.state.case).toMatchObject({
      reason: "The customer asked for a person",
      facts: [{ label: "form.name", value: "Dana Smith" }],
    });
  });

  it("is not meant by a 0 in a number field", () => {
    const form =
      "title: Form\nstatus: live\non: conversation.opened\nsteps:\n  - collect: { fields: { n: { type: number, ask: How many? } } }\n    save: form\n  - tag: 'n:{{ form.n }}'\n";
    const play = scene(catalogOf(release({ form })));
    play.writes("hello");
    play.writes("0");
    expect(play.state).toMatchObject({ case: null, tags: ["n:0"] });
  });

  it("is not meant by a text that only mentions a person, or by “the last one”", () => {
    for (const text of ["A person took my parcel", "the last one", "0"]) {
      const play = newScene();
      play.writes(text);
      expect(play.state.case).toBeNull();
    }
  });
});

describe("an operator who starts a workflow by hand", () => {
  it("has it run beside the case and audited", () => {
    const play = newScene();
    play.writes("human please");
    play.does(ALEX, { kind: "run", workflow: "note" });
    expect(play.state.tags).toEqual(["looked-into"]);
    expect(atDesk(play.last)).toMatchObject([{ kind: "note", text: "Looked into it.", internal: true }]);
    expect(play.last.audits).toMatchObject([{ operator: "alex", action: "run", after: { workflow: "note" } }]);
  });

  it.each(["triage", "early", "nonsense"])("is told that “%s” can't be started, and which can", (workflow) => {
    const play = newScene();
    play.writes("human please");
    play.does(ALEX, { kind: "run", workflow });
    expect(hints(play.last)).toEqual([["alex", expect.stringContaining("There are: note.")]]);
    expect(play.state.tags).toEqual([]);
  });
});

describe("the thread, at a second handoff", () => {
  it("shows only the transcript since people let go", () => {
    const play = newScene();
    play.writes("human please");
    play.does(ALEX, { kind: "claim" });
    const letGo = play.does(ALEX, { kind: "hand_back" });
    expect(letGo.state.case?.shownUntil).not.toBeNull();
    play.writes("human please");
    const transcripts = play.last.tells.flatMap((tell) =>
      tell.kind === "desk" && tell.part.kind === "transcript" ? [tell.part] : [],
    );
    expect(transcripts).toMatchObject([{ since: letGo.state.case?.shownUntil }]);
  });
});

const CARD =
  "title: Card\nstatus: live\non: conversation.opened\nsteps:\n  - collect: { fields: { card: { type: text, ask: Which card?, sensitive: true } } }\n    save: pay\n  - ask: Sure?\n    save: sure\n    options: { sure: Sure }\n";

it("a sensitive form value stays hidden after an edit of the file", () => {
  const before = release({ card: CARD });
  const play = scene(catalogOf(before));
  play.writes("hello");
  play.writes("4111 1111 1111 1111");
  play.catalog = catalogOf(release({ card: CARD.replaceAll("sensitive: true", "sensitive: false") }, { id: 2 }), [
    before,
  ]);
  play.writes("human please");
  expect(play.state.case?.facts).toContainEqual({ label: "pay.card", value: "(sensitive, not shown)" });
});

it("a handback restarts the idle alarms", () => {
  const idle = "title: Remind\nstatus: live\non: { conversation.idle: { for: 30m } }\nsteps:\n  - say: Still there?\n";
  const play = scene(catalogOf(release({ triage: TRIAGE, idle })));
  play.writes("human please");
  play.does(ALEX, { kind: "claim" });
  play.after(60).rings("idle:idle");
  expect(codes(play.last)).toContain("idle.passed");
  play.does(ALEX, { kind: "hand_back" });
  expect(play.last.alarms.map(({ id }) => id)).toContain("idle:idle");
  play.after(60).rings("idle:idle");
  expect(toCustomer(play.last)).toEqual(["Still there?"]);
});

it("a question on an unknown channel keeps its options", () => {
  const play = scene(catalogOf(release({ triage: TRIAGE })), { channel: "brand-new" });
  play.writes("hello");
  expect(toCustomer(play.last).at(-1)).toMatch(/1\) An invoice\n2\) My parcel/);
});
