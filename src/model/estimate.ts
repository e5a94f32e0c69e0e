/** Estimates what a request uses before it leaves, and computes what it has cost. */
import type { ModelUsage } from "../domain/model.ts";
import type { ModelPrice } from "../domain/model-settings.ts";

/**
 * Our choice of UTF-8 bytes per token, on the safe side: English text has about four, and JSON somewhat fewer
 * (https://help.openai.com/en/articles/4936856).
 */
const BYTES_PER_TOKEN = 3;
const MILLION = 1_000_000;

/** The most that a request is expected to use. */
export function estimateUsage(body: unknown, maxOutputTokens: number): ModelUsage {
  const bytes = Buffer.byteLength(JSON.stringify(body));
  return { input: Math.ceil(bytes / BYTES_PER_TOKEN), cached: 0, output: maxOutputTokens };
}

/** US dollars; null where the price is unknown. */
export function costOf(price: ModelPrice | null, { input, cached, output }: ModelUsage): number | null {
  if (price === null) return null;
  return ((input - cached) * price.input + cached * price.cached + output * price.output) / MILLION;
}
