/** I9: what one person writes is stored in order, however long Slack takes to tell who they are. */
import { setTimeout as pause } from "node:timers/promises";
import { expect, it } from "vitest";
import { SETTLED } from "../support/desk.ts";
import { startSlackDesk } from "../support/slack-desk.ts";

const ECHO = `
id: echo
title: Echo
status: live
channels: [slack]
on: [conversation.opened, conversation.reopened, message.received]
steps: [{ say: "{{ contact.first_name }}, you said {{ message.text }}" }]
`;
/** Longer than storing waited for a name once. */
const SLOW_MS = 700;

it("two messages in a row are handled in the order in which they were written", { timeout: 40_000 }, async () => {
  await using at = await startSlackDesk({ files: { "workflows/echo.yaml": ECHO } });
  const person = at.slack.addUser({ name: "Nora" }).id;
  at.slack.fault("users.info", { delayMs: SLOW_MS });
  const first = at.slack.post(person, at.slack.dm(person), "Please cancel my order 4711");
  await pause(SLOW_MS / 3);
  const second = at.slack.post(person, at.slack.dm(person), "No wait, don't!");
  await Promise.all([first, second]);
  await at.desk.until(SETTLED);
  const rows = await at.desk.rows<{ text: string }>(
    "select payload->'content'->>'text' as text from event where kind = 'message' order by seq",
  );
  expect(rows.map(({ text }) => text)).toEqual(["Please cancel my order 4711", "No wait, don't!"]);
});

it("what follows a mention in its thread is taken", { timeout: 40_000 }, async () => {
  await using at = await startSlackDesk({ files: { "workflows/echo.yaml": ECHO } });
  const person = at.slack.addUser({ name: "Nora" }).id;
  const general = at.slack.addChannel({ name: "general", members: [person] }).id;
  at.slack.fault("users.info", { delayMs: SLOW_MS, times: 2 });
  const first = at.slack.post(person, general, "please help", { mentionsBot: true });
  await at.desk.until("select count(*) = 1 as ok from event where kind = 'message'");
  const thread = at.slack.messages(general).at(-1)?.ts ?? "";
  const second = at.slack.post(person, general, "my invoice 12 is wrong", { thread });
  await Promise.all([first, second]);
  await at.slack.settled();
  await at.desk.until(SETTLED);
  expect(await at.desk.rows("select from event where kind = 'message'")).toHaveLength(2);
});

it("somebody new is greeted by name", { timeout: 40_000 }, async () => {
  await using at = await startSlackDesk({ files: { "workflows/echo.yaml": ECHO } });
  const person = at.slack.addUser({ name: "Nora" }).id;
  await at.slack.post(person, at.slack.dm(person), "hello");
  await at.desk.until(SETTLED);
  expect(at.slack.messages(at.slack.dm(person)).map(({ text }) => text)).toContain("Nora, you said hello");
});
