import { Duration, UnsignedInt } from "@marcbachmann/cel-js/evaluator";

/** Converts a value of CEL to plain JSON: whole numbers to numbers, times to ISO text, durations to seconds. */
export function jsonOf(value: unknown): unknown {
  if (typeof value === "bigint") return Number(value);
  // JSON has no value for a division by zero.
  if (typeof value === "number") return Number.isFinite(value) ? value : undefined;
  if (value === null || typeof value !== "object") return typeof value === "function" ? undefined : value;
  if (value instanceof UnsignedInt) return Number(value.valueOf());
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? undefined : value.toISOString();
  if (value instanceof Duration) return Number(value.seconds) + value.nanos / 1e9;
  if (Array.isArray(value)) return value.map(jsonOf);
  if (value instanceof Set) return [...value].map(jsonOf);
  const entries = value instanceof Map ? [...value] : Object.entries(value);
  return Object.fromEntries(entries.map(([key, item]) => [String(key), jsonOf(item)]));
}
