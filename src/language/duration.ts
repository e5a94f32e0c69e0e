const UNIT_MS = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** Our own limit: a longer duration is most likely a typing mistake, and timers can hold a year. */
const MAX_DURATION_MS = 366 * UNIT_MS.d;

/** Examples of durations, for messages. */
export const DURATION_EXAMPLES = "30s, 10m, 4h or 2d";

/** Parses `30s`, `10m`, `4h`, `2d` or `500ms` to milliseconds; null for other texts, zero and more than a year. */
export function durationMs(text: string): number | null {
  const match = /^(\d{1,9})(ms|s|m|h|d)$/.exec(text.trim());
  if (match === null) return null;
  const ms = Number(match[1]) * UNIT_MS[match[2] as keyof typeof UNIT_MS];
  return ms > 0 && ms <= MAX_DURATION_MS ? ms : null;
}
