/**
 * Rounds of faults: customers write over Twilio while two worker processes are killed in turn, Redis is emptied and
 * Postgres crashes. Each customer waits for an acknowledgement before the next message, and repeats an unacknowledged one
 * under the same id.
 */
import { setTimeout as pause } from "node:timers/promises";
import { expect } from "vitest";
import { ECHO, OUR_NUMBER, startDesk, type TestDesk } from "../support/desk.ts";
import { type OwnPostgres, ownPostgres } from "../support/own-postgres.ts";
import { type OwnRedis, ownRedis } from "../support/own-redis.ts";
import { type Random, seeded } from "../support/random.ts";
import { startWorkerProcess, type WorkerProcess } from "../support/worker-process.ts";

/** A fault affects messages that are pending when it strikes or arrive within this time after it. */
const TOUCHED_MS = 1_000;
const CUSTOMERS = 10;
const TEXTS = 12;
const FAULTS = ["worker", "worker", "redis", "postgres"] as const;
const SETTLED_WITHIN_MS = 35_000;
const PRODUCT_PREFIX = "{frontdesk}";

interface World {
  desk: TestDesk;
  postgres: OwnPostgres;
  redis: OwnRedis;
  workers: WorkerProcess[];
}

interface Written {
  from: string;
  body: string;
  sid: string;
  acknowledgedAt: number;
}

interface RoundReport {
  faults: string[];
  texts: number;
  touched: number;
  parked: number;
  latenciesMs: number[];
}

interface Rounds {
  rounds: number;
  seed: number;
  /** Limit of the 99th percentile; left out: no limit but the settling time, for a busy machine. */
  p99Ms?: number;
}

/** Runs the rounds; throws on a lost, repeated or misordered message. Returns a report of each round. */
export async function faultRounds({ rounds, seed, p99Ms = SETTLED_WITHIN_MS }: Rounds): Promise<RoundReport[]> {
  await using postgres = await ownPostgres();
  await using redis = await ownRedis();
  await using desk = await startDesk({
    files: { "workflows/echo.yaml": ECHO },
    role: "web",
    databaseUrl: postgres.url,
    redis: redis.url,
    prefix: PRODUCT_PREFIX,
  });
  const workers = await Promise.all([startWorkerProcess(desk.env), startWorkerProcess(desk.env)]);
  const world: World = { desk, postgres, redis, workers };
  try {
    const reports: RoundReport[] = [];
    for (let round = 0; round < rounds; round++) reports.push(await playRound(world, round, seeded(seed + round)));
    const latencies = reports.flatMap(({ latenciesMs }) => latenciesMs).toSorted((a, b) => a - b);
    expect(latencies.length).toBeGreaterThan(0);
    const p99 = latencies[Math.ceil(latencies.length * 0.99) - 1] ?? 0;
    expect(
      p99,
      JSON.stringify(reports.map(({ faults, latenciesMs }) => [faults, Math.max(...latenciesMs)])),
    ).toBeLessThanOrEqual(p99Ms);
    return reports;
  } catch (error) {
    const output = world.workers.map((worker) => worker.output().slice(-4_000)).join("\n--- the other worker:\n");
    throw new Error(`${error instanceof Error ? error.message : String(error)}\n--- a worker's output:\n${output}`, {
      cause: error,
    });
  } finally {
    for (const worker of world.workers) await worker[Symbol.asyncDispose]();
  }
}

async function playRound(world: World, round: number, random: Random): Promise<RoundReport> {
  const { desk } = world;
  const customers = Array.from(
    { length: CUSTOMERS },
    (_, n) => `+1555${String(round).padStart(3, "0")}${String(n).padStart(4, "0")}`,
  );
  for (const to of customers) desk.twilio.script(to, { kind: "slow", ms: random.between(5, 120) }, { times: 1_000 });
  const gaps = customers.map(() => Array.from({ length: TEXTS }, () => random.between(50, 600)));
  const writing = customers.map((from, n) => write(desk, { from, round, gaps: gaps[n] ?? [] }));
  const struck = await strike(world, random);
  const written = (await Promise.all(writing)).flat();
  await allSettled(desk, customers);
  for (const from of customers)
    await inOrderAndOnce(
      desk,
      from,
      written.filter((text) => text.from === from),
    );
  return report(desk, { customers, written, struck });
}

