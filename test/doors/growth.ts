import { cpuMs } from "../support/cpu-time.ts";
import type { Shape } from "./shapes.ts";

/** A shorter run can't be told from noise, and is harmless. */
const FLOOR_MS = 60;
/** Ratio for four times the text: linear readers take four times as long, quadratic ones 16 times. */
const TIMES = 4;
const MAX_RATIO = 9;
/** Number of measurements that must confirm a ratio, because other programs may disturb one. */
const TRIES = 4;
const RUNS = 3;

const best = (run: () => unknown): number => Math.min(...Array.from({ length: RUNS }, () => cpuMs(run)));

/** Returns the evidence that a reader is slower than linear; null if it is not, or can't be measured. */
export function growth(run: (text: string) => unknown, shape: Shape, limit: number): string | null {
  const whole = shape.of(limit);
  if (cpuMs(() => run(whole)) < FLOOR_MS) return null;
  const part = shape.of(Math.floor(limit / TIMES));
  for (let tries = 1; ; tries++) {
    const [short, long] = [best(() => run(part)), best(() => run(whole))];
    if (long < FLOOR_MS || long <= short * MAX_RATIO) return null;
    if (tries < TRIES) continue;
    return `${shape.name}: ${short.toFixed(1)} ms for a quarter, ${long.toFixed(1)} ms for all ${limit} characters`;
  }
}
