import { describe, expect, it } from "vitest";
import { ALEX, atDesk, catalogOf, codes, hints, release, scene, toCustomer } from "./scene.ts";
import { TRIAGE } from "./workflows.ts";

const NOTE = "title: Note it\nstatus: live\non: manual\nsteps:\n  - note: Looked into it.\n  - tag: looked-into\n";
const DRAFT = "title: Not yet\nstatus: draft\non: manual\nsteps:\n  - tag: early\n";
const playing = () => scene(catalogOf(release({ triage: TRIAGE, note: NOTE, early: DRAFT })));

describe("a customer who asks for a person", () => {
  it.each(["Can I talk to a person?", "human please", "Ich möchte mit einem Menschen sprechen"])(
    "with the first message “%s” gets one at once, without a menu",
    (text) => {
      const play = playing();
      play.writes(text);
      expect(play.state.case).toMatchObject({ held: true, because: "The customer asked for a person" });
      expect(toCustomer(play.last)).toHaveLength(1);
      expect(codes(play.last)).not.toContain("run.started");
    },
  );

  it("is not meant by somebody who only names one, or by “the last one”", () => {
    for (const text of ["A person took my parcel", "the last one", "0"]) {
      const play = playing();
      play.writes(text);
      expect(play.state.case).toBeNull();
    }
  });
});

describe("an operator who starts a workflow by hand", () => {
  it("has it run beside the case, and it is audited", () => {
    const play = playing();
    play.writes("human please");
    play.does(ALEX, { do: "run", workflow: "note" });
    expect(play.state.tags).toEqual(["looked-into"]);
    expect(atDesk(play.last)).toMatchObject([{ kind: "note", text: "Looked into it.", internal: true }]);
    expect(play.last.audits).toMatchObject([{ operator: "alex", action: "run", after: { workflow: "note" } }]);
  });

  it.each(["triage", "early", "nonsense"])("is told that “%s” can't be, and what can", (workflow) => {
    const play = playing();
    play.writes("human please");
    play.does(ALEX, { do: "run", workflow });
    expect(hints(play.last)).toEqual([["alex", expect.stringContaining("There are: note.")]]);
    expect(play.state.tags).toEqual([]);
  });
});

describe("the desk, at a second handoff", () => {
  it("is shown only what was said since people let go", () => {
    const play = playing();
    play.writes("human please");
    play.does(ALEX, { do: "claim" });
    const letGo = play.does(ALEX, { do: "hand_back" });
    expect(letGo.state.case?.shownUntil).not.toBeNull();
    play.writes("human please");
    const transcripts = play.last.tells.flatMap((tell) =>
      tell.to === "desk" && tell.part.desk === "transcript" ? [tell.part] : [],
    );
    expect(transcripts).toMatchObject([{ since: letGo.state.case?.shownUntil }]);
  });
});
