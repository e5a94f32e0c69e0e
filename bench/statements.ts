/** Time of each hot statement in a large installation, of that in a small one (G5), with their plans. */
import { Client } from "pg";
import { fill, openConversation, PER_CONVERSATION } from "./filling.ts";
import { atMost, type Goal } from "./goal.ts";
import type { Measured, Sizes } from "./measurement.ts";
import { liveMessages, readDesk, searchDesk, sweepOnce } from "./message-life.ts";
import { openStage } from "./stage.ts";
import { quantile } from "./statistics.ts";
import { openTimedDb, type Scan, type TimedDb } from "./timed-db.ts";

const SMALL = 10_000;
/** Bound of G5. */
const TIMES = 1.3;
/** Conversations that take part, as many in both, so that neither finds more of its pages in memory. */
const ACTIVE = 250;
const BATCH = 64;
const ROUNDS = 60;
const WARM_UP = 10;
/** Read every case; nothing waits for them but the operator who searches. */
const SEARCHES: readonly string[] = ["desk_find_cases", "desk_find_with_bot"];

interface Row {
  statement: string;
  /** Medians, milliseconds. */
  smallMs: number;
  largeMs: number;
  times: number;
}

export async function measureStatements({ stored, say }: Sizes): Promise<Measured> {
  await using stage = await openStage();
  await prepareServer(stage.adminUrl);
  const [smallUrl, largeUrl] = [await stage.database("small"), await stage.database("large")];
  const smallCount = await fill(smallUrl, Math.min(SMALL, stored));
  say(`filling a database with ${stored} messages`);
  const largeCount = await fill(largeUrl, stored);
  await using small = openTimedDb(smallUrl);
  await using large = openTimedDb(largeUrl);
  const sides = [
    { timed: small, conversations: smallCount },
    { timed: large, conversations: largeCount },
  ];
  for (let n = 0; n < WARM_UP + ROUNDS; n++) {
    if (n === WARM_UP) for (const { timed } of sides) timed.forget();
    for (const side of n % 2 === 0 ? sides : sides.toReversed()) await oneRound(side, n);
  }
  const rows = compare(small, large);
  const plans = await large.plans();
  return {
    figures: { stored, rows, plans: Object.fromEntries(plans) },
    lines: linesOf({ stored, rows, plans }),
    goals: goalsOf(rows, plans),
  };
}

/** Filling writes much at once; autovacuum would run in the middle of the rounds. */
async function prepareServer(adminUrl: string): Promise<void> {
  const admin = new Client({ connectionString: adminUrl });
  await admin.connect();
  await admin.query("alter system set autovacuum = off");
  await admin.query("alter system set max_wal_size = '8GB'");
  await admin.query("select pg_reload_conf()");
  await admin.end();
}

async function oneRound({ timed, conversations }: { timed: TimedDb; conversations: number }, n: number): Promise<void> {
  const active = (at: number) => openConversation(at % ACTIVE, { conversations, count: ACTIVE });
  const batch = Array.from({ length: BATCH }, (_, at) => active(n * BATCH + at));
  timed.note = ` ×${BATCH}`;
  await liveMessages(timed.db, batch, n * 2);
  timed.note = "";
  await liveMessages(timed.db, [active(n)], n * 2 + 1);
  await sweepOnce(timed.db);
  await readDesk(timed.db, active(n));
  if (n % 10 === 0) await searchDesk(timed.db);
}

function compare(small: TimedDb, large: TimedDb): Row[] {
  return [...small.times].map(([statement, times]) => {
    const smallMs = quantile(times, 0.5);
    const largeMs = quantile(large.times.get(statement) ?? [], 0.5);
    return { statement, smallMs, largeMs, times: largeMs / smallMs };
  });
}

const isSearch = (statement: string): boolean => SEARCHES.includes(statement);

const wholeTables = (scans: readonly Scan[]): string[] =>
  scans.filter(({ node }) => node === "Seq Scan").map(({ of }) => of);

function goalsOf(rows: readonly Row[], plans: ReadonlyMap<string, Scan[]>): Goal[] {
  const hot = rows.filter(({ statement }) => !isSearch(statement));
  const [worst] = hot.toSorted((left, right) => right.times - left.times);
  const scanned = [...plans].filter(([name, scans]) => !isSearch(name) && wholeTables(scans).length > 0);
  const of = `times its time at ${SMALL} messages, the statement that grows most (${worst?.statement ?? "none"})`;
  return [
    atMost("G5", worst?.times ?? Number.NaN, { bound: TIMES, of }),
    atMost("G5", scanned.length, { bound: 0, of: "hot statements that read a whole table" }),
  ];
}

interface Shown {
  stored: number;
  rows: readonly Row[];
  plans: ReadonlyMap<string, Scan[]>;
}

function linesOf({ stored, rows, plans }: Shown): string[] {
  const over = rows.filter((row) => !isSearch(row.statement) && row.times > TIMES).length;
  return [
    `p50 in ms at ${Math.min(SMALL, stored)} and at ${stored} messages (${stored / PER_CONVERSATION} conversations), ${ROUNDS} alternating rounds`,
    `${"statement".padEnd(28)}${"small".padStart(9)}${"large".padStart(9)}${"times".padStart(8)}   indexes (*: from the beginning) and tables read whole`,
    ...rows.map((row) => rowLine(row, plans.get(row.statement.replace(/ ×\d+$/, "")) ?? [])),
    `${over} of ${rows.length} beyond ${TIMES}; searches do not count`,
  ];
}

function rowLine({ statement, smallMs, largeMs, times }: Row, scans: readonly Scan[]): string {
  const figures = `${smallMs.toFixed(2).padStart(9)}${largeMs.toFixed(2).padStart(9)}${times.toFixed(2).padStart(8)}`;
  const read = scans.map(({ node, of, byKey }) => (node === "Seq Scan" ? `WHOLE ${of}` : `${of}${byKey ? "" : "*"}`));
  return `${statement.padEnd(28)}${figures}   ${[...new Set(read)].join(" ")}`;
}
