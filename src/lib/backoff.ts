/** Milliseconds to wait before retry number `attempt` (1 = the first): doubles from `baseMs`, at most `maxMs`. */
export function backoffMs(attempt: number, { baseMs = 1_000, maxMs = 300_000 } = {}): number {
  return Math.min(maxMs, baseMs * 2 ** Math.min(30, Math.max(0, attempt - 1)));
}
