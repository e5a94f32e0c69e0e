/** One interleaved run of the pipeline's subjects. */
import { commitMs } from "./commit.ts";
import { processCpu } from "./cpu.ts";
import type { Platform } from "./platform.ts";
import { openSqlCounter, type SqlCounts } from "./sql-counts.ts";
import { openStage, type Stage } from "./stage.ts";
import { quantile } from "./statistics.ts";
import { openLine, openRawBullmq, openTextbook, type RawBullmq, type Subject, startPlatform } from "./subjects.ts";

export interface BenchOptions {
  /** Messages of one burst. */
  messages: number;
  threads: number;
  rounds: number;
  say: (words: string) => void;
}

/** Results of one burst; CPU in microseconds per message. */
export interface Burst {
  perSecond: number;
  cpuUs: { node: number; postgres: number; redis: number };
}

export interface Round {
  line: Burst;
  /** The product with one message per thread. */
  lineSingle: Burst;
  raw: Burst;
  textbook: Burst;
  commitMs: number;
  /** Latencies in milliseconds at a tenth of the rate of `lineSingle`. */
  low: { perSecond: number; ackMs: number; endToEndMs: number };
}

export interface BenchResult {
  versions: Stage["versions"];
  durability: string;
  messages: number;
  threads: number;
  rounds: Round[];
  counts: Record<"alone" | "burst" | "single", SqlCounts>;
}

const CONNECTIONS = 128;
const ALONE = 20;
const LOW_SHARE = 0.1;
const LOW_SECONDS = 1.5;
const LOW_MESSAGES = 20;
/** The product's Redis database; the other subjects use prefixes. */
const LINE_REDIS = 1;

export async function runBench(o: BenchOptions): Promise<BenchResult> {
  const stage = await openStage();
  const opened: AsyncDisposable[] = [stage];
  try {
    const commitUrl = await stage.database("one_commit");
    const subjects = await openSubjects(stage, opened);
    const bursts = burstsOf(subjects, { ...o, stage });
    o.say("warming up");
    for (const each of Object.values(bursts)) await each();
    const rounds: Round[] = [];
    for (let n = 1; n <= o.rounds; n++) {
      const rates = await oneRound(n, bursts);
      const low = await lowLoad(subjects, rates.lineSingle.perSecond * LOW_SHARE);
      rounds.push({ ...rates, commitMs: await commitMs(commitUrl), low });
      const figures = Object.entries(rates).map(([name, { perSecond }]) => `${name} ${Math.round(perSecond)}/s`);
      o.say(`round ${n} of ${o.rounds}: ${figures.join(", ")}`);
    }
    const { versions, durability } = stage;
    const { messages, threads } = o;
    const counts = await countSql(o);
    return { versions, durability, messages, threads, rounds, counts };
  } finally {
    for (const each of opened.toReversed()) await each[Symbol.asyncDispose]();
  }
}

interface Subjects {
  platform: Platform;
  line: Subject;
  textbook: Subject;
  raw: RawBullmq;
}

/** Opens all subjects for the whole run; each is closed through `opened`. */
async function openSubjects(stage: Stage, opened: AsyncDisposable[]): Promise<Subjects> {
  const kept = async <Value extends AsyncDisposable>(opening: Promise<Value>): Promise<Value> => {
    const value = await opening;
    opened.push(value);
    return value;
  };
  const platform = await kept(startPlatform());
  const databaseUrl = await stage.database("line");
  return {
    platform,
    raw: await kept(openRawBullmq(stage)),
    textbook: await kept(openTextbook(stage, await stage.database("textbook"), platform)),
    line: await kept(openLine({ stage, databaseUrl, platform, redisDatabase: LINE_REDIS })),
  };
}

type BurstName = "line" | "lineSingle" | "raw" | "textbook";
type Bursts = Readonly<Record<BurstName, () => Promise<Burst>>>;

function burstsOf({ platform, line, textbook, raw }: Subjects, o: BenchOptions & { stage: Stage }): Bursts {
  const posted = async (subject: Subject, threads: number): Promise<number> => {
    const { messages } = o;
    const posting = { messages, threads, connections: CONNECTIONS, perSecond: null };
    return (await platform.post({ target: subject.url, ...posting })).ms;
  };
  const measured = (subject: Subject, threads: number) => () =>
    burst({ pid: subject.pid, usesPostgres: true }, o, () => posted(subject, threads));
  return {
    line: measured(line, o.threads),
    lineSingle: measured(line, o.messages),
    raw: () => burst({ pid: raw.pid, usesPostgres: false }, o, () => raw.run(o.messages)),
    textbook: measured(textbook, o.threads),
  };
}

/** Counts SQL apart from the rounds, because counting slows the product down. */
async function countSql({ messages, threads }: BenchOptions): Promise<BenchResult["counts"]> {
  const counter = await openSqlCounter();
  try {
    return {
      alone: await counter.count({ messages: ALONE, threads: ALONE, connections: 1 }),
      burst: await counter.count({ messages, threads, connections: CONNECTIONS }),
      single: await counter.count({ messages, threads: messages, connections: CONNECTIONS }),
    };
  } finally {
    await counter[Symbol.asyncDispose]();
  }
}

/** Runs each subject once; every round starts with a different one. */
async function oneRound(n: number, bursts: Bursts): Promise<Record<BurstName, Burst>> {
  const names = Object.keys(bursts) as BurstName[];
  const order = names.map((_, at) => names[(at + n) % names.length] as BurstName);
  const round: Partial<Record<BurstName, Burst>> = {};
  for (const name of order) round[name] = await bursts[name]();
  return round as Record<BurstName, Burst>;
}

interface BurstSubject {
  pid: number;
  /** True when the subject uses PostgreSQL; otherwise its background work is not counted. */
  usesPostgres: boolean;
}

/** Runs one burst, which resolves to its milliseconds. */
async function burst(
  { pid, usesPostgres }: BurstSubject,
  { stage, messages }: { stage: Stage; messages: number },
  work: () => Promise<number>,
): Promise<Burst> {
  const before = { node: await processCpu(pid), ...(await stage.cpu()) };
  const ms = await work();
  const after = { node: await processCpu(pid), ...(await stage.cpu()) };
  const us = (name: keyof typeof before) => ((after[name] - before[name]) * 1e6) / messages;
  return {
    perSecond: (messages * 1_000) / ms,
    cpuUs: { node: us("node"), postgres: usesPostgres ? us("postgres") : 0, redis: us("redis") },
  };
}

/** Posts messages one by one, far apart, each in its own thread. */
async function lowLoad({ platform, line }: Subjects, perSecond: number): Promise<Round["low"]> {
  const messages = Math.max(LOW_MESSAGES, Math.round(perSecond * LOW_SECONDS));
  const posting = { messages, threads: messages, connections: CONNECTIONS, perSecond };
  const posted = await platform.post({ target: line.url, ...posting });
  return { perSecond, ackMs: quantile(posted.ackMs, 0.5), endToEndMs: quantile(posted.endToEndMs, 0.5) };
}
