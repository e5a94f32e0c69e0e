/** Simultaneous acts, and outages of Slack. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { SlackMessage } from "../support/slack/counterpart.ts";
import { type SlackDesk, soon, startSlackDesk } from "../support/slack-desk.ts";
import { sendAct } from "../support/slack-scene.ts";

const OUR_NUMBER = "+15550100";
const textOf = (message: unknown): string => JSON.stringify(message);

/** Creates a case of a customer on SMS; returns its card. */
async function caseOf(at: SlackDesk, from: string, body = "I need a person"): Promise<SlackMessage> {
  await at.desk.twilio.text({ from, to: OUR_NUMBER, body });
  return soon("a card", () => at.cases().find((one) => textOf(one).includes(from)));
}

describe("at the same moment", () => {
  let at: SlackDesk;
  beforeAll(async () => {
    at = await startSlackDesk({ roles: ["all", "worker", "worker"], deskSettings: "undo: 300ms" });
  }, 60_000);
  afterAll(async () => at?.[Symbol.asyncDispose]());

  test("two claims within 10 ms: one wins, the other operator gets a hint with the holder", async () => {
    const { slack, support, alex, kim } = at;
    const { ts } = await caseOf(at, "+15550121");
    await Promise.all([slack.click(alex, support, ts, "Claim"), slack.click(kim, support, ts, "Claim")]);
    const hint = await soon("the loser is told", () =>
      [alex, kim]
        .map((one) => slack.ephemerals(one).find(({ text }) => /holds this case/.test(text)))
        .find((one) => one !== undefined),
    );
    const [row] = await at.desk.rows<{ holder: string; holder_name: string }>(
      `select holder, holder_name from "case" order by conversation desc limit 1`,
    );
    expect(hint.text).toContain(row?.holder_name);
    expect(await at.desk.rows("select operator from assignment where until_at is null")).toEqual([
      { operator: row?.holder },
    ]);
  });

  test("an operator takes over while the bot's reply is queued: it is dropped, or was sent before", async () => {
    const { slack, dana, kim } = at;
    const dm = slack.dm(dana);
    slack.fault("chat.postMessage", { times: 1, retryAfterS: 1 });
    await slack.post(dana, dm, "Hello");
    await at.desk.until(
      "select count(*) = 1 as ok from outbox where channel = 'slack' and kind = 'reply' and attempts > 0",
    );
    const [row] = await at.desk.rows<{ id: number }>("select id from conversation where thread = $1", [dm]);
    await sendAct(at, kim, row?.id ?? 0, { kind: "take_over" });
    await at.desk.until("select count(*) = 1 as ok from outbox where kind = 'reply' and outcome = 'dropped'", {
      withinMs: 15_000,
    });
    expect(slack.messages(dm).filter(({ bot_id }) => bot_id !== undefined)).toEqual([]);
    await soon("the case of Dana", () => at.cases().find((one) => textOf(one).includes("Dana")));
  });

  test("a press counts once, and only from the person who was asked", async () => {
    const { slack } = at;
    const mo = slack.addUser({ name: "Mo" }).id;
    const stranger = slack.addUser({ name: "Stranger", external: true }).id;
    const shared = slack.addChannel({ name: "ext-acme", members: [mo, stranger], shared: true }).id;
    const { ts } = await slack.post(mo, shared, "hello", { mentionsBot: true });
    const prompt = await soon("the menu", () =>
      slack.messages(shared, { thread: ts }).find((message) => textOf(message).includes("What is it about?")),
    );
    await slack.click(stranger, shared, prompt.ts, "My parcel");
    await soon("the stranger is told", () =>
      slack.ephemerals(stranger).find(({ text }) => /Only the person/.test(text)),
    );
    await Promise.all([
      slack.click(mo, shared, prompt.ts, "My parcel"),
      slack.click(mo, shared, prompt.ts, "My parcel"),
    ]);
    await soon("the second press is told", () =>
      slack.ephemerals(mo).find(({ text }) => /answered already/.test(text)),
    );
    const answers = slack.messages(shared, { thread: ts }).filter(({ text }) => text.includes("comes tomorrow"));
    expect(answers).toHaveLength(1);
    expect(slack.violations).toEqual([]);
  });
});

test("a customer changes “1” to “2” before it was handled: “2” counts, once", async () => {
  await using at = await startSlackDesk({ roles: ["web"] });
  const { slack, desk, dana } = at;
  const dm = slack.dm(dana);
  const worker = await desk.start({ role: "worker" });
  await slack.post(dana, dm, "Hello");
  await soon("the menu", () => slack.messages(dm).find((one) => textOf(one).includes("What is it about?")));
  await worker.close();
  const { ts } = await slack.post(dana, dm, "1");
  await slack.edit(dana, dm, ts, "2");
  await desk.start({ role: "worker" });
  const answered = await soon("an answer", () =>
    slack.messages(dm).find(({ text }) => /comes tomorrow|colleague/.test(text)),
  );
  expect(answered.text).toMatch(/colleague/);
  expect(slack.messages(dm).some(({ text }) => text.includes("comes tomorrow"))).toBe(false);
  expect(await desk.rows("select text from message where author = 'customer' order by id")).toEqual([
    { text: "Hello" },
    { text: "2" },
  ]);
}, 60_000);

const TEXTS = 5;

describe("during an outage", () => {
  test("of Slack everything arrives later, once, in order per thread, within Slack's rate limit", async () => {
    await using at = await startSlackDesk({
      slack: { paced: { perSecond: 20, burst: 20 } },
      roles: ["all", "worker"],
      files: { "workflows/echo.yaml": ECHO },
    });
    const { slack, desk } = at;
    const people = Array.from({ length: 10 }, (_, n) => slack.addUser({ name: `Person ${n}` }).id);
    // Some answers are lost after their posts took effect.
    slack.fault("chat.postMessage", { times: 3, drop: "after" });
    await Promise.all(people.map((one) => slack.post(one, slack.dm(one), "text 0")));
    slack.down(true);
    for (let n = 1; n < TEXTS; n++) await Promise.all(people.map((one) => slack.post(one, slack.dm(one), `text ${n}`)));
    await desk.until("select count(*) >= 10 as ok from outbox where outcome is null and attempts > 1");
    slack.down(false);
    await desk.until("select count(*) = 0 as ok from outbox where outcome is null", { withinMs: 60_000 });
    for (const one of people) {
      const answers = slack.messages(slack.dm(one)).filter(({ bot_id }) => bot_id !== undefined);
      expect(answers.map(({ text }) => text)).toEqual(Array.from({ length: TEXTS }, (_, n) => `You said text ${n}`));
    }
    expect(slack.violations).toEqual([]);
  }, 90_000);
});

const ECHO = `
id: echo
title: Echo
status: live
channels: [slack]
on: [conversation.opened, message.received]
steps: [{ say: "You said {{ message.text }}" }]
`;
