/** Faults that a test sets for a method, or for every method ("*"). */
import type { Fault, FaultOptions } from "./types.ts";
import type { World } from "./world.ts";

/** Makes the next `times` calls of `method` fail; faults of one method are queued. */
export function addFault(world: World, method: string, o: FaultOptions): void {
  world.faults.set(method, [...(world.faults.get(method) ?? []), { ...o, left: o.times ?? 1 }]);
}

/** Takes the fault for a call; a method's own before that of "*". */
export function takeFault(world: World, method: string): Fault | undefined {
  for (const key of [method, "*"]) {
    const [first] = world.faults.get(key) ?? [];
    if (first === undefined) continue;
    if (--first.left <= 0) world.faults.get(key)?.shift();
    return first;
  }
  return undefined;
}
