/** One interleaved run. */
import { loadavg } from "node:os";
import { commitMs } from "./commit.ts";
import { processCpu } from "./cpu.ts";
import type { Platform } from "./platform.ts";
import { openSqlCounter, type SqlCounts } from "./sql-counts.ts";
import { openStage, type Stage } from "./stage.ts";
import { quantile } from "./statistics.ts";
import { openLine, openRawBullmq, openTextbook, type Subject, startPlatform } from "./subjects.ts";

export interface BenchOptions {
  /** In one burst. */
  messages: number;
  threads: number;
  rounds: number;
  say: (words: string) => void;
}

/** What one burst took; CPU in microseconds a message. */
export interface Burst {
  perSecond: number;
  cpuUs: { node: number; postgres: number; redis: number };
}

export interface Round {
  line: Burst;
  /** The product, each message in a thread of its own. */
  lineSingle: Burst;
  raw: Burst;
  textbook: Burst;
  commitMs: number;
  /** At a tenth of the rate that `lineSingle` reached, milliseconds. */
  low: { perSecond: number; ackMs: number; endToEndMs: number };
}

export interface BenchResult {
  machine: { before: number[]; after: number[] };
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

export async function runBench(o: BenchOptions): Promise<BenchResult> {
  const before = loadavg();
  const stage = await openStage();
  const closers: AsyncDisposable[] = [stage];
  const kept = async <Value extends AsyncDisposable>(opening: Promise<Value>): Promise<Value> => {
    const value = await opening;
    closers.push(value);
    return value;
  };
  try {
    const databases = {
      line: await stage.database("line"),
      textbook: await stage.database("textbook"),
      commit: await stage.database("one_commit"),
    };
    const platform = await kept(startPlatform());
    const raw = await kept(openRawBullmq(stage));
    const textbook = await kept(openTextbook(stage, databases.textbook, platform));
    const line = await kept(openLine({ stage, databaseUrl: databases.line, platform, redisDatabase: 1 }));
    const bursts = {
      line: () => burst(stage, { ...line, usesPostgres: true }, () => posted(platform, line, o)),
      lineSingle: () =>
        burst(stage, { ...line, usesPostgres: true }, () => posted(platform, line, { ...o, threads: o.messages })),
      raw: () =>
        burst(stage, { ...raw, usesPostgres: false }, async () => ({
          messages: o.messages,
          ms: await raw.run(o.messages),
        })),
      textbook: () => burst(stage, { ...textbook, usesPostgres: true }, () => posted(platform, textbook, o)),
    };
    o.say("warming up");
    for (const each of Object.values(bursts)) await each();
    const rounds: Round[] = [];
    for (let n = 0; n < o.rounds; n++) {
      const round = await oneRound(n, bursts);
      const low = await lowLoad(platform, line, round.lineSingle.perSecond * LOW_SHARE);
      rounds.push({ ...round, commitMs: await commitMs(databases.commit), low });
      o.say(
        `round ${n + 1} of ${o.rounds}: ${Object.entries(round)
          .map(([name, { perSecond }]) => `${name} ${Math.round(perSecond)}/s`)
          .join(", ")}`,
      );
    }
    return {
      machine: { before, after: loadavg() },
      versions: stage.versions,
      durability: stage.durability,
      messages: o.messages,
      threads: o.threads,
      rounds,
      counts: await counted(o),
    };
  } finally {
    for (const closer of closers.toReversed()) await closer[Symbol.asyncDispose]();
  }
}

/** Apart from the rounds: what counts slows it down. */
async function counted({ messages, threads }: BenchOptions): Promise<BenchResult["counts"]> {
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

type Bursts = Record<"line" | "lineSingle" | "raw" | "textbook", () => Promise<Burst>>;

/** Each subject once; every round begins with another one. */
async function oneRound(n: number, bursts: Bursts): Promise<Record<keyof Bursts, Burst>> {
  const names = Object.keys(bursts) as (keyof Bursts)[];
  const order = names.map((_, at) => names[(at + n) % names.length] as keyof Bursts);
  const round: Partial<Record<keyof Bursts, Burst>> = {};
  for (const name of order) round[name] = await bursts[name]();
  return round as Record<keyof Bursts, Burst>;
}

async function posted(platform: Platform, subject: Subject, o: { messages: number; threads: number }) {
  const { messages, threads } = o;
  const { ms } = await platform.post({
    target: subject.url,
    messages,
    threads,
    connections: CONNECTIONS,
    perSecond: null,
  });
  return { messages, ms };
}

interface BurstSubject {
  pid: number;
  /** Whether PostgreSQL works for it; what it does for itself meanwhile is not this subject's. */
  usesPostgres: boolean;
}

async function burst(
  stage: Stage,
  { pid, usesPostgres }: BurstSubject,
  work: () => Promise<{ messages: number; ms: number }>,
): Promise<Burst> {
  const before = { node: await processCpu(pid), ...(await stage.cpu()) };
  const { messages, ms } = await work();
  const after = { node: await processCpu(pid), ...(await stage.cpu()) };
  const us = (name: keyof typeof before) => ((after[name] - before[name]) * 1e6) / messages;
  return {
    perSecond: (messages * 1_000) / ms,
    cpuUs: { node: us("node"), postgres: usesPostgres ? us("postgres") : 0, redis: us("redis") },
  };
}

async function lowLoad(platform: Platform, line: Subject, perSecond: number): Promise<Round["low"]> {
  const messages = Math.max(20, Math.round(perSecond * LOW_SECONDS));
  const posted = await platform.post({
    target: line.url,
    messages,
    threads: messages,
    connections: CONNECTIONS,
    perSecond,
  });
  return { perSecond, ackMs: quantile(posted.ackMs, 0.5), endToEndMs: quantile(posted.endToEndMs, 0.5) };
}
