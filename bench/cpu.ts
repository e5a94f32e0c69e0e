/** CPU time of processes, from Linux's /proc (proc(5)): user and system, threads included. */
import { readdir, readFile } from "node:fs/promises";

/** Ticks per second of /proc: 100 on every Linux that Node supports (sysconf(_SC_CLK_TCK)). */
const TICKS_PER_SECOND = 100;

interface Stat {
  parent: number;
  /** CPU time of the process itself. */
  own: number;
  /** CPU time of its children that have ended and were reaped. */
  ended: number;
}

/** Returns the CPU seconds of a process, without its children. */
export async function processCpu(pid: number): Promise<number> {
  return (await statOf(pid))?.own ?? 0;
}

/** Returns the CPU seconds of a process and all its children, also ended ones: PostgreSQL and its backends. */
export async function familyCpu(pid: number): Promise<number> {
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name)).map(Number);
  const stats = await Promise.all(pids.map(statOf));
  const children = stats.filter((stat) => stat?.parent === pid);
  const head = await statOf(pid);
  return (head?.own ?? 0) + (head?.ended ?? 0) + children.reduce((sum, stat) => sum + (stat?.own ?? 0), 0);
}

export async function parentOf(pid: number): Promise<number> {
  return (await statOf(pid))?.parent ?? 0;
}

async function statOf(pid: number): Promise<Stat | null> {
  const text = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => null);
  if (text === null) return null;
  // The name is in parentheses and may contain anything; the third field follows it.
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
  const field = (number: number) => Number(fields[number - 3] ?? 0);
  return {
    parent: field(4),
    own: (field(14) + field(15)) / TICKS_PER_SECOND,
    ended: (field(16) + field(17)) / TICKS_PER_SECOND,
  };
}
