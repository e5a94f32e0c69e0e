/**
 * Rounds of faults: customers write over Twilio while processes are killed or stand still, Redis is emptied, Postgres crashes
 * or drops its connections, and a transaction stays open, in a random order that a seed reproduces.
 */
import { ECHO, settingsWith, startDesk } from "../support/desk.ts";
import { ownPostgres } from "../support/own-postgres.ts";
import { ownRedis } from "../support/own-redis.ts";
import { seeded } from "../support/random.ts";
import { checkRound } from "./rounds-checks.ts";
import { type RoundReport, reportOf } from "./rounds-report.ts";
import { type Fault, strike } from "./rounds-strike.ts";
import { openWorld, PRODUCT_PREFIX, type Receipts, reportArrivals, type World } from "./rounds-world.ts";
import { writeAll } from "./rounds-writers.ts";

export interface Rounds {
  rounds: number;
  /** Seed of the first round; the next ones have the numbers after it. */
  seed: number;
  /** Faults of every round; left out: some at random. */
  faults?: readonly Fault[];
  /** Longest time for which a process stands still, milliseconds. */
  longestPauseMs: number;
  /** How Twilio reports what it accepted; left out: not at all, so that parts in doubt are parked at once. */
  receipts?: (seed: number) => Receipts;
}

/** More than a hundred rounds send. */
const MESSAGES_OF_A_DAY = 1_000_000;

/** Runs the rounds; throws on a lost, repeated or misordered message, and on a customer whom nobody would answer. */
export async function faultRounds(o: Rounds): Promise<RoundReport[]> {
  await using postgres = await ownPostgres();
  await using redis = await ownRedis();
  await using desk = await startDesk({
    files: { "workflows/echo.yaml": ECHO },
    role: null,
    databaseUrl: postgres.url,
    redis: redis.url,
    prefix: PRODUCT_PREFIX,
  });
  // All rounds are one day of one channel.
  const limits = `limits: { channel: { of: { sms: ${MESSAGES_OF_A_DAY} } } }\n`;
  await desk.write({ "frontdesk.yaml": `${settingsWith(desk.twilio)}${limits}` });
  await using world = await openWorld({ postgres, redis, desk, receipts: o.receipts !== undefined });
  const reports: RoundReport[] = [];
  for (let round = 0; round < o.rounds; round++) {
    const seed = o.seed + round;
    try {
      reports.push(await playRound(world, { ...o, round, seed }));
    } catch (error) {
      throw new Error(`Round ${round}, FAULT_SEED=${seed}: ${messageOf(error)}\n${world.output()}`, { cause: error });
    }
  }
  return reports;
}

async function playRound(world: World, o: Rounds & { round: number }): Promise<RoundReport> {
  const random = seeded(o.seed);
  const receipts = o.receipts?.(o.seed) ?? "never";
  const began = Date.now();
  const writing = writeAll(world, { round: o.round, random });
  const reporting = receipts === "soon" ? reportArrivals(world) : null;
  try {
    const struck = await strike(world, random, o);
    const written = await writing;
    const arrivedLate = await checkRound(world, { written, receipts });
    return await reportOf(world, { seed: o.seed, written, struck, receipts, arrivedLate, began });
  } finally {
    await reporting?.stop();
  }
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
