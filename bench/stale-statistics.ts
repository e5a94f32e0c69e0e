/**
 * A long backlog on statistics of an empty table, as they are when much comes at once: time of a sweep, and of claims. The
 * statements were planned while the tables were empty, and their plans are kept for the life of the connections.
 */
import { Client } from "pg";
import { claimParts } from "../src/store/claim-parts.ts";
import { loadTurns } from "../src/store/load-turns.ts";
import { migrate } from "../src/store/migrate.ts";
import { settleParts } from "../src/store/settle-parts.ts";
import { storeInbound } from "../src/store/store-inbound.ts";
import { findWaiting, fireAlarms, SWEEP_START } from "../src/store/sweep.ts";
import { threadOf } from "./filling.ts";
import { atMost, type Goal } from "./goal.ts";
import type { Measured, Sizes } from "./measurement.ts";
import { inbound } from "./message-life.ts";
import { range } from "./report.ts";
import { openStage } from "./stage.ts";
import { spread } from "./statistics.ts";
import { openTimedDb } from "./timed-db.ts";

const RUNS = 20;
const CLAIMED = 64;
/** As the sweep looks at one channel. */
const SWEEP = { idleMs: 800, perGroup: 1_000 };
/** A sweep reads events, asks and parts side by side. */
const CONNECTIONS = 3;
const SWEEP_MS = 100;
const CLAIM_MS = 20;
/** Above the ids that the planning takes from the sequences. */
const FIRST_ID = 1_000_000;

export async function measureStaleStatistics({ waiting, say }: Sizes): Promise<Measured> {
  await using stage = await openStage();
  const url = await stage.database("stale");
  await migrate(url);
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await keepStatistics(client);
    await using timed = openTimedDb(url, { connections: CONNECTIONS });
    const { db } = timed;
    // Plans each statement on each connection, with other threads.
    for (const step of Object.values(stepsOf({ waiting, first: waiting })))
      await Promise.all(Array.from({ length: CONNECTIONS }, () => step(db)));
    say(`${waiting} parts begin to wait`);
    await fillWaiting(client, waiting);
    const steps = stepsOf({ waiting, first: 0 });
    const figures: Record<string, number[]> = {};
    for (const [name, step] of Object.entries(steps)) figures[name] = await timesOf(() => step(db));
    return { figures: { waiting, ms: figures }, lines: linesOf(waiting, figures), goals: goalsOf(waiting, figures) };
  } finally {
    await client.end();
  }
}

/** Takes the statistics of the empty tables, for good. */
async function keepStatistics(client: Client): Promise<void> {
  await client.query("alter system set autovacuum = off");
  await client.query("select pg_reload_conf()");
  await client.query("analyze");
}

type Db = Parameters<typeof claimParts>[0];

/** Each step goes on behind the one before, through other threads. */
function stepsOf({ waiting, first }: { waiting: number; first: number }) {
  let place = SWEEP_START;
  let next = 0;
  let serial = 0;
  const threads = () => Array.from({ length: CLAIMED }, () => first + 1 + (next++ % waiting));
  const claimed: { id: number; attempts: number }[] = [];
  return {
    sweep: async (db: Db) => {
      await fireAlarms(db);
      place = (await findWaiting(db, { ...SWEEP, from: place })).next;
    },
    claim: async (db: Db) => {
      const parts = await claimParts(
        db,
        threads().map((n) => ({ channel: "sms", thread: threadOf(n) })),
      );
      claimed.push(...parts.flatMap((part) => part ?? []));
    },
    settle: async (db: Db) => {
      const given = claimed.splice(0, CLAIMED);
      const sent = given.map(({ id, attempts }) => ({ id, attempt: attempts, remoteId: `S${id}` }));
      await settleParts(
        db,
        sent.map((one) => ({ ...one, outcome: "sent" as const })),
      );
    },
    "store inbound": async (db: Db) => {
      const batch = serial++;
      await storeInbound(
        db,
        threads().map((n) => inbound(n, batch)),
      );
    },
    "load turns": async (db: Db) => {
      await loadTurns(
        db,
        threads().map((n) => FIRST_ID + n),
      );
    },
  };
}

async function fillWaiting(client: Client, waiting: number): Promise<void> {
  const each = `from generate_series(1, ${waiting}) g`;
  const id = `${FIRST_ID} + g`;
  await client.query(`insert into contact (id, name) select ${id}, '' ${each}`);
  await client.query(`insert into address (channel, value, contact) select 'sms', 'a' || g, ${id} ${each}`);
  await client.query(
    `insert into conversation (id, channel, thread, contact) select ${id}, 'sms', 't' || g, ${id} ${each}`,
  );
  await client.query(
    `insert into outbox (conversation, event, n, channel, thread, kind, epoch, message, content, due_at)
     select ${id}, ${id}, 0, 'sms', 't' || g, 'reply', 0, ${id}, '{"text":"An answer"}', now() - interval '1 minute' ${each}`,
  );
}

async function timesOf(step: () => Promise<void>): Promise<number[]> {
  const times: number[] = [];
  for (let n = 0; n < RUNS; n++) {
    const startedAt = performance.now();
    await step();
    times.push(performance.now() - startedAt);
  }
  return times;
}

function linesOf(waiting: number, figures: Readonly<Record<string, readonly number[]>>): string[] {
  return [
    `${waiting} parts waiting on statistics of an empty table; ms, min–median–max of ${RUNS}, of ${CLAIMED} threads but for the sweep`,
    ...Object.entries(figures).map(([name, times]) => `${name.padEnd(16)}${range(spread(times), 1).padStart(20)}`),
  ];
}

function goalsOf(waiting: number, { sweep = [], claim = [] }: Readonly<Record<string, readonly number[]>>): Goal[] {
  const stale = `with ${waiting} parts waiting on stale statistics`;
  return [
    atMost("P3", spread(sweep).median, { bound: SWEEP_MS, of: `ms a sweep, ${stale}` }),
    atMost("P3", spread(claim).median, {
      bound: CLAIM_MS,
      of: `ms to claim the parts of ${CLAIMED} threads, ${stale}`,
    }),
  ];
}
