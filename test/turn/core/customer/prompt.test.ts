import { describe, expect, it } from "vitest";
import type { Capabilities } from "../../../../src/adapter/capabilities.ts";
import { PERSON_OPTION } from "../../../../src/domain/option.ts";
import { ALEX, atDesk, catalogOf, codes, DANA, FROM, release, scene, toChannel, toCustomer } from "../../scene.ts";
import { SURVEY, TRIAGE } from "../../workflows.ts";

const live = release({ triage: TRIAGE, survey: SURVEY });
const slackish: Partial<Capabilities> = { edit: "native", hint: "native" };
const rich = catalogOf(live, [], { can: slackish });
const plain = catalogOf(live);

/** Another person in the same thread. */
const BOB = {
  address: "bob",
  displayName: "Bob",
  trust: "asserted",
  contact: { ...DANA, id: 8, name: "Bob Jones" },
} as const;

function atMenu(catalog = rich, channel = "chat") {
  const play = scene(catalog, { channel });
  play.writes("hello");
  return play;
}
const bobPresses = (play: ReturnType<typeof scene>, optionId: string, promptId = play.state.prompt?.id ?? "none") =>
  play.happens({ kind: "choice", message: 901, text: optionId, promptId, optionId, from: BOB });

describe("an answered prompt", () => {
  it.each<[string, (play: ReturnType<typeof scene>) => unknown]>([
    ["pressed", (play) => play.presses("order")],
    ["typed", (play) => play.writes("my parcel")],
  ])("that was %s has its buttons replaced by the choice", (_, answers) => {
    const play = atMenu();
    const prompt = play.state.prompt?.id;
    answers(play);
    expect(toChannel(play.last)).toEqual([{ kind: "answered", promptId: prompt, chosen: "My parcel" }]);
  });

  it.each<[string, Partial<Capabilities>, string]>([
    ["can't edit messages", { edit: "dropped", hint: "native" }, "chat"],
    ["shows numbers instead of buttons", slackish, "text"],
  ])("stays as it is on a channel that %s", (_, can, channel) => {
    const play = atMenu(catalogOf(live, [], { can }), channel);
    play.writes("2");
    expect(play.state.tags).toEqual(["topic:order"]);
    expect(toChannel(play.last)).toEqual([]);
  });

  it("keeps its buttons after an answer that was not understood", () => {
    const play = atMenu();
    play.writes("my cat is on fire");
    expect(toChannel(play.last)).toEqual([]);
  });

  it("loses its buttons after the close, too", () => {
    const play = atMenu();
    play.presses("access");
    const prompt = play.state.prompt?.id;
    play.presses("good");
    expect(toChannel(play.last)).toEqual([{ kind: "answered", promptId: prompt, chosen: "Good" }]);
    expect(play.state.phase).toBe("closed");
  });

  it("shows a wish for a person", () => {
    const play = atMenu();
    play.presses(PERSON_OPTION);
    const [change] = toChannel(play.last);
    expect(play.state.case?.held).toBe(true);
    expect(change).toMatchObject({ kind: "answered" });
  });
});

describe("a press of an option", () => {
  it("counts once: a second one gets a hint", () => {
    const play = atMenu();
    const prompt = play.state.prompt?.id;
    play.presses("order", prompt);
    const before = { ...play.state, lastMessage: 0, lastText: "", lastCustomerAt: null };
    play.presses("billing", prompt);
    expect(toChannel(play.last)).toEqual([
      { kind: "hint", to: "dana", text: "That question has been answered already." },
    ]);
    expect(toCustomer(play.last)).toEqual([]);
    expect({ ...play.state, lastMessage: 0, lastText: "", lastCustomerAt: null }).toEqual(before);
  });

  it.each<[string, string, (play: ReturnType<typeof scene>) => unknown]>([
    ["the first opened a case", "open", (play) => play.presses("billing")],
    [
      "the first opened a case that was claimed since",
      "open",
      (play) => {
        play.presses("billing");
        play.does(ALEX, { kind: "claim" });
      },
    ],
    [
      "the conversation is closed",
      "closed",
      (play) => {
        play.presses("access");
        play.presses("good");
      },
    ],
  ])("for the second time changes nothing when %s", (_, phase, first) => {
    const play = atMenu();
    first(play);
    expect(play.state.phase).toBe(phase);
    const before = play.state;
    play.presses("billing", before.answered ?? "none");
    expect(play.state).toEqual(before);
    expect(toChannel(play.last)).toEqual([
      { kind: "hint", to: "dana", text: "That question has been answered already." },
    ]);
    expect(atDesk(play.last)).toEqual([]);
  });

  it("of an old question gets a hint", () => {
    const play = atMenu();
    play.presses("order", "e1.long-ago");
    expect(toChannel(play.last)).toEqual([{ kind: "hint", to: "dana", text: "That question is no longer open." }]);
    expect(codes(play.last)).toContain("choice.stale");
  });

  it("by another person in the thread changes nothing, and only they are told", () => {
    const play = atMenu();
    const before = play.state;
    bobPresses(play, "order");
    expect(play.state).toEqual(before);
    expect(toChannel(play.last)).toEqual([
      { kind: "hint", to: "bob", text: "Only the person who was asked can answer this." },
    ]);
    expect(toCustomer(play.last)).toEqual([]);
  });

  it("by another person is answered in the thread if the channel has no hints", () => {
    const play = atMenu(plain);
    bobPresses(play, "order");
    expect(toCustomer(play.last)).toEqual(["Only the person who was asked can answer this."]);
  });

  // T8
  it("by another person gets no answer while people hold the conversation", () => {
    const play = atMenu(plain);
    const prompt = play.state.prompt?.id;
    play.does(ALEX, { kind: "take_over" });
    bobPresses(play, "order", prompt);
    expect(toCustomer(play.last)).toEqual([]);
    expect(codes(play.last)).toEqual(["choice.foreign"]);
  });

  it("is answered in the customer's language", () => {
    const play = atMenu();
    play.resume({ ...play.state, contact: { ...play.state.contact, language: "de" } });
    bobPresses(play, "order");
    expect(toChannel(play.last)).toEqual([
      { kind: "hint", to: "bob", text: "Das kann nur beantworten, wer gefragt wurde." },
    ]);
  });
});

