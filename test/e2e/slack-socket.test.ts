/** Socket Mode through the whole product. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type OwnPostgres, ownPostgres } from "../support/own-postgres.ts";
import { type SlackDesk, soon, startSlackDesk } from "../support/slack-desk.ts";
import { claimedCase, inThread, OUR_NUMBER, textOf } from "../support/slack-scene.ts";

const ECHO = `
id: echo
title: Echo
status: live
channels: [slack, chat]
on: [conversation.opened, message.received]
steps: [{ say: "You said {{ message.text }}" }]
`;
const SMS = `
id: sms-to-people
title: SMS to people
status: live
channels: [sms]
on: [conversation.opened, conversation.reopened]
steps: [{ handoff: front-line }]
`;
const FILES = { "workflows/echo.yaml": ECHO, "workflows/sms.yaml": SMS };
/** Every process has a web server, so each uses a free port. */
const ENV = { PORT: "0", PUBLIC_URL: "" };
/** Longer than a payload waits for the database (inbound/receive.ts), so that a failed one is not sent again before. */
const ACK_MS = 8_000;

describe("Socket Mode", () => {
  let postgres: OwnPostgres;
  let at: SlackDesk;
  beforeAll(async () => {
    postgres = await ownPostgres();
    const services = { databaseUrl: postgres.url };
    const slack = { ackMs: ACK_MS };
    at = await startSlackDesk({ socket: true, files: FILES, env: ENV, services, slack, deskSettings: "undo: 300ms" });
    await connections(1);
  }, 60_000);
  afterAll(async () => {
    await at?.[Symbol.asyncDispose]();
    await postgres?.[Symbol.asyncDispose]();
  });

  const connections = (count: number) =>
    soon(`${count} connections`, () => (at.slack.socket.connections() === count ? true : undefined));
  const people = (count: number, name: string) =>
    Array.from({ length: count }, (_, n) => at.slack.addUser({ name: `${name} ${n}` }).id);
  const answersTo = (user: string) =>
    at.slack.messages(at.slack.dm(user)).flatMap(({ bot_id, text }) => (bot_id === undefined ? [] : [text]));
  const answered = (user: string, texts: readonly string[]) =>
    soon(`${texts.length} answers`, () => (answersTo(user).length >= texts.length ? true : undefined));

  test("with one process: customers, operators' presses and messages, and commands are handled", async () => {
    const { slack, kim, dana, desk } = at;
    await slack.post(dana, slack.dm(dana), "hello");
    await answered(dana, ["hello"]);
    const scene = await claimedCase(at, kim, "+15550501");
    const answer = await slack.command(kim, "status");
    expect(answer.status).toBe(200);
    expect(answer.body).toContain("1");
    await slack.post(kim, scene.channel, "We are on it", { thread: scene.thread });
    await soon("a reply, or a question", () =>
      desk.twilio.sent("+15550501").find(({ body }) => body === "We are on it"),
    );
    expect(textOf(inThread(at, scene))).toContain("We are on it");
    expect(slack.violations).toEqual([]);
  }, 30_000);

  test("with two processes, while Slack refreshes their connections: each payload counts once", async () => {
    const { slack, desk } = at;
    await desk.start({ role: "web" });
    await connections(2);
    const all = people(10, "Person");
    const texts = ["one", "two", "three"];
    for (const [n, text] of texts.entries()) {
      const posted = all.map((one) => slack.post(one, slack.dm(one), text));
      if (n === 1) slack.socket.refresh();
      await Promise.all(posted);
      await slack.settled();
    }
    for (const one of all) await answered(one, texts);
    for (const one of all) expect(answersTo(one)).toEqual(texts.map((text) => `You said ${text}`));
    const stored = await desk.rows("select text from message where author = 'customer' and text = any($1)", [texts]);
    expect(stored).toHaveLength(30);
    await connections(2);
    expect(slack.violations).toEqual([]);
  }, 40_000);

  test("a payload that could not be stored is not acknowledged, comes again, and counts once", async () => {
    const { slack, desk } = at;
    const [una = ""] = people(1, "Una");
    await postgres.kill();
    const posted = slack.post(una, slack.dm(una), "are you there?");
    await soon("a complaint", () =>
      desk.logged.find(({ msg }) => msg === "slack payload not stored; slack sends it again"),
    );
    await postgres.restart();
    await posted;
    await slack.settled();
    await answered(una, ["are you there?"]);
    const stored = await desk.rows("select text from message where author = 'customer' and text like 'are you%'");
    expect(stored).toEqual([{ text: "are you there?" }]);
    expect(answersTo(una)).toEqual(["You said are you there?"]);
    expect(slack.violations).toEqual([]);
  }, 40_000);
});

test("with a wrong app token the log has the fix, and everything else runs", async () => {
  const env = { SLACK_APP_TOKEN: "xapp-wrong" };
  await using at = await startSlackDesk({ socket: true, files: FILES, env });
  const { desk } = at;
  const entry = await soon("a complaint", () => desk.logged.find(({ msg }) => /refused app_token/.test(String(msg))));
  expect(entry).toMatchObject({ level: 50, todo: expect.stringContaining("connections:write") });
  await desk.customer("Cay").message("hello");
  await desk.until("select count(*) = 1 as ok from outbox where channel = 'chat' and outcome = 'sent'");
  await desk.twilio.text({ from: "+15550502", to: OUR_NUMBER, body: "I need a person" });
  await soon("the card: what goes out needs no such token", () =>
    at.cases().find((one) => textOf(one).includes("+15550502")),
  );
}, 40_000);
