/**
 * An upgrade under traffic: the last released build runs, this one starts beside it on the same database and Redis, both
 * work for a while, then the older one stops (V3). Customers write over SMS and the playground, answer menus, wait for a
 * connector's call and for an alarm, and talk to an operator; their steps go through one build or the other.
 */
import { setTimeout as pause } from "node:timers/promises";
import { expect } from "vitest";
import { freePort } from "../../src/store/embedded/cluster.ts";
import { STATE_VERSION } from "../../src/turn/core/state.ts";
import { counterpart, json } from "../connector/counterpart.ts";
import { SETTLED, startDesk, type TestDesk } from "../support/desk.ts";
import { ownRedis } from "../support/own-redis.ts";
import { unpackReleased } from "../support/released-version.ts";
import { emptyDatabase } from "../support/services.ts";
import { startWorkerProcess } from "../support/worker-process.ts";
import { type Writer, writersOf } from "./two-versions-writers.ts";

export interface Upgrade {
  /** Customers of each channel; at least four. */
  customers: number;
  /** Times that each customer writes while both builds run. */
  rounds: number;
  /** Pause after each of these; more than thirty parts a minute would stop the bot. */
  pauseMs?: number;
}

const PRODUCT_PREFIX = "{frontdesk}";
/** Time of the connector's calls that are under way when the newer build starts. */
const SLOW_MS = 2_500;
/** Number of these calls. */
const SLOW = 2;
const SLOW_CALLS = "select count(*) = $1::int as ok from ask where request::text like '%slow%'";

const shopAt = (url: string): string => `
id: shop
base_url: ${url}
operations:
  find_order: { kind: read, request: "GET /orders/{key}", input: { key: string }, returns: { number: string }, timeout: 8s }
`;

const ORDER = `
id: order
title: Order
status: live
on: [conversation.opened, conversation.reopened, message.received]
steps:
  - say: "You said {{ message.text }}"
  - use: shop.find_order
    with: { key: "{{ message.text }}" }
    save: order
    on_error: [{ say: "The shop does not answer: {{ error.says }}" }, { stop: }]
  - ask: "It is order {{ order.number }}. Which topic?"
    save: topic
    options: { delivery: Delivery, other: Something else }
  - if: topic == "other"
    then: [{ handoff: front-line, say: "I am getting somebody." }]
    else: [{ say: "About the {{ topic }}, then." }, { wait: 1s }, { say: "That was it." }]
`;

const menu = (text: string): string[] => [`You said ${text}`, "It is order AB-1. Which topic?"];
const DELIVERY = ["About the delivery, then.", "That was it."];
const PERSON = ["I am getting somebody."];

/** Runs it; throws if anything was lost, repeated, misordered, quarantined, or handed over by mistake. */
export async function upgradeUnderTraffic({ customers, rounds, pauseMs = 0 }: Upgrade): Promise<void> {
  await using redis = await ownRedis();
  await using database = await emptyDatabase();
  await using released = await unpackReleased();
  await using shop = await counterpart((response, heard) => {
    setTimeout(() => json(200, { number: "AB-1" })(response, heard), heard.url.includes("slow") ? SLOW_MS : 0);
  });
  await using desk = await startDesk({
    files: { "connectors/shop.yaml": shopAt(shop.url), "workflows/order.yaml": ORDER },
    role: null,
    databaseUrl: database.url,
    redis: redis.url,
    prefix: PRODUCT_PREFIX,
  });
  const port = String(await freePort());
  await using before = await startWorkerProcess({ ...desk.env, PORT: port }, { role: "all", ...released });
  const older = `http://127.0.0.1:${port}`;
  const writers = writersOf(desk, customers);
  try {
    await desk.rows(WATCH_VERSIONS);
    const begun = begin(writers, older);
    await desk.until(SLOW_CALLS, { values: [SLOW], withinMs: 20_000 });
    await desk.start({ role: "all" });
    await begun;
    const urls = [older, desk.url] as const;
    await Promise.all(writers.map((one, n) => talk(one, { n, rounds, pauseMs, urls })));
    expect(await before.stop()).toBe(0);
    await Promise.all(writers.map((one, n) => finish(one, { n, url: desk.url })));
    await nothingHarmed(desk, writers);
  } catch (error) {
    const logged = desk.logged.slice(-10).map((entry) => JSON.stringify(entry));
    const output = `--- the older build:\n${before.output().slice(-4_000)}\n--- this build:\n${logged.join("\n")}`;
    throw new Error(`${String(error)}\n${output}`, { cause: error });
  }
}