async function write(
  desk: TestDesk,
  { from, round, gaps }: { from: string; round: number; gaps: readonly number[] },
): Promise<Written[]> {
  const written: Written[] = [];
  for (const [n, gap] of gaps.entries()) {
    await pause(gap);
    const body = `round ${round} text ${n}`;
    const sid = `SM${from.slice(1).padStart(20, "0")}${String(n).padStart(12, "0")}`;
    while (!(await acknowledged(desk, { from, body, sid }))) await pause(50);
    written.push({ from, body, sid, acknowledgedAt: Date.now() });
  }
  return written;
}

async function acknowledged(desk: TestDesk, text: { from: string; body: string; sid: string }): Promise<boolean> {
  return desk.twilio.text({ ...text, to: OUR_NUMBER }).then(
    ({ status }) => status === 200,
    () => false,
  );
}

interface Strike {
  fault: string;
  from: number;
  until: number;
}

/** Runs every fault in random order, one after the other, while the customers write. */
async function strike({ desk, postgres, redis, workers }: World, random: Random): Promise<Strike[]> {
  const struck: Strike[] = [];
  for (const fault of random.shuffled(FAULTS)) {
    await pause(random.between(100, 700));
    const at = random.between(0, workers.length);
    const from = Date.now();
    if (fault === "worker") await workers[at]?.kill();
    if (fault === "redis") await redis.flush();
    if (fault === "postgres") {
      await postgres.kill();
      await postgres.restart();
    }
    struck.push({ fault, from, until: Date.now() });
    // The other worker continues alone meanwhile.
    if (fault === "worker") workers[at] = await startWorkerProcess(desk.env);
  }
  return struck;
}

async function allSettled(desk: TestDesk, customers: readonly string[]): Promise<void> {
  const sql = `
    select (select count(*)::int from event where seq is null) as pending,
      (select count(*)::int from outbox where outcome is null) as unsent,
      (select count(*) from event where seq is null) + (select count(*) from outbox where outcome is null) = 0
        and (select count(*) from conversation where thread = any($1)) = $2::int as ok`;
  const threads = customers.map((from) => `${OUR_NUMBER}:${from}`);
  await desk.until(sql, { values: [threads, customers.length], withinMs: SETTLED_WITHIN_MS });
}

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
async function inOrderAndOnce(desk: TestDesk, from: string, written: readonly Written[]): Promise<void> {
  const thread = `${OUR_NUMBER}:${from}`;
  const bodies = written.map(({ body }) => body);
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

interface Played {
  customers: readonly string[];
  written: readonly Written[];
  struck: readonly Strike[];
}

async function report(desk: TestDesk, { customers, written, struck }: Played): Promise<RoundReport> {
  const acceptedAt = new Map(
    customers.flatMap((from) =>
      desk.twilio.sent(from).map(({ to, body, at }) => [`${to} ${body}`, at.getTime()] as const),
    ),
  );
  const touched = written.flatMap(({ from, body, acknowledgedAt }) => {
    const at = acceptedAt.get(`${from} You said ${body}`);
    if (at === undefined) return [];
    const hit = struck.some((strike) => at >= strike.from && acknowledgedAt <= strike.until + TOUCHED_MS);
    return hit ? [at - acknowledgedAt] : [];
  });
  const [parked] = await desk.rows<{ n: number }>(
    "select count(*)::int as n from outbox where outcome = 'parked' and thread = any($1)",
    [customers.map((from) => `${OUR_NUMBER}:${from}`)],
  );
  return {
    faults: struck.map(({ fault }) => fault),
    texts: written.length,
    touched: touched.length,
    parked: parked?.n ?? 0,
    latenciesMs: touched,
  };
}
