import { describe, expect, it } from "vitest";
import type { Capabilities } from "../../../../src/adapter/capabilities.ts";
import { PERSON_OPTION } from "../../../../src/domain/option.ts";
import { ALEX, atDesk, catalogOf, codes, DANA, FROM, release, scene, toChannel, toCustomer } from "../../scene.ts";
import { SURVEY, TRIAGE } from "../../workflows.ts";

const live = release({ triage: TRIAGE, survey: SURVEY });
const slackish: Partial<Capabilities> = { edit: "native", hint: "native" };
const rich = catalogOf(live, [], { can: slackish });
const plain = catalogOf(live);

/** Somebody else, who writes in the same thread. */
const BOB = {
  address: "bob",
  displayName: "Bob",
  trust: "asserted",
  contact: { ...DANA, id: 8, name: "Bob Jones" },
} as const;

function asked(catalog = rich, channel = "chat") {
  const play = scene(catalog, { channel });
  play.writes("hello");
  return play;
}
const bobPresses = (play: ReturnType<typeof scene>, optionId: string, promptId = play.state.prompt?.id ?? "none") =>
  play.happens({ kind: "choice", message: 901, text: optionId, promptId, optionId, from: BOB });

describe("a prompt that has its answer", () => {
  it.each<[string, (play: ReturnType<typeof scene>) => unknown]>([
    ["pressed", (play) => play.presses("order")],
    ["typed", (play) => play.writes("my parcel")],
  ])("by being %s loses its buttons and says what was chosen", (_, answers) => {
    const play = asked();
    const prompt = play.state.prompt?.id;
    answers(play);
    expect(toChannel(play.last)).toEqual([{ kind: "answered", promptId: prompt, chosen: "My parcel" }]);
  });

  it.each<[string, Partial<Capabilities>, string]>([
    ["can't change what was sent", { edit: "dropped", hint: "native" }, "chat"],
    ["shows numbers instead of buttons", slackish, "text"],
  ])("stays as it is on a channel that %s", (_, can, channel) => {
    const play = asked(catalogOf(live, [], { can }), channel);
    play.writes("2");
    expect(play.state.tags).toEqual(["topic:order"]);
    expect(toChannel(play.last)).toEqual([]);
  });

  it("keeps its buttons after an answer that was not understood", () => {
    const play = asked();
    play.writes("my cat is on fire");
    expect(toChannel(play.last)).toEqual([]);
  });

  it("after the close loses them, too", () => {
    const play = asked();
    play.presses("access");
    const prompt = play.state.prompt?.id;
    play.presses("good");
    expect(toChannel(play.last)).toEqual([{ kind: "answered", promptId: prompt, chosen: "Good" }]);
    expect(play.state.phase).toBe("closed");
  });

  it("with a wish for a person says that", () => {
    const play = asked();
    play.presses(PERSON_OPTION);
    const [change] = toChannel(play.last);
    expect(play.state.case?.held).toBe(true);
    expect(change).toMatchObject({ kind: "answered" });
  });
});

