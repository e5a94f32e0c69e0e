/** A round's figures. No time is a limit: they are printed, to be compared. */
import { threadsOf } from "./rounds-checks.ts";
import type { Strike } from "./rounds-strike.ts";
import type { Receipts, World } from "./rounds-world.ts";
import type { Written } from "./rounds-writers.ts";

/** A fault affects messages that are pending when it strikes or arrive within this time after it. */
const TOUCHED_MS = 1_000;

export interface RoundReport {
  seed: number;
  faults: string[];
  receipts: Receipts;
  texts: number;
  parked: number;
  /** Parts that were parked, and whose receipt came after that. */
  arrivedLate: number;
  /** From the acknowledgement of each affected message to the accepted answer. */
  latenciesMs: number[];
  /** Time until everything that was struck went on again, and of the whole round. */
  struckSeconds: number;
  seconds: number;
}

interface Played {
  seed: number;
  written: readonly Written[];
  struck: readonly Strike[];
  receipts: Receipts;
  arrivedLate: number;
  began: number;
}

export async function reportOf({ desk }: World, o: Played): Promise<RoundReport> {
  const { written, struck } = o;
  const customers = [...new Set(written.map(({ from }) => from))];
  const acceptedAt = new Map(
    customers.flatMap((from) =>
      desk.twilio.sent(from).map(({ to, body, at }) => [`${to} ${body}`, at.getTime()] as const),
    ),
  );
  const latenciesMs = written.flatMap(({ from, body, acknowledgedAt }) => {
    const at = acceptedAt.get(`${from} You said ${body}`);
    if (at === undefined) return [];
    const hit = struck.some((strike) => at >= strike.from && acknowledgedAt <= strike.until + TOUCHED_MS);
    return hit ? [Math.max(0, at - acknowledgedAt)] : [];
  });
  const [parked] = await desk.rows<{ n: number }>(
    "select count(*)::int as n from outbox where outcome = 'parked' and thread = any($1)",
    [threadsOf(customers)],
  );
  return {
    seed: o.seed,
    faults: struck.map(({ fault }) => fault),
    receipts: o.receipts,
    texts: written.length,
    parked: parked?.n ?? 0,
    arrivedLate: o.arrivedLate,
    latenciesMs,
    struckSeconds: Math.round((Math.max(...struck.map(({ until }) => until)) - o.began) / 1_000),
    seconds: Math.round((Date.now() - o.began) / 1_000),
  };
}

/** Prints a line for each round, and how long the affected messages took. */
export function printRounds(reports: readonly RoundReport[]): void {
  console.table(
    reports.map(({ latenciesMs, faults, ...rest }) => ({
      ...rest,
      faults: faults.join(", "),
      touched: latenciesMs.length,
      slowestMs: Math.max(0, ...latenciesMs),
    })),
  );
  const sorted = reports.flatMap(({ latenciesMs }) => latenciesMs).toSorted((a, b) => a - b);
  const at = (share: number) => sorted[Math.ceil(sorted.length * share) - 1] ?? 0;
  console.log(
    `${sorted.length} affected messages: p50 ${at(0.5)} ms, p90 ${at(0.9)} ms, p99 ${at(0.99)} ms, slowest ${at(1)} ms`,
  );
}
