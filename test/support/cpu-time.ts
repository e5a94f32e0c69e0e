/** Returns the CPU milliseconds of this process that it takes; wall-clock time would include other processes. */
export function cpuMs(run: () => unknown): number {
  const before = process.cpuUsage();
  run();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}