describe("a second person who writes in the thread", () => {
  it.each([
    ["the number of an option", "2", ["Only the person who was asked can answer this."]],
    ["another text", "lunch?", []],
  ])("answers no question with %s", (_, text, hints) => {
    const play = atMenu();
    const before = play.state;
    play.happens({ kind: "message", message: 901, text, attachments: [], from: BOB });
    expect(play.state.prompt).toEqual(before.prompt);
    expect(play.state.runs).toEqual(before.runs);
    expect(toChannel(play.last)).toEqual(hints.map((text) => ({ kind: "hint", to: "bob", text })));
    expect(toCustomer(play.last)).toEqual([]);
    play.writes("2");
    expect(play.state.prompt).not.toEqual(before.prompt);
  });

  it("does not become the contact, and has their own name at the desk", () => {
    const play = atMenu();
    play.presses("billing");
    play.happens({ kind: "message", message: 902, text: "me too", attachments: [], from: BOB });
    expect(play.state.contact.id).toBe(DANA.id);
    expect(atDesk(play.last)).toMatchObject([{ kind: "customer", author: "Bob Jones", text: "me too" }]);
  });

  it("becomes the contact if there is none yet", () => {
    const play = scene(rich);
    play.happens({ kind: "message", message: 903, text: "hello", attachments: [], from: BOB });
    expect(play.state.contact.name).toBe("Bob Jones");
  });
});

const editLatest = (play: ReturnType<typeof scene>, text: string) =>
  play.happens({ kind: "edit", message: play.state.lastMessage, text, from: FROM });

describe("an edit of a message that was handled", () => {
  it("is shown at the desk, and mentions the holder", () => {
    const play = atMenu();
    play.presses("billing");
    play.does(ALEX, { kind: "claim" });
    play.writes("my number is 12");
    editLatest(play, "my number is 13");
    expect(atDesk(play.last)).toMatchObject([
      { kind: "customer", author: "Dana Smith (changed)", text: "my number is 13", notify: "alex" },
    ]);
    play.happens({ kind: "delete", message: play.state.lastMessage, from: FROM });
    expect(atDesk(play.last)).toMatchObject([{ kind: "system", text: "Dana Smith took back a message." }]);
    expect(play.state.lastText).toBe("");
  });

  it("makes the bot do nothing again", () => {
    const play = atMenu();
    const before = play.state;
    editLatest(play, "agent");
    expect(play.state).toEqual({ ...before, lastText: "agent" });
    expect(play.last).toMatchObject({ tells: [], asks: [], alarms: [] });
  });

  it("does not change the latest text if it was an older message", () => {
    const play = atMenu();
    play.happens({ kind: "edit", message: 1, text: "other", from: FROM });
    expect(play.state.lastText).toBe("hello");
  });

  it("has its author's name in a thread with several people", () => {
    const play = atMenu();
    play.presses("billing");
    // The stored contact of an edit is the conversation's.
    play.happens({ kind: "edit", message: 902, text: "us too", from: { ...BOB, contact: DANA } });
    expect(atDesk(play.last)).toMatchObject([{ author: "Bob (changed)" }]);
  });
});
