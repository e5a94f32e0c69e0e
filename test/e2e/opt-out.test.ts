import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { ECHO, OUR_NUMBER, SETTLED, settingsWith, startDesk, type TestDesk } from "../support/desk.ts";

// STOP and START over Twilio: two numbers of ours, two processes, one database.

const OTHER_NUMBER = "+15550200";
const THREE = `
id: three
title: Three
status: live
on: [conversation.opened, conversation.reopened, message.received]
if: message.text.startsWith("three")
priority: 1
steps: [{ say: one }, { say: two }, { say: three }]
`;
const PEOPLE = `
id: people
title: People
status: live
on: [conversation.opened, conversation.reopened, message.received]
if: message.text.startsWith("person")
priority: 1
steps: [{ handoff: front-line, say: A person comes. }]
`;

let desk: TestDesk;
beforeAll(async () => {
  const files = { "workflows/echo.yaml": ECHO, "workflows/three.yaml": THREE, "workflows/people.yaml": PEOPLE };
  desk = await startDesk({ files, role: null });
  const { url, accountSid } = desk.twilio;
  const more = `
  other: { adapter: twilio-sms, account_sid: ${accountSid}, auth_token: "env:TWILIO_AUTH_TOKEN", from: "${OTHER_NUMBER}", api_url: "${url}" }
  page: { adapter: playground, secret: "env:PLAYGROUND_SECRET", look: sms }
desk:`;
  await desk.write({ "frontdesk.yaml": settingsWith(desk.twilio).replace("\ndesk:", more) });
  await desk.start();
  await desk.start({ role: "worker" });
});
afterAll(() => desk[Symbol.asyncDispose]());
beforeEach(() => desk.twilio.reset());

let customers = 0;
const newcomer = () => `+1555040${String(++customers).padStart(4, "0")}`;
const thread = (from: string) => `${OUR_NUMBER}:${from}`;

/** Sends a text without waiting for an answer. */
async function text(from: string, body: string, o: { to?: string; extra?: Record<string, string> } = {}) {
  const { to = OUR_NUMBER, extra = {} } = o;
  const url = `${desk.url}/channels/${to === OUR_NUMBER ? "sms" : "other"}`;
  expect((await desk.twilio.text({ from, to, body, extra, url })).status).toBe(200);
}

async function message(from: string, body: string, o: { to?: string; extra?: Record<string, string> } = {}) {
  await text(from, body, o);
  await desk.until(SETTLED);
}

const got = (to: string) => desk.twilio.sent(to).map(({ body }) => body);
const cases = (from: string) =>
  desk.rows<{ status: string; reason: string }>(
    `select k.status, k.card->>'reason' as reason from "case" k join conversation c on c.id = k.conversation where c.thread = $1`,
    [thread(from)],
  );
const parts = (from: string) =>
  desk.rows<{ text: string; outcome: string | null; error: string | null }>(
    "select content->>'text' as text, outcome, error from outbox where channel = 'sms' and thread = $1 order by id",
    [thread(from)],
  );
const conversationOf = async (from: string) =>
  (await desk.rows<{ id: number }>("select id from conversation where thread = $1", [thread(from)]))[0]?.id ?? 0;
const journal = async (from: string) =>
  JSON.stringify(
    await desk.rows("select e.lines from event e join conversation c on c.id = e.conversation where c.thread = $1", [
      thread(from),
    ]),
  );
const BECAUSE = "the customer opted out; they can write START to hear from us again";

