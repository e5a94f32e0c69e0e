/** The recorded bodies of an adapter, and the expected items of each. */
import { readdirSync, readFileSync } from "node:fs";
import type { Inbound, RawInbound } from "../../src/adapter/inbound.ts";
import type { ChannelSubject } from "./subject.ts";

const GOLDEN = ".inbound.json";
const RECEIVED_AT = new Date("2026-01-01T00:00:00Z");

export interface Sample {
  name: string;
  body: Uint8Array;
  /** As JSON: dates are ISO strings. */
  expected: unknown;
}

/** Reads the samples. Throws if a body has no expectation, or an expectation no body. */
export function samplesOf({ samples }: ChannelSubject): Sample[] {
  const files = readdirSync(samples).sort();
  const bodies = files.filter((file) => !file.endsWith(GOLDEN));
  const stems = bodies.map(stem);
  const lonely = files.find((file) => file.endsWith(GOLDEN) && !stems.includes(file.slice(0, -GOLDEN.length)));
  if (lonely !== undefined) throw new Error(`${lonely} has no recorded body`);
  return bodies.map((file) => {
    const expected: unknown = JSON.parse(readFileSync(new URL(stem(file) + GOLDEN, samples), "utf8"));
    return { name: file, body: readFileSync(new URL(file, samples)), expected };
  });
}

export function parsed(subject: ChannelSubject, body: Uint8Array): Inbound[] {
  const { adapter, config, contentType } = subject;
  const raw: RawInbound = { body, contentType, receivedAt: RECEIVED_AT };
  return adapter.parse(raw, adapter.config.parse(config));
}

/** Converts a value as storing it does: without undefined keys, dates as text. */
export const asJson = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

const stem = (file: string): string => file.replace(/\.[^.]+$/, "");
