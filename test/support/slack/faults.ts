/** Faults that a test orders for a method, or for every method ("*"). */
import type { Fault, FaultOptions } from "./types.ts";
import type { World } from "./world.ts";

/** The next call of `method` (and as many more as `times` says) fails so; orders of one method follow one another. */
export function order(world: World, method: string, o: FaultOptions): void {
  world.faults.set(method, [...(world.faults.get(method) ?? []), { ...o, left: o.times ?? 1 }]);
}

/** The fault that this call gets, used up; a method's own before that of "*". */
export function takeFault(world: World, method: string): Fault | undefined {
  for (const key of [method, "*"]) {
    const [first] = world.faults.get(key) ?? [];
    if (first === undefined) continue;
    if (--first.left <= 0) world.faults.get(key)?.shift();
    return first;
  }
  return undefined;
}
