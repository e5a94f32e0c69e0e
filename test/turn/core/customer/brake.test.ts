/** Brakes: senders who write more than people do, a bot that says too much, and two machines in a loop. */
import { describe, expect, test } from "vitest";
import type { SenderPace } from "../../../../src/turn/core/event.ts";
import type { TransitionOutcome } from "../../../../src/turn/core/outcome.ts";
import { ALEX, atDesk, catalogOf, FROM, release, type Scene, SETTINGS, scene, toCustomer } from "../../scene.ts";

const ON = "title: T\nstatus: live\non: [conversation.opened, conversation.reopened, message.received]\n";
const THANKS = `${ON}steps: [{ say: "Thanks, we got it." }]\n`;
const ECHO = `${ON}steps: [{ say: "You said {{ message.text }}" }]\n`;
const MENU = `${ON}steps:
  - ask: What is it?
    save: topic
    options: { bill: A bill, order: An order, other: Something else }
  - say: "A colleague looks after {{ topic }}."
`;
const LIMITS = "limits: { sender: { per_minute: 3, per_hour: 10 }, thread: { per_minute: 5, per_hour: 20 } }\n";
const sceneWithLimits = (workflow: string, limits = LIMITS): Scene =>
  scene(catalogOf(release({ w: workflow }, { settings: `${SETTINGS}${limits}` })));

const codes = ({ lines }: TransitionOutcome): string[] => lines.map((line) => (line as { code: string }).code);
const brakeCodes = (outcome: TransitionOutcome): string[] => codes(outcome).filter((code) => code.startsWith("brake."));
const system = (outcome: TransitionOutcome): string[] =>
  atDesk(outcome).flatMap((one) => (one.kind === "system" ? [one.text] : []));

/** Dana writes her `minute`th message in a minute, over all her conversations. */
function writeAtPace(on: Scene, pace: Partial<SenderPace>, text = `message ${pace.minute}`): TransitionOutcome {
  const { minute = 1 } = pace;
  const first = minute === 4 && pace.hour === undefined ? ({ first: true } as const) : {};
  const whole = { minute, hour: minute, day: minute, ...first, ...pace };
  return on.happens({
    kind: "message",
    message: on.state.lastMessage + 1,
    text,
    attachments: [],
    from: FROM,
    pace: whole,
  });
}

describe("a sender who writes more than people do", () => {
  test("is answered up to the limit; then people are told once, and the customer nothing", () => {
    const on = sceneWithLimits(ECHO);
    for (const minute of [1, 2, 3]) expect(toCustomer(writeAtPace(on, { minute }))).toHaveLength(1);
    const over = writeAtPace(on, { minute: 4 });
    expect(toCustomer(over)).toEqual([]);
    expect(brakeCodes(over)).toEqual(["brake.sender"]);
    const message = "Dana Smith wrote 4 messages in a minute; the bot has stopped answering";
    expect(on.state.case).toMatchObject({ held: true, queue: "front-line", reason: message });
    expect(system(over)[0]).toBe(`${message}.`);
    for (const minute of [5, 6, 7]) {
      const more = writeAtPace(on, { minute });
      expect(more.tells).toEqual([]);
      expect(codes(more)).toEqual(["kept.unread"]);
    }
    expect(on.state.lastMessage).toBe(7);
  });

  test("is shown at the desk again when they write less, with the number of messages left out", () => {
    const on = sceneWithLimits(ECHO);
    for (const minute of [1, 2, 3, 4, 5, 6]) writeAtPace(on, { minute });
    const after = writeAtPace(on, { minute: 1, hour: 7 }, "are you there?");
    expect(system(after)).toEqual(["3 messages before this one are only in the transcript."]);
    expect(atDesk(after).at(-1)).toMatchObject({ kind: "customer", text: "are you there?" });
    expect(system(writeAtPace(on, { minute: 2, hour: 8 }))).toEqual([]);
  });

  test("is reported once to the person who holds the conversation, and their flood does not reach the desk", () => {
    const on = sceneWithLimits(ECHO);
    writeAtPace(on, { minute: 1 });
    on.does(ALEX, { kind: "take_over" });
    expect(system(writeAtPace(on, { minute: 4 }))[0]).toMatch(/wrote 4 messages in a minute/);
    expect(writeAtPace(on, { minute: 5 }).tells).toEqual([]);
  });

  test("counts as waiting although their messages are not shown", () => {
    const on = sceneWithLimits(ECHO);
    writeAtPace(on, { minute: 1 });
    on.does(ALEX, { kind: "take_over" });
    for (const minute of [4, 5]) {
      on.does(ALEX, { kind: "reply", text: "One moment." });
      expect(on.state.case).toMatchObject({ status: "waiting for the customer", waitingSince: null });
      writeAtPace(on, { minute });
      expect(on.state.case).toMatchObject({ status: "with us", waitingSince: expect.any(String), lastSpeaker: null });
      expect(on.last.tells[0]).toMatchObject({ part: { kind: "card", card: { status: "with us" } } });
    }
  });

  test("in many new conversations makes one case: where the limit was exceeded", () => {
    const cases = [3, 4, 5, 6, 7].map((minute) => {
      const on = sceneWithLimits(ECHO);
      const outcome = writeAtPace(on, { minute });
      expect(outcome.state.lastMessage).toBe(1);
      return [on.state.phase, on.state.case?.held ?? false, toCustomer(outcome).length];
    });
    expect(cases).toEqual([
      ["open", false, 1],
      ["open", true, 0],
      ["new", false, 0],
      ["new", false, 0],
      ["new", false, 0],
    ]);
  });

  test("makes a case even when no message has exactly the count above the limit", () => {
    const on = sceneWithLimits(ECHO);
    writeAtPace(on, { minute: 9, hour: 9, first: true });
    expect(on.state.case).toMatchObject({ held: true });
  });

  test("stopped by the widest limit does not make a case each minute", () => {
    const on = sceneWithLimits(ECHO);
    expect(brakeCodes(writeAtPace(on, { minute: 4, hour: 12 }))).toEqual([]);
  });

  test("does not open a solved case with each further message", () => {
    const on = sceneWithLimits(ECHO);
    for (const minute of [1, 2, 3, 4]) writeAtPace(on, { minute });
    on.does(ALEX, { kind: "claim" });
    on.does(ALEX, { kind: "resolve" });
    expect(writeAtPace(on, { minute: 5 }).tells).toEqual([]);
    expect(on.state.phase).toBe("closed");
    writeAtPace(on, { minute: 1, hour: 6 }, "hello again");
    expect(on.state.phase).toBe("open");
  });
});

