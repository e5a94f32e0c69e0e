/** Runs the measurements that are named on the command line, by default all; see README.md. */
import { loadavg } from "node:os";
import { parseArgs } from "node:util";
import { build } from "./build.ts";
import type { Goal } from "./goal.ts";
import type { Measured, Sizes } from "./measurement.ts";
import { isMeasurement, MEASUREMENTS, type MeasurementName } from "./measurements.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    messages: { type: "string", default: "4000" },
    threads: { type: "string", default: "400" },
    rounds: { type: "string", default: "5" },
    json: { type: "boolean", default: false },
  },
});

const sizes: Sizes = {
  messages: Number(values.messages),
  threads: Number(values.threads),
  rounds: Number(values.rounds),
  stored: variable("BENCH_MESSAGES", 1_000_000),
  backlog: variable("BENCH_BACKLOG", 20_000),
  heldSeconds: variable("BENCH_HELD_SECONDS", 120),
  waiting: variable("BENCH_WAITING", 100_000),
  exchanged: variable("BENCH_EXCHANGED", 2_000),
  modelWaiting: variable("BENCH_MODEL_WAITING", 500),
  repeats: variable("BENCH_REPEATS", 200),
  say: (words) => process.stderr.write(`${words}\n`),
};

const names = chosen(positionals);
await build();
const results: Record<string, unknown> = {};
for (const name of names) {
  const before = loadavg();
  try {
    const measured = await MEASUREMENTS[name](sizes);
    const load = { before, after: loadavg() };
    results[name] = { load, goals: measured.goals, figures: measured.figures };
    if (!values.json) process.stdout.write(section(name, measured, load));
  } catch (error) {
    // The others are still worth their figures.
    process.exitCode = 1;
    process.stderr.write(`${name} broke: ${error instanceof Error ? error.stack : String(error)}\n`);
  }
}
if (values.json) process.stdout.write(`${JSON.stringify(results, null, 2)}\n`);

function variable(name: string, otherwise: number): number {
  const value = Number(process.env[name] ?? otherwise);
  if (!(value > 0)) throw new Error(`${name} is not a number above 0`);
  return value;
}

function chosen(given: readonly string[]): MeasurementName[] {
  const known = Object.keys(MEASUREMENTS) as MeasurementName[];
  const unknown = given.filter((name) => !isMeasurement(name));
  if (unknown.length > 0) throw new Error(`There is no ${unknown.join(", ")}; choose from ${known.join(", ")}.`);
  return given.length === 0 ? known : given.filter(isMeasurement);
}

function section(name: string, { lines, goals }: Measured, load: { before: number[]; after: number[] }): string {
  const head = `${name}; load before ${words(load.before)}, after ${words(load.after)}`;
  return `${[head, "", ...lines, "", ...goals.map(verdict)].join("\n").trimEnd()}\n\n\n`;
}

function words(average: readonly number[]): string {
  return average.map((value) => value.toFixed(2)).join(" ");
}

function verdict({ name, goal, reached, met }: Goal): string {
  return `${name}  ${met ? "met    " : "NOT met"}  ${reached.padEnd(10)} ${goal}`;
}