describe("STOP", () => {
  it("gets no answer, menu or case, and later messages go to people only", async () => {
    const dana = newcomer();
    await message(dana, "hello");
    await message(dana, "Stop.");
    expect(got(dana)).toEqual(["You said hello"]);
    expect(await cases(dana)).toEqual([]);
    await message(dana, "still there?");
    expect(got(dana)).toEqual(["You said hello"]);
    expect(await cases(dana)).toMatchObject([{ status: "new", reason: expect.stringContaining("opted out") }]);
  });

  it("drops queued parts: sent ones stay, the rest is never sent, not even after START", async () => {
    const dana = newcomer();
    desk.twilio.script(dana, { kind: "answer", status: 429, code: 20429, retryAfter: "3600" });
    await text(dana, "three");
    await desk.until(
      "select count(*) = 1 as ok from outbox where thread = $1 and attempts > 0 and lease_until is null",
      {
        values: [thread(dana)],
      },
    );
    await message(dana, "STOP");
    expect((await parts(dana)).map(({ text, outcome, error }) => [text, outcome, error])).toEqual([
      ["one", "dropped", BECAUSE],
      ["two", "dropped", BECAUSE],
      ["three", "dropped", BECAUSE],
    ]);
    expect(await journal(dana)).toContain(`A message was not sent, because ${BECAUSE}`);
    await message(dana, "START");
    await message(dana, "hello");
    expect(got(dana)).toEqual(["You said hello"]);
  });

  it("during a send lets that send finish, and none after it", async () => {
    const dana = newcomer();
    desk.twilio.script(dana, { kind: "slow", ms: 700 });
    await text(dana, "three");
    await desk.until("select count(*) = 1 as ok from outbox where thread = $1 and lease_until is not null", {
      values: [thread(dana)],
    });
    await message(dana, "STOP");
    expect(got(dana)).toEqual(["one"]);
    expect((await parts(dana)).map(({ outcome }) => outcome)).toEqual(["sent", "dropped", "dropped"]);
  });

  it("followed by START at once: replies from before STOP are not sent, replies after START are", async () => {
    const dana = newcomer();
    await Promise.all([text(dana, "three"), text(dana, "STOP"), text(dana, "START")]);
    await desk.until(SETTLED);
    const before = got(dana).length;
    await message(dana, "hello");
    expect(got(dana).slice(before)).toEqual(["You said hello"]);
  });

  it("applies after a restart, and in every process", async () => {
    const dana = newcomer();
    await message(dana, "STOP");
    const worker = await desk.start({ role: "worker" });
    await message(dana, "hello?");
    await worker.close();
    expect(got(dana)).toEqual([]);
  });

  it("applies to one number of ours: the other one still sends", async () => {
    const dana = newcomer();
    await message(dana, "STOP");
    await message(dana, "hello", { to: OTHER_NUMBER });
    expect(desk.twilio.sent(dana).map(({ from, body }) => [from, body])).toEqual([[OTHER_NUMBER, "You said hello"]]);
  });

  it.each(["Stop by the store tomorrow?", "STOP 12345 please", "please cancel my order"])(
    "is not in %j, which is answered",
    async (sentence) => {
      const dana = newcomer();
      await message(dana, sentence);
      expect(got(dana)).toEqual([`You said ${sentence}`]);
    },
  );

  it("is any word that Twilio reports as one", async () => {
    const dana = newcomer();
    await message(dana, "Abmelden", { extra: { OptOutType: "STOP" } });
    await message(dana, "hello");
    expect(got(dana)).toEqual([]);
    await message(dana, "Anmelden", { extra: { OptOutType: "START" } });
    await message(dana, "hello");
    expect(got(dana)).toEqual(["You said hello"]);
  });

  it("still applies in a new conversation of the same thread", async () => {
    const dana = newcomer();
    await message(dana, "STOP");
    await desk.rows("update conversation set joinable = false where thread = $1", [thread(dana)]);
    await message(dana, "hello");
    expect(got(dana)).toEqual([]);
    expect(await cases(dana)).toMatchObject([{ reason: expect.stringContaining("opted out") }]);
  });

  it("during a case is reported to its holder, whose replies are not sent until START", async () => {
    const dana = newcomer();
    const alex = desk.operator("alex");
    await message(dana, "person");
    const conversation = await conversationOf(dana);
    await alex.does(conversation, { kind: "claim" });
    await message(dana, "STOP");
    desk.twilio.reset();
    await alex.does(conversation, { kind: "reply", text: "One more thing." });
    await desk.until(SETTLED);
    expect(got(dana)).toEqual([]);
    const shown = JSON.stringify(
      await desk.rows("select content from outbox where thread = $1 order by id", [`case:${conversation}`]),
    );
    expect(shown).toContain(
      `opted out (STOP) of texts from ${OUR_NUMBER}. Nothing reaches them until they write START.`,
    );
    expect(shown).toMatch(/Not sent: the customer opted out of texts at \d\d:\d\d UTC\. They can write START\./);
    await message(dana, "START");
    await alex.does(conversation, { kind: "reply", text: "Welcome back." });
    await desk.until(SETTLED);
    expect(got(dana)).toEqual(["Welcome back."]);
  });
});

