/** Formats the pipeline's result as a table. */
import { cpus } from "node:os";
import { totalCpuUs } from "./goals.ts";
import type { BenchResult, Burst, Round } from "./run.ts";
import type { SqlCounts } from "./sql-counts.ts";
import { type Spread, spread } from "./statistics.ts";

type BurstName = { [Key in keyof Round]: Round[Key] extends Burst ? Key : never }[keyof Round];

/** Names of the subjects in the table; the first is the product. */
const SUBJECTS: Readonly<Record<BurstName, (o: BenchResult) => string>> = {
  line: ({ messages, threads }) => `Frontdesk, ${Math.round(messages / threads)} messages a thread`,
  lineSingle: () => "Frontdesk, one message a thread",
  raw: () => "raw BullMQ, add + process",
  textbook: ({ messages, threads }) => `textbook, ${Math.round(messages / threads)} messages a thread`,
};

export function pipelineLines(result: BenchResult): string[] {
  return [...machine(result), "", ...bursts(result), "", ...lowLoad(result), "", ...sqlLines(result)];
}

function machine({ versions, durability, rounds, messages, threads }: BenchResult): string[] {
  const [cpu] = cpus();
  return [
    `${cpu?.model.trim() ?? "unknown CPU"}, ${cpus().length} cores`,
    `Node ${process.version}, PostgreSQL ${versions.postgres} (${durability}), Redis ${versions.redis}, BullMQ ${versions.bullmq}`,
    `${rounds.length} interleaved rounds of bursts of ${messages} messages over ${threads} threads (or one thread each)`,
  ];
}

function bursts(result: BenchResult): string[] {
  const { rounds } = result;
  const raw = rounds.map((round) => round.raw.perSecond);
  const rows = (Object.keys(SUBJECTS) as BurstName[]).map((name) => {
    const rates = rounds.map((round) => round[name].perSecond);
    const cpu = (part: keyof Burst["cpuUs"]) => spread(rounds.map((round) => round[name].cpuUs[part])).median;
    const ratio = spread(rates.map((rate, at) => rate / (raw[at] ?? Number.NaN)));
    const parts = (["node", "postgres", "redis"] as const).map((part) => cpu(part).toFixed(0).padStart(5));
    const total = spread(rounds.map((round) => totalCpuUs(round[name]))).median.toFixed(0);
    return `${SUBJECTS[name](result).padEnd(36)}${range(spread(rates), 0).padStart(24)}${ratio.median.toFixed(3).padStart(9)}   ${parts.join("")}${total.padStart(7)}`;
  });
  return [
    `${"burst, POST to delivered".padEnd(36)}${"messages/s min–median–max".padStart(24)}${"of raw".padStart(9)}   CPU µs a message: node, PostgreSQL, Redis, all`,
    ...rows,
  ];
}

function lowLoad({ rounds }: BenchResult): string[] {
  const of = (value: (round: Round) => number) => range(spread(rounds.map(value)), 2);
  return [
    `one commit, p50            ${of((round) => round.commitMs)} ms`,
    `at 10 % load, acknowledged ${of((round) => round.low.ackMs)} ms (p50)`,
    `at 10 % load, end to end   ${of((round) => round.low.endToEndMs)} ms (p50)`,
  ];
}

function sqlLines({ counts: { alone, burst, single } }: BenchResult): string[] {
  return [
    "SQL a message, counted on the wire; commits are transactions that wrote",
    row("  alone", alone),
    row("  in a burst, several a thread", burst),
    row("  in a burst, one a thread", single),
  ];
}

const row = (name: string, { roundTrips, commits }: SqlCounts): string =>
  `${name.padEnd(36)}${roundTrips.toFixed(2).padStart(8)} round trips${commits.toFixed(2).padStart(8)} commits`;

export const range = ({ min, median, max }: Spread, digits: number): string =>
  [min, median, max].map((value) => value.toFixed(digits)).join("–");
