import { expect, it } from "vitest";
import { retryAfterMs } from "../../src/model/fault.ts";

const NOW = new Date("2026-11-29T12:00:00Z");

it.each<[headers: Record<string, string>, ms: number | null]>([
  [{}, null],
  [{ "retry-after": "2" }, 2_000],
  [{ "retry-after": "0.5" }, 500],
  [{ "retry-after": "0" }, 0],
  [{ "retry-after": "Sun, 29 Nov 2026 12:00:20 GMT" }, 20_000],
  [{ "retry-after": "Sun, 29 Nov 2026 11:00:00 GMT" }, null],
  [{ "retry-after": "soon" }, null],
  [{ "retry-after": "-3" }, null],
  [{ "retry-after-ms": "120", "retry-after": "7" }, 120],
  [{ "retry-after-ms": "x", "retry-after": "7" }, 7_000],
])("%j asks for a wait of %s ms", (headers, ms) => {
  expect(retryAfterMs(new Headers(headers), NOW)).toBe(ms);
});
