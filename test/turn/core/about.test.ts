import { describe, expect, it } from "vitest";
import type { DeskCommand } from "../../../src/adapter/desk-command.ts";
import { ALEX, atDesk, catalogOf, DANA, hints, KIM, release, scene, toCustomer } from "../scene.ts";
import { TRIAGE } from "../workflows.ts";

const SURVEY = "title: S\nstatus: live\non: conversation.closed\nsteps: [{ say: How did we do? }]\n";
const MANUAL = "title: M\nstatus: live\non: manual\nsteps: [{ say: Refunded. }]\n";
const acme = catalogOf(release({ triage: TRIAGE, survey: SURVEY, manual: MANUAL }));
const quote = { author: "Dana Smith", place: "#random", text: "I would love a refund" };

/** A case that Alex opened about a message of Dana's in #random. */
function caseAboutMessage(queues: readonly string[] | null = null) {
  const play = scene(acme);
  play.happens({ kind: "operator", operator: ALEX, command: { kind: "open", quote }, queues, contact: DANA });
  return play;
}

const cardOf = ({ last }: ReturnType<typeof caseAboutMessage>) =>
  last.tells.flatMap((tell) => (tell.kind === "desk" && tell.part.kind === "card" ? [tell.part.card] : [])).at(-1);

describe("a case about a message that was not written to us", () => {
  it("is held by the operator, quotes the message with its author and place, and sends nothing", () => {
    const play = caseAboutMessage();
    expect(toCustomer(play.last)).toEqual([]);
    expect(play.last).toMatchObject({ asks: [], audits: [{ action: "open" }, { action: "claim" }] });
    expect(play.state).toMatchObject({ phase: "open", runs: [], case: { holder: ALEX, queue: "front-line" } });
    expect(atDesk(play.last)).toContainEqual(
      expect.objectContaining({ author: "Dana Smith, in #random", text: quote.text, internal: true }),
    );
    expect(cardOf(play)).toMatchObject({
      reason: "Alex opened a case about a message of Dana Smith in #random",
      summary: quote.text,
      about: { author: "Dana Smith", place: "#random", told: false },
      waitingSince: null,
    });
  });

  it("has no trust, since the channel authenticated only the operator", () => {
    const play = caseAboutMessage();
    expect(play.state.trust).toBeNull();
    expect(cardOf(play)).not.toHaveProperty("trust");
  });

  it.each<[DeskCommand]>([[{ kind: "hand_back" }], [{ kind: "run", workflow: "manual" }]])(
    "starts no workflow before a person has replied: $kind",
    (command) => {
      const play = caseAboutMessage();
      play.does(ALEX, command);
      expect(toCustomer(play.last)).toEqual([]);
      expect(hints(play.last)).toEqual([
        ["alex", "Only a person may write to Dana Smith first: reply, or resolve the case."],
      ]);
      play.does(ALEX, { kind: "reply", text: "Hello Dana" });
      expect(hints(play.does(ALEX, command))).toEqual([]);
    },
  );

  it("sends the author nothing when it is released or resolved, and no survey", () => {
    const play = caseAboutMessage();
    expect(toCustomer(play.writes("and another thing"))).toEqual([]);
    expect(toCustomer(play.does(ALEX, { kind: "off_duty" }))).toEqual([]);
    play.does(KIM, { kind: "claim" });
    expect(toCustomer(play.does(KIM, { kind: "resolve" }))).toEqual([]);
    expect(play.state).toMatchObject({ phase: "closed", runs: [] });
    expect(toCustomer(play.writes("anyone?"))).toEqual([]);
    expect(play.state.phase).toBe("closed");
    expect(play.last.tells).toEqual([]);
  });

  it("is an ordinary case from the first reply on", () => {
    const play = caseAboutMessage();
    expect(toCustomer(play.does(ALEX, { kind: "say", text: "Can I help?", ref: "w1", shown: true }))).toEqual([
      "Can I help?",
    ]);
    expect(cardOf(play)).toMatchObject({ about: { told: true }, status: "waiting for the customer" });
    expect(toCustomer(play.does(ALEX, { kind: "resolve" }))).toEqual(["How did we do?"]);
  });

  it("is in a queue of the operator's when they do not work in the default queue", () => {
    expect(caseAboutMessage(["billing"]).state.case?.queue).toBe("billing");
  });

  it("is refused to an operator without a queue, and leaves nothing behind", () => {
    const play = caseAboutMessage([]);
    expect(play.state).toMatchObject({ phase: "new", case: null });
    expect(hints(play.last)[0]?.[1]).toContain("You are not in any queue");
  });
});

describe("opening a case about a message of a known conversation", () => {
  const open = { kind: "open", quote } as const;

  it("takes over one of the bot's", () => {
    const play = scene(acme);
    play.writes("hello");
    play.does(ALEX, open);
    expect(play.state).toMatchObject({ runs: [], trust: "asserted", case: { holder: ALEX, about: null } });
  });

  it("opens a closed one again", () => {
    const play = caseAboutMessage();
    play.does(ALEX, { kind: "reply", text: "Hello Dana" });
    play.does(ALEX, { kind: "resolve" });
    play.does(KIM, open);
    expect(play.state).toMatchObject({ phase: "open", case: { held: true, holder: KIM } });
  });

  it("leaves one that another operator holds, and one in another queue, as it is", () => {
    const play = caseAboutMessage();
    play.does(KIM, open);
    expect(hints(play.last)).toEqual([["kim", "Alex holds this case."]]);
    play.does(KIM, open, ["billing"]);
    expect(hints(play.last)[0]?.[1]).toContain("You are not in the queue “Front line”");
  });
});
