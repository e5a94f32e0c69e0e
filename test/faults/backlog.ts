/**
 * A start on a backlog: many messages came while no worker ran. Two workers start; nothing of it is lost, repeated or out
 * of order, and how long those wait who write meanwhile is printed (P3).
 */
import { Client } from "pg";
import { expect } from "vitest";
import { ECHO, OUR_NUMBER, SETTLED, settingsWith, startDesk, type TestDesk } from "../support/desk.ts";
import { ownRedis } from "../support/own-redis.ts";
import { startWorkerProcess } from "../support/worker-process.ts";
import { PRODUCT_PREFIX } from "./rounds-world.ts";

export interface Backlog {
  conversations: number;
  /** Waiting messages of each. */
  texts: number;
  /** People who write over SMS while the backlog is worked off. */
  newcomers: number;
  withinMs: number;
}

export interface BacklogReport {
  messages: number;
  /** Time from the newcomers' messages until the last of them had an answer. */
  newcomersMs: number;
  /** Time from the start of the workers until nothing was left. */
  drainedMs: number;
}

/** Runs it; throws on a lost, repeated or misordered message. */
export async function startOnBacklog({ conversations, texts, newcomers, withinMs }: Backlog): Promise<BacklogReport> {
  await using redis = await ownRedis();
  await using desk = await startDesk({
    files: { "workflows/echo.yaml": ECHO },
    role: "web",
    redis: redis.url,
    prefix: PRODUCT_PREFIX,
  });
  const messages = conversations * texts;
  const limits = `limits: { channel: { of: { chat: ${2 * messages} } } }\n`;
  await desk.write({ "frontdesk.yaml": `${settingsWith(desk.twilio)}${limits}` });
  await desk.customer("template").message("text 0");
  await fill(desk, { conversations, texts });
  const began = Date.now();
  await using _one = await startWorkerProcess(desk.env);
  await using _other = await startWorkerProcess(desk.env);
  const wrote = Date.now();
  const people = Array.from({ length: newcomers }, (_, n) => `+1555080${String(n).padStart(4, "0")}`);
  await Promise.all(people.map((from) => desk.twilio.text({ from, to: OUR_NUMBER, body: "hello" })));
  await desk.until("select count(*) = $1::int as ok from outbox where channel = 'sms' and outcome = 'sent'", {
    values: [newcomers],
    withinMs,
  });
  const newcomersMs = Date.now() - wrote;
  await desk.until(SETTLED, { withinMs });
  const drainedMs = Date.now() - began;
  await inOrderAndOnce(desk, { conversations, texts });
  for (const from of people) expect(desk.twilio.sent(from).map(({ body }) => body)).toEqual(["You said hello"]);
  return { messages, newcomersMs, drainedMs };
}

/** On a connection without a time-out: so many rows take a while. */
async function fill({ env }: TestDesk, { conversations, texts }: Pick<Backlog, "conversations" | "texts">) {
  const client = new Client({ connectionString: env["DATABASE_URL"] });
  await client.connect();
  try {
    await client.query(CROWD, [conversations]);
    for (let n = 1; n <= texts; n++) await client.query(CROWD_EVENTS, [n]);
  } finally {
    await client.end();
  }
}

/** Conversations like the one that is there. */
const CROWD = `
with template as (select c from conversation c where thread = 'thread-template'),
numbered as (select n, nextval(pg_get_serial_sequence('conversation', 'id')) as id from generate_series(1, $1::int) n)
insert into conversation
select (jsonb_populate_record(template.c, jsonb_build_object('id', numbered.id, 'thread', 'crowd-' || n))).*
from template, numbered`;

/** A message of each, like the one that is there. */
const CROWD_EVENTS = `
with template as (select e from event e join conversation c on c.id = e.conversation where c.thread = 'thread-template' limit 1),
numbered as (
  select nextval(pg_get_serial_sequence('event', 'id')) as id, crowd.id as conversation
  from (select id from conversation where thread like 'crowd-%') crowd
)
insert into event
select (jsonb_populate_record(template.e, jsonb_build_object('id', numbered.id, 'conversation', numbered.conversation,
  'payload', jsonb_set((template.e).payload::jsonb, '{content,text}', to_jsonb('text ' || $1::int))))).*
from template, numbered`;

async function inOrderAndOnce(desk: TestDesk, { conversations, texts }: { conversations: number; texts: number }) {
  const expected = Array.from({ length: texts }, (_, n) => `You said text ${n + 1}`);
  const heard = await desk.rows(
    `select heard, count(*)::int as conversations from (
       select thread, array_agg(content->>'text' order by id) as heard from outbox where thread like 'crowd-%' group by thread) t
     group by heard`,
  );
  expect(heard).toEqual([{ heard: expected, conversations }]);
  expect(
    await desk.rows("select outcome, count(*)::int as n from outbox where outcome <> 'sent' group by outcome"),
  ).toEqual([]);
  expect(await desk.rows("select id from event where quarantined is not null limit 3")).toEqual([]);
}
