/**
 * The gate of each endpoint: a bounded number of requests at once, none while it is down, and none before the time that it
 * named when it was asked too often; and what was learnt of its dialect. Each worker keeps its own in memory.
 */
import { type Breaker, createBreaker } from "../lib/breaker.ts";
import { createSlots, type Slots } from "../lib/slots.ts";
import { type LearntDialect, startDialect } from "./dialect.ts";
import type { Endpoint } from "./endpoint.ts";

/**
 * Our choice: as many as one worker's asks of models (`concurrency` in turn/core/ask.ts), so that nobody waits in line while a
 * server is slow: with 32 slots and answers after ten seconds, the last of 500 conversations would be out of time before its
 * request left. A request holds a connection and its body, some 100 kB; how often a server is asked, its rests decide.
 */
const SLOTS = 512;
/** A server that wants a longer rest is asked again after this all the same. */
const LONGEST_REST_MS = 10 * 60_000;

export interface Gate {
  slots: Slots;
  dialect: LearntDialect;
  /** True when a request may leave now; see Breaker. */
  admits(nowMs: number): boolean;
  /** True while `admits` would say no; changes nothing. */
  pauses(nowMs: number): boolean;
  /** Time until which the server wants to be left alone, in ms from now; 0: none. */
  restsMs(nowMs: number): number;
  rest(forMs: number, nowMs: number): void;
  record(answered: boolean, nowMs: number): void;
}

/** Returns the gate of an endpoint. */
export function createGates(): (endpoint: Endpoint) => Gate {
  const breaker = createBreaker();
  const gates = new Map<string, Gate>();
  return (endpoint) => {
    const gate = gates.get(endpoint.id) ?? createGate(endpoint, breaker);
    gates.set(endpoint.id, gate);
    return gate;
  };
}

function createGate({ id, baseUrl }: Endpoint, breaker: Breaker): Gate {
  let restUntilMs = 0;
  return {
    slots: createSlots(SLOTS),
    dialect: startDialect(baseUrl),
    admits: (nowMs) => breaker.admits(id, nowMs),
    pauses: (nowMs) => breaker.pauses(id, nowMs),
    restsMs: (nowMs) => Math.max(0, restUntilMs - nowMs),
    rest(forMs, nowMs) {
      restUntilMs = Math.max(restUntilMs, nowMs + Math.min(forMs, LONGEST_REST_MS));
    },
    record: (answered, nowMs) => breaker.record(id, answered, nowMs),
  };
}
