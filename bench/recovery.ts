/**
 * Time until all is as before after every database connection of the product was terminated under load. Customers write
 * at half of the rate that the product reaches, so that what is measured is the recovery and not a queue.
 */
import { setTimeout as pause } from "node:timers/promises";
import { Client } from "pg";
import { atMost } from "./goal.ts";
import type { Measured, Sizes } from "./measurement.ts";
import type { Platform, Posted } from "./platform.ts";
import { burstRate, CONNECTIONS } from "./rate.ts";
import { range } from "./report.ts";
import { openStage } from "./stage.ts";
import { quantile, spread } from "./statistics.ts";
import { openLine, type Subject, startPlatform } from "./subjects.ts";

/** Share of the burst's rate at which customers write. */
const LOAD = 0.5;
const LOAD_SECONDS = 6;
/** The connections are terminated at this share of that time. */
const TERMINATED_AT = 0.4;
/** Goal of G6 for messages that a fault affects. */
const AFFECTED_P99_MS = 4_000;

interface Recovery {
  /** Connections that were terminated. */
  connections: number;
  /** Messages posted before, and answered after. */
  underWay: number;
  /** From the termination to the last of their answers. */
  recoveredMs: number;
  /** From post to answer, p99 of those and of the messages posted within the recovery. */
  affectedP99Ms: number;
  sentAgain: number;
  twice: number;
  /** Messages a second in bursts before and after. */
  rate: { before: number; after: number };
}

export async function measureRecovery({ messages, rounds, say }: Sizes): Promise<Measured> {
  await using stage = await openStage();
  await using platform = await startPlatform();
  const databaseUrl = await stage.database("recovery");
  await using line = await openLine({ stage, databaseUrl, platform, redisDatabase: 1, logLevel: "silent" });
  const all: Recovery[] = [];
  await burstRate(platform, line, messages);
  for (let n = 1; n <= rounds; n++) {
    const before = await burstRate(platform, line, messages);
    const recovery = await underLoad({ platform, line, databaseUrl }, before * LOAD);
    all.push({ ...recovery, rate: { before, after: await burstRate(platform, line, messages) } });
    say(`recovery ${n} of ${rounds}: ${Math.round(recovery.recoveredMs)} ms`);
  }
  const affected = spread(all.map(({ affectedP99Ms }) => affectedP99Ms));
  return {
    figures: all,
    lines: linesOf(all),
    goals: [
      atMost("G6", affected.median, { bound: AFFECTED_P99_MS, of: "ms from POST to delivered, p99 of those affected" }),
    ],
  };
}

interface Scene {
  platform: Platform;
  line: Subject;
  databaseUrl: string;
}

async function underLoad({ platform, line, databaseUrl }: Scene, perSecond: number): Promise<Omit<Recovery, "rate">> {
  const messages = Math.max(CONNECTIONS, Math.round(perSecond * LOAD_SECONDS));
  const load = { messages, threads: messages, connections: CONNECTIONS, perSecond, refused: "sent again" } as const;
  const posting = platform.post({ target: line.url, ...load });
  await pause(LOAD_SECONDS * TERMINATED_AT * 1_000);
  const terminatedAt = performance.timeOrigin + performance.now();
  const connections = await terminateAll(databaseUrl);
  const posted = await posting;
  const { taken } = await platform.delivered(messages);
  return { connections, sentAgain: posted.sentAgain, twice: taken - messages, ...recoveryOf(posted, terminatedAt) };
}

function recoveryOf({ postedAt, endToEndMs }: Posted, terminatedAt: number) {
  const sent = postedAt.map((at, n) => ({ at, tookMs: endToEndMs[n] ?? Number.NaN }));
  const underWay = sent.filter(({ at, tookMs }) => at < terminatedAt && at + tookMs > terminatedAt);
  const recoveredMs = Math.max(0, ...underWay.map(({ at, tookMs }) => at + tookMs - terminatedAt));
  const within = sent.filter(({ at }) => at >= terminatedAt && at < terminatedAt + recoveredMs);
  const affected = [...underWay, ...within].map(({ tookMs }) => tookMs);
  return {
    underWay: underWay.length,
    recoveredMs,
    affectedP99Ms: affected.length === 0 ? 0 : quantile(affected, 0.99),
  };
}

/** Ends every connection to the database but this one; returns their number. */
async function terminateAll(databaseUrl: string): Promise<number> {
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const { rowCount } = await client.query(
      "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()",
    );
    return rowCount ?? 0;
  } finally {
    await client.end();
  }
}

function linesOf(all: readonly Recovery[]): string[] {
  const of = (value: (one: Recovery) => number, digits = 0) => range(spread(all.map(value)), digits);
  return [
    `${all.length} times all connections terminated (${of((one) => one.connections)}), at ${LOAD * 100} % load; min–median–max`,
    `messages under way                     ${of((one) => one.underWay)}`,
    `until the last of them was answered    ${of((one) => one.recoveredMs)} ms`,
    `p99 of the messages affected           ${of((one) => one.affectedP99Ms)} ms from POST to delivered`,
    `rate after, of the rate before         ${of(({ rate }) => rate.after / rate.before, 2)} (before ${of(({ rate }) => rate.before)} messages/s)`,
    `posts refused and sent again           ${of((one) => one.sentAgain)}`,
    `answers delivered twice                ${of((one) => one.twice)}`,
  ];
}
