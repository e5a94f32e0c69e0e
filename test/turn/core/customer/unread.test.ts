import { describe, expect, it } from "vitest";
import { UNREAD_MAX } from "../../../../src/turn/core/state.ts";
import { ALEX, atDesk, catalogOf, codes, FROM, release, scene, toCustomer } from "../../scene.ts";

const LOOK = `
title: Look
status: live
on: [conversation.opened]
steps:
  - use: crm.get
    with: { key: "1" }
    save: found
  - say: "Your plan is {{ found.tier }}."
`;
const INVOICES = `
title: Invoices
status: live
on: [message.received]
if: message.text.contains("invoice")
steps: [{ say: "About your invoice: {{ message.text }}" }]
`;
const gold = { ok: true, value: { tier: "gold" } } as const;

/** A conversation whose workflow waits for the account system. */
function atCall(more: Readonly<Record<string, string>> = {}) {
  const play = scene(catalogOf(release({ look: LOOK, ...more })));
  play.writes("which plan do I have?");
  return play;
}

// U1
describe("what a customer writes while a workflow waits for something else", () => {
  it("is taken by the next workflow when that one is done", () => {
    const play = atCall({ invoices: INVOICES });
    play.writes("and my invoice is wrong");
    expect(codes(play.last)).toEqual(["message.kept"]);
    expect(toCustomer(play.answers(gold))).toEqual([
      "Your plan is gold.",
      "About your invoice: and my invoice is wrong",
    ]);
    expect(play.state).toMatchObject({ unread: [], case: null });
  });

  it("goes to people when no workflow takes it, with all of it in the thread", () => {
    const play = atCall();
    play.writes("somebody charged my card twice");
    play.writes("please refund it");
    play.answers(gold);
    expect(toCustomer(play.last)[0]).toBe("Your plan is gold.");
    expect(play.state).toMatchObject({ unread: [], case: { held: true, queue: "front-line" } });
    expect(play.last.tells).toContainEqual(
      expect.objectContaining({ part: expect.objectContaining({ kind: "transcript", until: expect.anything() }) }),
    );
  });

  it("is not in the texts and calls of the workflow that left it unread", () => {
    const asking = LOOK.replace(/steps:[\s\S]*/, "")
      .concat('steps: [{ use: crm.get, with: { key: "1" }, save: found }, ')
      .concat(
        '{ use: crm.get, with: { key: "{{ message.text }}" }, save: found }, { say: "About {{ message.text }}" }]',
      );
    const play = scene(catalogOf(release({ look: asking, invoices: INVOICES })));
    play.writes("my plan");
    play.writes("and my invoice is wrong");
    expect(play.answers(gold).asks).toMatchObject([{ request: { input: { key: "my plan" } } }]);
    play.writes("the invoice of May");
    expect(toCustomer(play.answers(gold))).toEqual([
      "About my plan",
      "About your invoice: and my invoice is wrong\nthe invoice of May",
    ]);
  });

  it("is read as the customer changed it meanwhile, and not at all where they took it back", () => {
    const play = atCall({ invoices: INVOICES });
    play.writes("my invoice is wrong");
    play.happens({ kind: "edit", message: play.state.lastMessage, text: "my invoice of May is wrong", from: FROM });
    expect(play.last.lines).toMatchObject([
      { code: "message.edit", message: expect.stringContaining("before it was read") },
    ]);
    expect(play.state.lastText).toBe("which plan do I have?");
    play.writes("hurry up");
    play.happens({ kind: "delete", message: play.state.lastMessage, from: FROM });
    expect(toCustomer(play.answers(gold)).at(-1)).toBe("About your invoice: my invoice of May is wrong");
  });

  it("is read as one message, in the order in which it was written", () => {
    const play = atCall({ invoices: INVOICES });
    play.writes("one more thing:");
    play.writes("my invoice");
    expect(toCustomer(play.answers(gold)).at(-1)).toBe("About your invoice: one more thing:\nmy invoice");
  });

  it("is not lost where the workflow would close the conversation", () => {
    const closing = LOOK.replace('- say: "Your plan is {{ found.tier }}."', "- close: { resolution: solved by bot }");
    const play = scene(catalogOf(release({ look: closing, invoices: INVOICES })));
    play.writes("which plan do I have?");
    play.writes("and my invoice is wrong");
    expect(toCustomer(play.answers(gold))).toEqual(["About your invoice: and my invoice is wrong"]);
    expect(codes(play.last)).toContain("close.unread");
    expect(play.state.phase).toBe("open");
  });

  it("ends a wait that is over when they write, and is read by that workflow", () => {
    const waits = `${LOOK.replace(/steps:[\s\S]*/, "")}steps: [{ wait: { for: 1h, unless: replied } }, { say: "You wrote {{ message.text }}" }]`;
    const play = scene(catalogOf(release({ look: waits })));
    play.writes("hello");
    expect(toCustomer(play.writes("well?"))).toEqual(["You wrote well?"]);
    expect(play.state).toMatchObject({ unread: [], runs: [] });
  });

  it("grants a wish for a person at once, and calls the look-up off", () => {
    const play = atCall();
    const ask = play.last.asks[0]?.id;
    play.writes("let me talk to a person");
    expect(play.state.case).toMatchObject({ held: true });
    expect(play.last.calledOff).toEqual([ask]);
  });

  it("goes to people at once when it is more than the bot can take up", () => {
    const play = atCall();
    for (let n = 0; n < UNREAD_MAX; n++) play.writes(`line ${n}`);
    expect(play.state.case).toBeNull();
    play.writes("one more");
    expect(play.state).toMatchObject({ unread: [], case: { held: true } });
  });

  it("is with people when an operator takes over", () => {
    const play = atCall();
    play.writes("are you there?");
    play.does(ALEX, { kind: "take_over" });
    expect(play.state).toMatchObject({ unread: [], case: { held: true } });
    expect(atDesk(play.answers(gold))).toEqual([]);
  });
});