const suppression = async (from: string) =>
  (
    await desk.rows<{ ended: boolean }>("select ended_at is not null as ended from suppression where thread = $1", [
      thread(from),
    ])
  )[0];

describe("Twilio refuses with 21610", () => {
  it("as an opt-out: nothing more is sent, and the conversation goes to people", async () => {
    const dana = newcomer();
    desk.twilio.script(dana, { kind: "answer", status: 400, code: 21610 });
    await message(dana, "three");
    expect(got(dana)).toEqual([]);
    expect((await parts(dana)).map(({ outcome }) => outcome)).toEqual(["failed", "dropped", "dropped"]);
    expect(await suppression(dana)).toEqual({ ended: false });
    expect(await cases(dana)).toMatchObject([{ reason: expect.stringContaining("has opted out") }]);
    await message(dana, "START");
    await message(dana, "hello");
    expect(got(dana)).toEqual(["You said hello"]);
  });

  it("also in a receipt, after it accepted the message", async () => {
    const dana = newcomer();
    await message(dana, "hello");
    const [sent] = desk.twilio.sent(dana);
    await desk.twilio.status({ sid: sent?.sid ?? "", status: "failed", errorCode: 21610 });
    await desk.until(SETTLED);
    await message(dana, "hello?");
    expect(got(dana)).toEqual(["You said hello"]);
    expect(await suppression(dana)).toEqual({ ended: false });
  });

  it("and a refusal of a part from before START does not affect later ones", async () => {
    const dana = newcomer();
    await message(dana, "hello");
    const [sent] = desk.twilio.sent(dana);
    await message(dana, "STOP");
    await message(dana, "START");
    await desk.twilio.status({ sid: sent?.sid ?? "", status: "undelivered", errorCode: 21610 });
    await desk.until(SETTLED);
    await message(dana, "hello again");
    expect(got(dana).at(-1)).toBe("You said hello again");
  });
});

it("HELP is answered by the carrier only", async () => {
  const dana = newcomer();
  await message(dana, "HELP");
  expect(got(dana)).toEqual([]);
  expect(await cases(dana)).toEqual([]);
  await message(dana, "hello");
  expect(got(dana)).toEqual(["You said hello"]);
});

it("the page's SMS look acts like a carrier", async () => {
  const dana = desk.customer("page-dana", { channel: "page" });
  const answersTo = async (text: string) => {
    await dana.message(text);
    await desk.until(SETTLED);
    return dana.heard();
  };
  expect(await answersTo("hello")).toEqual(["You said hello"]);
  expect(await answersTo("stop")).toHaveLength(1);
  expect(await answersTo("hello?")).toHaveLength(1);
  expect(await answersTo("start")).toHaveLength(1);
  expect((await answersTo("hello again")).at(-1)).toBe("You said hello again");
  const buttons = desk.customer("button-dana");
  await buttons.message("stop");
  await desk.until(SETTLED);
  expect(await buttons.heard()).toEqual(["You said stop"]);
});

it("opt-outs and suppressed parts are counted", async () => {
  const metrics = await (await fetch(`${desk.url}/metrics`)).text();
  expect(metrics).toMatch(/frontdesk_inbound_total\{channel="sms",kind="opt_out"\} \d/);
  expect(metrics).toMatch(/frontdesk_outbound_total\{channel="sms",outcome="suppressed"\} \d/);
});