describe("a bot that says too much", () => {
  test("stops at its limit, and people read the reason", () => {
    const on = sceneWithLimits(ECHO);
    const outcomes = Array.from({ length: 8 }, (_, n) => on.writes(`question number ${"abcdefgh"[n]}`));
    expect(outcomes.map((one) => toCustomer(one).length)).toEqual([1, 1, 1, 1, 1, 0, 0, 0]);
    expect(outcomes.map(brakeCodes).flat()).toEqual(["brake.thread"]);
    expect(on.state.case?.reason).toBe("The bot sent 5 messages here in a minute and has stopped answering");
  });

  test("is never one at the pace of people", () => {
    const on = sceneWithLimits(ECHO);
    for (let n = 0; n < 15; n++)
      expect(toCustomer(on.after(1).writes(`question ${"abcdefghijklmno"[n]}`))).toHaveLength(1);
  });

  test("counts its answers to repeated presses, and stays within the limit", () => {
    const on = sceneWithLimits(MENU);
    on.writes("hello");
    const prompt = on.state.prompt?.id ?? "";
    const outcomes = Array.from({ length: 9 }, () => on.presses("bill", prompt));
    expect(outcomes.flatMap(toCustomer)).toHaveLength(4);
    expect(outcomes.flatMap(brakeCodes).length).toBeLessThanOrEqual(1);
  });

  test("does not stop an operator", () => {
    const on = sceneWithLimits(ECHO);
    for (let n = 0; n < 6; n++) on.writes(`question number ${"abcdefgh"[n]}`);
    on.does(ALEX, { kind: "claim" });
    for (let n = 0; n < 20; n++)
      expect(toCustomer(on.does(ALEX, { kind: "reply", text: `Answer ${n}` }))).toHaveLength(1);
  });

  test("starts counting again after a handback", () => {
    const on = sceneWithLimits(ECHO);
    for (let n = 0; n < 6; n++) on.writes(`question number ${"abcdefgh"[n]}`);
    on.does(ALEX, { kind: "claim" });
    on.does(ALEX, { kind: "hand_back" });
    expect(toCustomer(on.writes("thank you, one thing more"))).toEqual(["You said thank you, one thing more"]);
    expect(on.state.case?.held).toBe(false);
  });
});

const twentyTexts = (text: (n: number) => string) => Array.from({ length: 20 }, (_, n) => text(n));

