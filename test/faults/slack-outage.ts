/**
 * An outage of Slack while customers write: one of two worker processes is killed while the backlog is sent. The answers to
 * the last posts before it are lost.
 */
import { setTimeout as pause } from "node:timers/promises";
import { expect } from "vitest";
import { ownRedis } from "../support/own-redis.ts";
import { type SlackDesk, soon, startSlackDesk } from "../support/slack-desk.ts";
import { startWorkerProcess, type WorkerProcess } from "../support/worker-process.ts";

export interface Outage {
  downMs: number;
  /** Number of people, each in their own DM. */
  threads: number;
  /** Number of messages per person. */
  texts: number;
}

export interface OutageReport {
  messages: number;
  threads: number;
  /** Time from the end of the outage until the last message arrived. */
  recoveredMs: number;
  /** Highest number of attempts of a part. */
  mostTries: number;
  lostAnswers: number;
}

const ECHO = `
id: echo
title: Echo
status: live
channels: [slack]
on: [conversation.opened, message.received]
steps: [{ say: "You said {{ message.text }}" }]
`;
/** Key prefix in Redis of the product's processes. */
const PRODUCT_PREFIX = "{frontdesk}";
/** Slack takes one post a second per DM. */
const POST_MS = 1_000;
/**
 * Sum of the longest back-off (outbound/deliver.ts), a sweep, the time of a killed worker's request (E2), and a margin for a
 * slow machine.
 */
const GRACE_MS = 60_000;
const LOST_ANSWERS = 3;

/** Runs it; throws on a lost, repeated or misordered message. */
export async function slackOutage(o: Outage): Promise<OutageReport> {
  await using redis = await ownRedis();
  await using at = await startSlackDesk({
    roles: ["web"],
    files: { "workflows/echo.yaml": ECHO },
    slack: { paced: true },
    services: { redis: redis.url, prefix: PRODUCT_PREFIX },
  });
  const { env } = at.desk;
  const starting = [startWorkerProcess(env), startWorkerProcess(env)] as const;
  await using dying = await starting[0];
  await using staying = await starting[1];
  const people = Array.from({ length: o.threads }, (_, n) => at.slack.addUser({ name: `Person ${n}` }).id);
  try {
    await strike(at, people, o);
    const began = Date.now();
    at.slack.down(false);
    await recovered(at, dying, o);
    const recoveredMs = Date.now() - began;
    for (const one of people) inOrderAndOnce(at, one, o.texts);
    expect(at.slack.violations).toEqual([]);
    return await report(at, { ...o, recoveredMs });
  } catch (error) {
    const output = [dying, staying].map((worker) => worker.output().slice(-3_000)).join("\n--- the other worker:\n");
    throw new Error(`${String(error)}\n--- a worker's output:\n${output}`, { cause: error });
  }
}

/** Loses some answers, then stops Slack while everybody keeps writing. */
async function strike({ slack, desk }: SlackDesk, people: readonly string[], { downMs, texts }: Outage): Promise<void> {
  slack.fault("chat.postMessage", { times: LOST_ANSWERS, drop: "after" });
  const say = (n: number) => Promise.all(people.map((one) => slack.post(one, slack.dm(one), `text ${n}`)));
  await say(0);
  const posts = () => slack.calls.filter(({ method }) => method === "chat.postMessage").length;
  await soon("answers lost", () => (posts() >= LOST_ANSWERS ? true : undefined));
  slack.down(true);
  const back = Date.now() + downMs;
  for (let n = 1; n < texts; n++) {
    await say(n);
    await pause(Math.max(0, back - Date.now()) / (2 * texts));
  }
  await desk.until("select count(*) > 0 as ok from outbox where outcome is null and attempts > 1");
  await pause(Math.max(0, back - Date.now()));
}

/** Kills one worker in the middle; the other continues alone. */
async function recovered({ desk }: SlackDesk, dying: WorkerProcess, { threads, texts }: Outage): Promise<void> {
  const withinMs = texts * POST_MS + GRACE_MS;
  const sent = (n: number) =>
    desk.until("select count(*) >= $1::int as ok from outbox where outcome = 'sent'", { values: [n], withinMs });
  await sent(Math.floor((threads * texts) / 2));
  await dying.kill();
  await sent(threads * texts);
}

function inOrderAndOnce({ slack }: SlackDesk, person: string, texts: number): void {
  const answers = slack.messages(slack.dm(person)).filter(({ bot_id }) => bot_id !== undefined);
  expect(answers.map(({ text }) => text)).toEqual(Array.from({ length: texts }, (_, n) => `You said text ${n}`));
}

async function report(
  { desk }: SlackDesk,
  { threads, texts, recoveredMs }: Outage & { recoveredMs: number },
): Promise<OutageReport> {
  expect(await desk.rows("select distinct outcome from outbox")).toEqual([{ outcome: "sent" }]);
  const [most] = await desk.rows<{ n: number }>("select max(attempts)::int as n from outbox");
  return { messages: threads * texts, threads, recoveredMs, mostTries: most?.n ?? 0, lostAnswers: LOST_ANSWERS };
}
