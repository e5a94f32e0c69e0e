/**
 * Throughput beside transactions that stay open: one that wrote, and four readers with a snapshot of the beginning. They
 * keep PostgreSQL from removing dead rows and index entries, which the product makes with every message. Bursts alternate
 * between that database and another one of the same server, which nothing holds open.
 */
import { Client } from "pg";
import type { Measured, Sizes } from "./measurement.ts";
import { burstRate } from "./rate.ts";
import { range } from "./report.ts";
import { openStage } from "./stage.ts";
import { spread } from "./statistics.ts";
import { openLine, startPlatform } from "./subjects.ts";

const READERS = 4;
/** Share of the time at whose end the held transactions have held the most. */
const LAST = 1 / 3;

/** Messages a second in bursts that follow each other. */
interface Pair {
  /** Seconds since the transactions were opened. */
  atSeconds: number;
  held: number;
  clean: number;
}

export async function measureOpenSnapshots({ messages, heldSeconds, say }: Sizes): Promise<Measured> {
  await using stage = await openStage();
  await using platform = await startPlatform();
  const heldUrl = await stage.database("held");
  const cleanUrl = await stage.database("clean");
  await using held = await openLine({ stage, databaseUrl: heldUrl, platform, redisDatabase: 1 });
  await using clean = await openLine({ stage, databaseUrl: cleanUrl, platform, redisDatabase: 2 });
  for (const line of [held, clean]) await burstRate(platform, line, messages);
  await using _open = await holdOpen(heldUrl);
  const openedAt = performance.now();
  const seconds = () => (performance.now() - openedAt) / 1_000;
  const pairs: Pair[] = [];
  do {
    const order = pairs.length % 2 === 0 ? (["held", "clean"] as const) : (["clean", "held"] as const);
    const pair = { atSeconds: seconds(), held: 0, clean: 0 };
    for (const name of order) pair[name] = await burstRate(platform, name === "held" ? held : clean, messages);
    pairs.push(pair);
    say(`${Math.round(seconds())} s: held ${Math.round(pair.held)}/s, clean ${Math.round(pair.clean)}/s`);
  } while (seconds() < heldSeconds);
  const end = seconds();
  const last = pairs.filter(({ atSeconds }, n) => atSeconds >= end * (1 - LAST) || n === pairs.length - 1);
  return { figures: { heldSeconds: end, messages, pairs }, lines: linesOf({ pairs, last, end }), goals: [] };
}

/** Opens the transactions; disposal ends them. */
async function holdOpen(databaseUrl: string): Promise<AsyncDisposable> {
  const clients = Array.from({ length: READERS + 1 }, () => new Client({ connectionString: databaseUrl }));
  for (const client of clients) await client.connect();
  const [writer, ...readers] = clients;
  await writer?.query("begin; create table held_open (id int); insert into held_open values (1)");
  for (const reader of readers) {
    await reader.query("begin isolation level repeatable read read only");
    await reader.query("select count(*) from message");
  }
  return {
    async [Symbol.asyncDispose]() {
      for (const client of clients) await client.end();
    },
  };
}

function linesOf({ pairs, last, end }: { pairs: readonly Pair[]; last: readonly Pair[]; end: number }): string[] {
  const row = (words: string, some: readonly Pair[]) => {
    const of = (value: (pair: Pair) => number, digits: number) => range(spread(some.map(value)), digits);
    const rates = `${of(({ held }) => held, 0).padStart(20)}${of(({ clean }) => clean, 0).padStart(20)}`;
    return `${words.padEnd(14)}${rates}${of((pair) => pair.held / pair.clean, 2).padStart(20)}`;
  };
  return [
    `one transaction that wrote and ${READERS} snapshots held open for ${Math.round(end)} s; ${pairs.length} pairs of bursts`,
    `${"messages/s".padEnd(14)}${"held".padStart(20)}${"clean".padStart(20)}${"held of clean".padStart(20)}   (min–median–max)`,
    row("whole", pairs),
    row("last third", last),
  ];
}
