/**
 * Rate at which a starting worker drains messages that were stored while none ran, beside the rate of the same two
 * processes in bursts afterwards, in which the storing has to share the machine.
 */
import type { Measured, Sizes } from "./measurement.ts";
import type { Platform } from "./platform.ts";
import { burstRate, CONNECTIONS } from "./rate.ts";
import { range } from "./report.ts";
import { openStage } from "./stage.ts";
import { spread } from "./statistics.ts";
import { openLine, startPlatform } from "./subjects.ts";

interface Drain {
  backlog: number;
  /** From the start of the worker's process to its first answer. */
  firstAnswerMs: number;
  /** From there until all are answered. */
  drainedMs: number;
  twice: number;
  /** Messages a second. */
  drainRate: number;
  steadyRates: number[];
}

export async function measureDrain({ backlog, messages, rounds, say }: Sizes): Promise<Measured> {
  await using stage = await openStage();
  await using platform = await startPlatform();
  const shared = { stage, databaseUrl: await stage.database("drain"), platform, redisDatabase: 1 };
  await using web = await openLine({ ...shared, role: "web" });
  await store(platform, web.url, backlog);
  say(`${backlog} messages are stored; a worker starts`);
  const startedAt = performance.timeOrigin + performance.now();
  await using _worker = await openLine({ ...shared, role: "worker" });
  const { taken, firstAt, lastAt } = await platform.delivered(backlog);
  const steadyRates: number[] = [];
  for (let n = 1; n <= rounds; n++) steadyRates.push(await burstRate(platform, web, messages));
  const drainedMs = lastAt - firstAt;
  const drainRate = (backlog * 1_000) / drainedMs;
  const figures = {
    backlog,
    firstAnswerMs: firstAt - startedAt,
    drainedMs,
    twice: taken - backlog,
    drainRate,
    steadyRates,
  };
  return { figures, lines: linesOf(figures), goals: [] };
}

async function store(platform: Platform, target: string, messages: number): Promise<void> {
  const posting = { messages, threads: messages, connections: CONNECTIONS, perSecond: null };
  await platform.post({ target, ...posting, until: "acknowledged" });
}

function linesOf({ backlog, firstAnswerMs, drainedMs, twice, drainRate, steadyRates }: Drain): string[] {
  const steady = spread(steadyRates);
  return [
    `${backlog} messages stored, one a thread; then a worker starts`,
    `first answer after           ${Math.round(firstAnswerMs)} ms`,
    `all answered                 ${Math.round(drainedMs)} ms later, ${twice} of them twice`,
    `drained                      ${Math.round(drainRate)} messages/s`,
    `bursts with the same worker  ${range(steady, 0)} messages/s (min–median–max)`,
    `drained, of the burst's rate ${(drainRate / steady.median).toFixed(2)}`,
  ];
}
