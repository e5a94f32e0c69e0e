/** Checks after a round: nothing lost, repeated or out of order, and nobody left without somebody to answer. */
import { expect } from "vitest";
import { nextAnswerer } from "../../src/domain/waiting.ts";
import { OPEN_START, openConversations } from "../../src/store/waiting.ts";
import { OUR_NUMBER, type TestDesk } from "../support/desk.ts";
import { type Receipts, reportOnce, type World } from "./rounds-world.ts";
import type { Written } from "./rounds-writers.ts";

/** A part in doubt is parked a minute after its send; the time before and after that is for a busy machine. */
const SETTLED_WITHIN_MS = 180_000;
/** More than all rounds open. */
const CONVERSATIONS = 100_000;
const DAY_MS = 24 * 60 * 60_000;

interface Round {
  written: readonly Written[];
  receipts: Receipts;
}

/** Waits until all is settled, and checks it. Returns the number of parts that were parked before their late receipt came. */
export async function checkRound(world: World, { written, receipts }: Round): Promise<number> {
  const { desk } = world;
  const customers = [...new Set(written.map(({ from }) => from))];
  await allSettled(desk, customers);
  const check = async () => {
    for (const from of customers) await inOrderAndOnce(desk, from, written);
    await nobodyIsLeft(desk);
  };
  await check();
  if (receipts !== "late") return 0;
  const arrived = await acceptedOfParked(desk, customers);
  await reportOnce(world);
  await allSettled(desk, customers);
  await takenBack(desk, arrived);
  await check();
  return arrived.length;
}

async function allSettled(desk: TestDesk, customers: readonly string[]): Promise<void> {
  const sql = `
    select (select count(*)::int from event where seq is null) as pending,
      (select json_agg(o) from (select id, thread, attempts, due_at, in_flight_until, error from outbox where outcome is null limit 5) o) as unsent,
      (select count(*) from event where seq is null) + (select count(*) from outbox where outcome is null) = 0
        and (select count(*) from conversation where thread = any($1)) = $2::int as ok`;
  await desk.until(sql, { values: [threadsOf(customers), customers.length], withinMs: SETTLED_WITHIN_MS });
}

export const threadsOf = (customers: readonly string[]): string[] => customers.map((from) => `${OUR_NUMBER}:${from}`);

interface Handled {
  seq: number;
  text: string;
  quarantined: string | null;
  answers: number;
}

interface Part {
  text: string;
  outcome: string;
}

/** Checks that nothing was lost, handled twice or out of order, and nothing sent twice. */
async function inOrderAndOnce(desk: TestDesk, from: string, all: readonly Written[]): Promise<void> {
  const thread = `${OUR_NUMBER}:${from}`;
  const bodies = all.filter((text) => text.from === from).map(({ body }) => body);
  const handled = await desk.rows<Handled>(
    `select e.seq, e.payload->'content'->>'text' as text, e.quarantined,
       (select count(*)::int from outbox o where o.event = e.id) as answers
     from event e join conversation c on c.id = e.conversation where c.thread = $1 and e.kind = 'message' order by e.id`,
    [thread],
  );
  expect(handled.map(({ text }) => text)).toEqual(bodies);
  expect(handled.map(({ seq }) => seq)).toEqual(handled.map(({ seq }) => seq).toSorted((a, b) => a - b));
  for (const { quarantined, answers } of handled) {
    expect(quarantined).toBeNull();
    // Answered by the bot, or shown to the people who took over after a part was parked.
    expect(answers).toBeGreaterThan(0);
  }
  const parts = await desk.rows<Part>(
    "select content->>'text' as text, outcome from outbox where thread = $1 order by id",
    [thread],
  );
  const accepted = desk.twilio.sent(from).map(({ body }) => body);
  const may = parts.filter(
    ({ text, outcome }) => outcome === "sent" || (outcome === "parked" && accepted.includes(text)),
  );
  // In order, each once: a part whose answer was lost is not sent again.
  expect(accepted).toEqual(may.map(({ text }) => text));
  expect(parts.filter(({ outcome }) => outcome !== "sent" && outcome !== "parked")).toEqual([]);
  // The desk's parts are complete too.
  const unshown = `select o.outcome, o.error from outbox o join conversation c on c.id = o.conversation
    where c.thread = $1 and o.channel = 'chat' and o.outcome <> 'sent'`;
  expect(await desk.rows(unshown, [thread])).toEqual([]);
  await parkedIsTold(desk, thread, parts);
}

async function parkedIsTold(desk: TestDesk, thread: string, parts: readonly Part[]): Promise<void> {
  if (!parts.some(({ outcome }) => outcome === "parked")) return;
  const open = `select 1 from "case" k join conversation c on c.id = k.conversation where c.thread = $1 and k.status = 'new'`;
  expect(await desk.rows(open, [thread])).toHaveLength(1);
}

/** U4. */
async function nobodyIsLeft(desk: TestDesk): Promise<void> {
  const open = await openConversations(desk.db, { from: OPEN_START, limit: CONVERSATIONS, silentMs: DAY_MS });
  expect(open.length).toBeGreaterThan(0);
  expect(open.filter((one) => nextAnswerer(one).kind === "nobody")).toEqual([]);
}

interface Arrived {
  id: number;
  conversation: number;
}

/** The parked parts of a round that Twilio did accept. */
async function acceptedOfParked(desk: TestDesk, customers: readonly string[]): Promise<Arrived[]> {
  const parked = await desk.rows<Arrived & { thread: string; text: string }>(
    "select id, conversation, thread, content->>'text' as text from outbox where outcome = 'parked' and thread = any($1)",
    [threadsOf(customers)],
  );
  const accepted = new Set(desk.twilio.sent().map(({ to, body }) => `${OUR_NUMBER}:${to} ${body}`));
  return parked.filter(({ thread, text }) => accepted.has(`${thread} ${text}`));
}

/** E2: what the platform reports late settles the part, and withdraws the alarm where nothing else is in doubt. */
async function takenBack(desk: TestDesk, arrived: readonly Arrived[]): Promise<void> {
  for (const { id, conversation } of arrived) {
    expect(await desk.rows("select outcome from outbox where id = $1", [id])).toEqual([{ outcome: "sent" }]);
    const told =
      "select 1 from event where conversation = $1 and kind = 'arrived' and (payload->>'outbox')::bigint = $2";
    expect(await desk.rows(told, [conversation, id])).toHaveLength(1);
    const open = `select k.status, k.card from "case" k where k.conversation = $1 and k.status = 'new'
      and not exists (select 1 from outbox o where o.conversation = $1 and o.outcome = 'parked')`;
    expect(await desk.rows(open, [conversation])).toEqual([]);
  }
}
