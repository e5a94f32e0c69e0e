const UNIT_MS = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** Our own: longer is a slip of the pen, and a year still fits every clock we hand it to. */
const MAX_DURATION_MS = 366 * UNIT_MS.d;

/** How a duration is written, for messages. */
export const DURATION_EXAMPLES = "30s, 10m, 4h or 2d";

/** `30s`, `10m`, `4h`, `2d`, `500ms` in milliseconds; null for anything else, zero and more than a year included. */
export function durationMs(text: string): number | null {
  const match = /^(\d{1,9})(ms|s|m|h|d)$/.exec(text.trim());
  if (match === null) return null;
  const ms = Number(match[1]) * UNIT_MS[match[2] as keyof typeof UNIT_MS];
  return ms > 0 && ms <= MAX_DURATION_MS ? ms : null;
}
