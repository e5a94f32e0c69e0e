/** Words written before a question could be read (U2). */
import { describe, expect, it } from "vitest";
import { transition } from "../../../../src/turn/core/transition.ts";
import { catalogOf, codes, FROM, release, scene, toCustomer } from "../../scene.ts";

const MENU = `
title: Menu
status: live
on: [conversation.opened]
steps:
  - ask: Which?
    save: topic
    options: { billing: An invoice, order: A parcel }
  - say: "You chose {{ topic }}; you wrote: {{ message.text }}"
`;
const QUIET_MS = 3_000;
const catalog = catalogOf(release({ menu: MENU }), [], { can: { quietMs: QUIET_MS } });

function atMenu() {
  const play = scene(catalog, { channel: "text" });
  play.writes("hello");
  return play;
}

describe("words after a question", () => {
  it("are no miss within the channel's quiet period: they belong to what came before", () => {
    const play = atMenu();
    expect(toCustomer(play.quickly(1).writes("my cat is on fire"))).toEqual([]);
    expect(codes(play.last)).toEqual(["message.joined"]);
    expect(play.state).toMatchObject({ lastText: "hello\nmy cat is on fire", unread: [], case: null });
    expect(play.state.prompt).not.toBeNull();
  });

  it("are an answer within the quiet period where they are one", () => {
    expect(toCustomer(atMenu().quickly(1).writes("2"))).toEqual(["You chose order; you wrote: 2"]);
  });

  it("are a miss after it, and then the quiet period begins anew", () => {
    const play = atMenu();
    expect(codes(play.quickly(4).writes("my cat"))).toContain("answer.miss");
    expect(codes(play.quickly(1).writes("is on fire"))).toEqual(["message.joined"]);
    expect(codes(play.quickly(4).writes("help my cat"))).toContain("handoff");
  });

  it.each(["2", "my cat is on fire"])("that came while the question had not left are not its answer: %s", (text) => {
    const play = atMenu();
    const unsent = play.state.prompt?.shown.event ?? 0;
    play.after(10).happens({ kind: "message", message: 9, text, attachments: [], from: FROM, unsent });
    expect(codes(play.last)).toEqual(["message.joined"]);
    expect(play.state.prompt).not.toBeNull();
    expect(toCustomer(play.writes("1"))).toHaveLength(1);
  });

  it("are its answer although an earlier part of the thread had not left", () => {
    const play = atMenu();
    const unsent = (play.state.prompt?.shown.event ?? 0) + 1;
    play.happens({ kind: "message", message: 9, text: "2", attachments: [], from: FROM, unsent });
    expect(toCustomer(play.last)).toHaveLength(1);
  });

  it("that were waiting in the same turn are not its answer, and a wish for a person is granted", () => {
    const play = atMenu();
    const { shown } = play.state.prompt ?? {};
    const event = {
      id: 900,
      at: new Date("2026-11-20T12:00:00Z"),
      kind: "message",
      message: 9,
      attachments: [],
      from: FROM,
    } as const;
    const options = { catalog, conversation: 3, turn: shown?.turn ?? 0 };
    const early = transition(play.state, { ...event, text: "2" }, options);
    expect(codes(early)).toEqual(["message.joined"]);
    const wish = transition(play.state, { ...event, text: "I want to talk to a person" }, options);
    expect(wish.state.case).toMatchObject({ held: true });
  });
});