/** Those whom people help, and those who write first while both builds run: of four of a channel one each. */
const isHeld = (n: number): boolean => n % 8 === 2 || n % 8 === 3;
const isNewcomer = (n: number): boolean => n % 8 === 4 || n % 8 === 5;

/** With the older build alone, but for the calls that are under way when this one starts. */
async function begin(writers: readonly Writer[], url: string): Promise<void> {
  await Promise.all(
    writers.map(async (one, n) => {
      if (isNewcomer(n)) return;
      const first = n < SLOW ? "slow" : "one";
      await one.says(first, menu(first), url);
      if (!isHeld(n)) return;
      await one.says("2", PERSON, url);
      await one.held("claim", url);
    }),
  );
}

interface Talk extends Required<Pick<Upgrade, "rounds" | "pauseMs">> {
  n: number;
  urls: readonly [string, string];
}

/** With both builds, which take turns. */
async function talk(one: Writer, { n, rounds, pauseMs, urls }: Talk): Promise<void> {
  if (isNewcomer(n)) await one.says("one", menu("one"), urls[n % 2] ?? "");
  for (let round = 0; round < rounds; round++) {
    const [here = "", there = ""] = (n + round) % 2 === 0 ? urls : urls.toReversed();
    if (isHeld(n)) {
      await one.says(`more ${round}`, [], here);
      await one.helped(`Kim says ${round}`, there);
    } else {
      await one.says("1", DELIVERY, here);
      await one.says(`two ${round}`, menu(`two ${round}`), there);
    }
    await pause(pauseMs);
  }
}

/** With this build alone. */
async function finish(one: Writer, { n, url }: { n: number; url: string }): Promise<void> {
  if (isHeld(n)) {
    await one.held("hand_back", url);
    await one.says("three", menu("three"), url);
  } else {
    await one.says("2", PERSON, url);
    await one.held("claim", url);
    await one.helped("Kim says hello", url);
  }
}

/** Remembers each write of an older shape over a newer one. */
const WATCH_VERSIONS = `
create table test_put_back (conversation bigint, before int, after int);
create function test_put_back() returns trigger language plpgsql as $$
begin
  if (new.state->'state'->>'v')::int < (old.state->'state'->>'v')::int then
    insert into test_put_back values (new.id, (old.state->'state'->>'v')::int, (new.state->'state'->>'v')::int);
  end if;
  return new;
end $$;
create trigger test_put_back before update of state on conversation for each row execute function test_put_back();`;

async function nothingHarmed(desk: TestDesk, writers: readonly Writer[]): Promise<void> {
  await desk.until(SETTLED);
  expect(await desk.rows("select * from test_put_back")).toEqual([]);
  expect(await desk.rows("select id, kind, quarantined from event where quarantined is not null")).toEqual([]);
  expect(await desk.rows("select distinct state->'state'->>'v' as v from conversation")).toEqual([
    { v: String(STATE_VERSION) },
  ]);
  expect(await desk.rows("select id, content, outcome, error from outbox where outcome <> 'sent'")).toEqual([]);
  // Opened by the workflow's handoff only.
  const cases = await desk.rows("select conversation, card->>'reason' as reason from \"case\" order by 1");
  expect(cases).toHaveLength(writers.length);
  expect(cases.filter(({ reason }) => reason !== "The workflow hands over here")).toEqual([]);
  for (const one of writers) await inOrderAndOnce(desk, one);
}

async function inOrderAndOnce(desk: TestDesk, { channel, thread, expected, from }: Writer): Promise<void> {
  const parts = await desk.rows<{ text: string }>(
    "select content->>'text' as text from outbox where channel = $1 and thread = $2 order by id",
    [channel, thread],
  );
  const heard = channel === "sms" ? desk.twilio.sent(from).map(({ body }) => body) : parts.map(({ text }) => text);
  expect(heard.map((text, n) => text.slice(0, expected[n]?.length))).toEqual(expected);
  const events = await desk.rows<{ seq: number }>(
    "select e.seq from event e join conversation c on c.id = e.conversation where c.channel = $1 and c.thread = $2 order by c.id, e.id",
    [channel, thread],
  );
  expect(events.map(({ seq }) => seq)).toEqual(events.map(({ seq }) => seq).toSorted((a, b) => a - b));
}