describe("a loop", () => {
  const AWAY = "I am out of the office until Monday the 7th and read this then.";
  test.each<[string, string, string[]]>([
    ["the same text", THANKS, twentyTexts(() => AWAY)],
    ["the same short text", THANKS, twentyTexts(() => "Out of office")],
    [
      "a ticket's number counted on",
      THANKS,
      twentyTexts((n) => `Your request ${4_711 + n} has been received, thank you.`),
    ],
    [
      "a word that changes",
      THANKS,
      twentyTexts((n) => `Dear customer, ${["Kim", "Alex", "Dana"][n % 3]} read your message and answers soon`),
    ],
    [
      "two texts in turn",
      THANKS,
      twentyTexts((n) => (n % 2 === 0 ? AWAY : "We have received your message and will answer it.")),
    ],
    ["an echo of the same text", ECHO, twentyTexts(() => AWAY)],
    ["a menu's question again and again", MENU, twentyTexts(() => "Please call us instead.")],
  ])("of %s is stopped within a few exchanges", (_, workflow, texts) => {
    const on = scene(catalogOf(release({ w: workflow })));
    const outcomes = texts.map((text) => on.writes(text));
    expect(on.state.case?.held).toBe(true);
    expect(outcomes.flatMap(toCustomer).length).toBeLessThanOrEqual(9);
    expect(outcomes.flatMap(brakeCodes).length).toBeLessThanOrEqual(1);
  });

  test("is explained on the case", () => {
    const on = scene(catalogOf(release({ w: THANKS })));
    for (let n = 0; n < 7; n++) on.writes(AWAY);
    expect(on.state.case?.reason).toBe(
      "Dana Smith wrote the same 6 times and got the same answer, like an automatic reply; the bot has stopped answering",
    );
  });

  test("of changing texts is detected by its speed", () => {
    const on = scene(catalogOf(release({ w: THANKS })));
    const words = "abcdefghijklmnopqrstuvwxyz".split("");
    const outcomes = words.map((word) => on.quickly(2).writes(word.repeat(9)));
    expect(outcomes.flatMap(toCustomer).length).toBe(16);
    expect(on.state.case?.reason).toMatch(/answered 15 times in a row within 5 seconds/);
  });

  test.each<[string, string, string[]]>([
    ["answers yes to whatever is asked", ECHO, ["yes", "yes", "yes"]],
    ["types a number at each menu", MENU, ["hi", "1", "thanks, and", "2", "thanks. and", "3", "one thing more", "1"]],
    [
      "writes in bursts",
      THANKS,
      ["hi", "my order", "is late", "number 4711", "can you look", "please", "it was due on Monday"],
    ],
    ["asks for six orders", ECHO, [1, 2, 3, 4, 5, 6, 7, 8].map((n) => `What is the state of order ${n}?`)],
    ["asks the same three times", THANKS, ["Where is my order 12?", "Where is my order 12?", "Where is my order 12?"]],
    ["asks the same each day", THANKS, []],
  ])("is not a person who %s", (_, workflow, texts) => {
    const on = scene(catalogOf(release({ w: workflow })));
    const outcomes = texts.map((text) => on.writes(text));
    for (let n = 0; texts.length === 0 && n < 12; n++)
      outcomes.push(on.after(24 * 60).writes("Is it there yet, please?"));
    expect(outcomes.flatMap(brakeCodes)).toEqual([]);
    expect(on.state.case?.held ?? false).toBe(false);
  });
});

describe("a reply beyond its channel's daily ceiling", () => {
  const message = "The limit of 100 messages a day on sms is reached; the bot has stopped answering until midnight UTC";
  const drops = (on: Scene) => on.happens({ kind: "dropped", outbox: 1, reason: message, brake: "channel" });

  test("makes a case, and each further one adds a line to the journal", () => {
    const on = sceneWithLimits(ECHO);
    writeAtPace(on, { minute: 1 });
    drops(on);
    expect(on.state.case).toMatchObject({ held: true, reason: message });
    expect(brakeCodes(on.last)).toEqual(["brake.channel"]);
    expect(drops(on).tells).toEqual([]);
    expect(codes(on.last)).toEqual(["part.dropped"]);
    expect(system(drops(on.after(24 * 60)))).toEqual([`${message}.`]);
  });

  test.each(["closed", "merged"])("leaves a %s case as it is, and is shown there once", (how) => {
    const on = sceneWithLimits(ECHO);
    writeAtPace(on, { minute: 1 });
    on.does(ALEX, { kind: "take_over" });
    on.does(ALEX, how === "merged" ? { kind: "merge", into: 9 } : { kind: "resolve" });
    const before = on.state;
    expect(system(drops(on))).toEqual([`A message was not sent: ${message}.`]);
    expect(drops(on).tells).toEqual([]);
    expect({ ...on.state, traffic: null }).toEqual({ ...before, traffic: null });
  });
});
