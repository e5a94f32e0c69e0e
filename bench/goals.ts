/** Goals of the pipeline, G1 to G4. Ratios are computed within a round, then their median is taken. */
import { atLeast, atMost, type Goal } from "./goal.ts";
import type { BenchResult, Burst, Round } from "./run.ts";
import { quantile } from "./statistics.ts";

/** Share of raw BullMQ's rate; a prototype without attempt stamps reached 0.17. */
const RAW_SHARE = 0.25;
/** A lower share means that something is broken. */
const RAW_SHARE_FLOOR = 0.12;
const TEXTBOOK_TIMES = 3;
const RAW_CPU_TIMES = 3.5;
const END_TO_END_COMMITS = 10;
const ACK_COMMITS = 5;
/** Bounds of SQL per message; `test/e2e/round-trips.test.ts` checks the same bounds in CI. */
export const SQL_LIMITS = {
  alone: { roundTrips: 6, commits: 4 },
  burst: { roundTrips: 1, commits: 0.4 },
} as const;

export function goals(result: BenchResult): Goal[] {
  const median = (value: (round: Round) => number) => quantile(result.rounds.map(value), 0.5);
  const ofRaw = median(({ line, raw }) => line.perSecond / raw.perSecond);
  const ofTextbook = median(({ line, textbook }) => line.perSecond / textbook.perSecond);
  const cpu = median(({ line, raw }) => totalCpuUs(line) / totalCpuUs(raw));
  const endToEnd = median(({ low, commitMs }) => low.endToEndMs / commitMs);
  const ack = median(({ low, commitMs }) => low.ackMs / commitMs);
  return [
    atLeast("G1", ofRaw, { bound: RAW_SHARE, of: `of raw BullMQ's rate (below ${RAW_SHARE_FLOOR} is a failure)` }),
    atLeast("G1", ofTextbook, { bound: TEXTBOOK_TIMES, of: "times the textbook design's rate" }),
    atMost("G2", cpu, { bound: RAW_CPU_TIMES, of: "times raw BullMQ's CPU a message" }),
    ...sqlGoals(result),
    atMost("G4", endToEnd, { bound: END_TO_END_COMMITS, of: "commits from POST to delivered at 10 % load (p50)" }),
    atMost("G4", ack, { bound: ACK_COMMITS, of: "commits from POST to acknowledged at 10 % load (p50)" }),
  ];
}

function sqlGoals({ counts: { alone, burst, single } }: BenchResult): Goal[] {
  const worst = {
    roundTrips: Math.max(burst.roundTrips, single.roundTrips),
    commits: Math.max(burst.commits, single.commits),
  };
  return [
    atMost("G3", alone.roundTrips, { bound: SQL_LIMITS.alone.roundTrips, of: "SQL round trips of a message alone" }),
    atMost("G3", alone.commits, { bound: SQL_LIMITS.alone.commits, of: "commits of a message alone" }),
    atMost("G3", worst.roundTrips, { bound: SQL_LIMITS.burst.roundTrips, of: "SQL round trips a message in a burst" }),
    atMost("G3", worst.commits, { bound: SQL_LIMITS.burst.commits, of: "commits a message in a burst" }),
  ];
}

/** CPU of Node, PostgreSQL and Redis together, in microseconds per message. */
export const totalCpuUs = ({ cpuUs: { node, postgres, redis } }: Burst): number => node + postgres + redis;
