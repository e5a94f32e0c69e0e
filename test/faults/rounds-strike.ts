/** The faults of a round, one after the other while the customers write; what stands still does so beside the next ones. */
import { setTimeout as pause } from "node:timers/promises";
import { Client } from "pg";
import type { Random } from "../support/random.ts";
import type { World } from "./rounds-world.ts";

export type Fault = "web killed" | "worker killed" | "paused" | "redis" | "postgres" | "connections" | "transaction";

export interface Strike {
  fault: Fault;
  from: number;
  until: number;
}

interface Striking {
  faults?: readonly Fault[];
  longestPauseMs: number;
}

/** Those of which a round without given faults draws; what is likelier stands there more than once. */
const FAULTS: readonly Fault[] = [
  "paused",
  "paused",
  "paused",
  "worker killed",
  "worker killed",
  "web killed",
  "redis",
  "postgres",
  "connections",
  "transaction",
];
const DRAWN = 5;
const SHORTEST_PAUSE_MS = 1_000;

/** Resolves when everything goes on again. */
export async function strike(world: World, random: Random, { faults, longestPauseMs }: Striking): Promise<Strike[]> {
  const struck: Promise<Strike>[] = [];
  for (const fault of faults === undefined ? random.shuffled(FAULTS).slice(0, DRAWN) : random.shuffled(faults)) {
    await pause(random.between(100, 700));
    const chance = {
      worker: random.between(1, world.processes.length),
      any: random.between(0, world.processes.length),
      forMs: random.between(SHORTEST_PAUSE_MS, longestPauseMs + 1),
    };
    const from = Date.now();
    const { end } = await begin(world, fault, chance);
    struck.push(end.then(() => ({ fault, from, until: Date.now() })));
  }
  return Promise.all(struck);
}

interface Chance {
  /** Place of a worker, and of any process. */
  worker: number;
  any: number;
  forMs: number;
}

/** Resolves when the next fault may follow, with the end of this one. */
async function begin(world: World, fault: Fault, { worker, any, forMs }: Chance): Promise<{ end: Promise<unknown> }> {
  const { processes, redis, postgres } = world;
  const over = Promise.resolve();
  switch (fault) {
    case "paused": {
      const frozen = processes[any];
      frozen?.freeze();
      return { end: pause(forMs).then(() => frozen?.thaw()) };
    }
    case "worker killed":
      // The other worker continues alone meanwhile.
      await world.replace(worker);
      return { end: over };
    case "web killed":
      await world.replace(0);
      return { end: over };
    case "redis":
      await redis.flush();
      return { end: over };
    case "postgres":
      await postgres.kill();
      await postgres.restart();
      return { end: over };
    case "connections":
      await postgres.disconnectClients();
      return { end: over };
    case "transaction":
      return { end: holdTransaction(postgres.url, forMs) };
  }
}

/** Holds a transaction with a snapshot open, unless Postgres ends it before. */
async function holdTransaction(url: string, forMs: number): Promise<void> {
  const client = new Client({ connectionString: url });
  client.on("error", () => {});
  try {
    await client.connect();
    await client.query("begin isolation level repeatable read");
    // An id of its own keeps Postgres from cleaning up behind it.
    await client.query("select pg_current_xact_id(), count(*) from outbox");
    await pause(forMs);
    await client.query("commit");
  } catch {
    // Another fault ended it.
  } finally {
    await client.end().catch(() => {});
  }
}
