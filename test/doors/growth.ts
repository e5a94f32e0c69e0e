import type { Shape } from "./shapes.ts";

/** Below this a run can't be told from noise, and holds nobody up. */
const FLOOR_MS = 60;
/** Four times the text: what takes time in proportion takes four times as long, what compares everything with everything 16. */
const TIMES = 4;
const MAX_RATIO = 9;
/** A ratio is believed when it was seen so often: another program's work may fall into one of the measurements. */
const TRIES = 4;
const RUNS = 3;

/** CPU milliseconds of this process. The clock on the wall goes on while others have the processor. */
function cost(run: () => unknown): number {
  const before = process.cpuUsage();
  run();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}

const best = (run: () => unknown): number => Math.min(...Array.from({ length: RUNS }, () => cost(run)));

/** Why a reader takes longer than in proportion to its text; null where it does not, or can't be measured. */
export function growth(run: (text: string) => unknown, shape: Shape, limit: number): string | null {
  const whole = shape.of(limit);
  if (cost(() => run(whole)) < FLOOR_MS) return null;
  const part = shape.of(Math.floor(limit / TIMES));
  for (let tries = 1; ; tries++) {
    const [short, long] = [best(() => run(part)), best(() => run(whole))];
    if (long < FLOOR_MS || long <= short * MAX_RATIO) return null;
    if (tries < TRIES) continue;
    return `${shape.name}: ${short.toFixed(1)} ms for a quarter, ${long.toFixed(1)} ms for all ${limit} characters`;
  }
}