describe("an option that is pressed", () => {
  it("twice counts once: the second press is told so, alone", () => {
    const play = asked();
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
    ["the first press brought people in", "open", (play) => play.presses("billing")],
    [
      "the first press brought an operator in, who was faster",
      "open",
      (play) => {
        play.presses("billing");
        play.does(ALEX, { kind: "claim" });
      },
    ],
    [
      "all was said and closed",
      "closed",
      (play) => {
        play.presses("access");
        play.presses("good");
      },
    ],
  ])("twice, though %s, is no new word of the customer's", (_, phase, first) => {
    const play = asked();
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

  it("of a question from long ago is told so", () => {
    const play = asked();
    play.presses("order", "e1.long-ago");
    expect(toChannel(play.last)).toEqual([{ kind: "hint", to: "dana", text: "That question is no longer open." }]);
    expect(codes(play.last)).toContain("choice.stale");
  });

  it("by somebody else in the thread changes nothing, and only they are told", () => {
    const play = asked();
    const before = play.state;
    bobPresses(play, "order");
    expect(play.state).toEqual(before);
    expect(toChannel(play.last)).toEqual([
      { kind: "hint", to: "bob", text: "Only the person who was asked can answer this." },
    ]);
    expect(toCustomer(play.last)).toEqual([]);
  });

  it("by somebody else is said to all where the channel has no other way", () => {
    const play = asked(plain);
    bobPresses(play, "order");
    expect(toCustomer(play.last)).toEqual(["Only the person who was asked can answer this."]);
  });

  // T8
  it("by somebody else is not answered by the bot while people hold the conversation", () => {
    const play = asked(plain);
    const prompt = play.state.prompt?.id;
    play.does(ALEX, { kind: "take_over" });
    bobPresses(play, "order", prompt);
    expect(toCustomer(play.last)).toEqual([]);
    expect(codes(play.last)).toEqual(["choice.foreign"]);
  });

  it("in the customer's language", () => {
    const play = asked();
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
    ["anything else", "lunch?", []],
  ])("answers no question with %s", (_, text, hints) => {
    const play = asked();
    const before = play.state;
    play.happens({ kind: "message", message: 901, text, attachments: [], from: BOB });
    expect(play.state.prompt).toEqual(before.prompt);
    expect(play.state.runs).toEqual(before.runs);
    expect(toChannel(play.last)).toEqual(hints.map((text) => ({ kind: "hint", to: "bob", text })));
    expect(toCustomer(play.last)).toEqual([]);
    play.writes("2");
    expect(play.state.prompt).not.toEqual(before.prompt);
  });

  it("does not become the contact, and is named at the desk", () => {
    const play = asked();
    play.presses("billing");
    play.happens({ kind: "message", message: 902, text: "me too", attachments: [], from: BOB });
    expect(play.state.contact.id).toBe(DANA.id);
    expect(atDesk(play.last)).toMatchObject([{ kind: "customer", author: "Bob Jones", text: "me too" }]);
  });

  it("is the contact where nobody is yet", () => {
    const play = scene(rich);
    play.happens({ kind: "message", message: 903, text: "hello", attachments: [], from: BOB });
    expect(play.state.contact.name).toBe("Bob Jones");
  });
});

const edits = (play: ReturnType<typeof scene>, text: string) =>
  play.happens({ kind: "edit", message: play.state.lastMessage, text, from: FROM });

describe("a customer who changes what was handled", () => {
  it("is shown so at the desk, and its holder is called", () => {
    const play = asked();
    play.presses("billing");
    play.does(ALEX, { kind: "claim" });
    play.writes("my number is 12");
    edits(play, "my number is 13");
    expect(atDesk(play.last)).toMatchObject([
      { kind: "customer", author: "Dana Smith (changed)", text: "my number is 13", notify: "alex" },
    ]);
    play.happens({ kind: "delete", message: play.state.lastMessage, from: FROM });
    expect(atDesk(play.last)).toMatchObject([{ kind: "system", text: "Dana Smith took back a message." }]);
    expect(play.state.lastText).toBe("");
  });

  it("has nothing done again by the bot", () => {
    const play = asked();
    const before = play.state;
    edits(play, "agent");
    expect(play.state).toEqual({ ...before, lastText: "agent" });
    expect(play.last).toMatchObject({ tells: [], asks: [], alarms: [] });
  });

  it("of an older message leaves the latest words as they are", () => {
    const play = asked();
    play.happens({ kind: "edit", message: 1, text: "other", from: FROM });
    expect(play.state.lastText).toBe("hello");
  });

  it("is named as who did it, in a thread with several people", () => {
    const play = asked();
    play.presses("billing");
    // The stored contact of an edit is the conversation's.
    play.happens({ kind: "edit", message: 902, text: "us too", from: { ...BOB, contact: DANA } });
    expect(atDesk(play.last)).toMatchObject([{ author: "Bob (changed)" }]);
  });
});
