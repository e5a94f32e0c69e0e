import { createPostgresBackend, Queue, Worker, type WorkerOptions } from "bullmq";
import { Redis } from "ioredis";
import pg from "pg";
import { QuietClient } from "../lib/quiet-client.ts";
import type { LaneName } from "./lanes.ts";

/** The backend that stores jobs. On a Redis cluster the prefix needs a hash tag: "{frontdesk}". */
export type LaneBackend =
  | { kind: "redis"; url: string; prefix: string }
  | { kind: "postgres"; connectionString: string; schema: string };

/** The part of a BullMQ queue that lanes use. */
export interface LaneQueue {
  addBulk(jobs: { name: string; data: unknown; opts: object }[]): Promise<unknown>;
  getJobCountByTypes(...types: ("waiting" | "prioritized")[]): Promise<number>;
  waitUntilReady(): Promise<unknown>;
  close(): Promise<void>;
}

/** The part of a BullMQ job that lanes use. */
export interface LaneJob {
  id?: string | undefined;
  data: unknown;
  timestamp: number;
  moveToCompleted(value: unknown, token: string, fetchNext: boolean): Promise<unknown>;
  moveToWait(token: string): Promise<unknown>;
}

/** The part of a BullMQ worker that lanes use: jobs are fetched by hand, when a job slot is free. */
export interface LaneWorker {
  getNextJob(token: string, o: { block: boolean }): Promise<LaneJob | undefined>;
  extendJobLocks(ids: string[], tokens: string[], durationMs: number): Promise<string[]>;
  startStalledCheckTimer(): Promise<void>;
  waitUntilReady(): Promise<unknown>;
  /** The connection on which it waits for jobs. */
  getBackend(): { disconnectBlocking(): Promise<void> };
  close(force: boolean): Promise<void>;
}

/** Makes BullMQ queues and workers over one backend. */
export interface QueueBackend {
  queue(lane: LaneName): LaneQueue;
  worker(lane: LaneName): LaneWorker;
  close(): Promise<void>;
}

/** A dead process's jobs are released after this. A live process renews its locks well within it. */
export const LOCK_MS = 10_000;
/** Interval at which one of the workers looks for such jobs. */
const STALLED_CHECK_MS = 3_000;
/** Seconds after which a waiting worker polls. A lost signal delays a job by this. */
const POLL_EVERY_S = 2;
/** A backend that hangs counts as down. */
const COMMAND_WITHIN_MS = 2_000;
const RECONNECT_WITHIN_MS = 1_000;
/** Not the store's pool, which would lose its `search_path` and a connection to LISTEN. */
const POOL_SIZE = 2;

/** BullMQ's own event stream is not read; its default is ten thousand entries per queue. */
const queueOptions = { streams: { events: { maxLen: 100 } } };
const workerOptions = {
  autorun: false,
  lockDuration: LOCK_MS,
  stalledInterval: STALLED_CHECK_MS,
  drainDelay: POLL_EVERY_S,
} satisfies Partial<WorkerOptions>;

/** Opens the backend. Connections are made in the background; every failure goes to `onError`. */
export function openBackend(backend: LaneBackend, events: BackendEvents): QueueBackend {
  switch (backend.kind) {
    case "redis":
      return redisBackend(backend, events);
    case "postgres":
      return postgresBackend(backend, events);
  }
}

interface BackendEvents {
  onError: (error: Error) => void;
  onReady: () => void;
}

const retryStrategy = (times: number) => Math.min(50 * times, RECONNECT_WITHIN_MS);

function redisBackend(
  { url, prefix }: { url: string; prefix: string },
  { onError: onTrouble, onReady }: BackendEvents,
): QueueBackend {
  // Producers fail at once, so that nothing piles up here; workers wait for as long as it takes.
  const producing = new Redis(url, {
    retryStrategy,
    enableOfflineQueue: false,
    maxRetriesPerRequest: 1,
    commandTimeout: COMMAND_WITHIN_MS,
  });
  const working = new Redis(url, { retryStrategy, maxRetriesPerRequest: null });
  for (const client of [producing, working]) client.on("error", onTrouble);
  producing.on("ready", onReady);
  return {
    queue: (lane) => withErrorListener(new Queue(lane, { ...queueOptions, connection: producing, prefix }), onTrouble),
    worker: (lane) =>
      withErrorListener(new Worker(lane, null, { ...workerOptions, connection: working, prefix }), onTrouble),
    async close() {
      producing.disconnect();
      working.disconnect();
    },
  };
}

function postgresBackend(
  { connectionString, schema }: { connectionString: string; schema: string },
  { onError: onTrouble }: BackendEvents,
): QueueBackend {
  // BullMQ makes its listening client itself, and handles its errors only once it is connected.
  // oxlint-disable-next-line import/no-named-as-default-member
  pg.Client = QuietClient;
  // BullMQ migrates its own schema under an advisory lock of its own.
  const connection = {
    connectionString,
    schema,
    max: POOL_SIZE,
    migrate: true,
    connectionTimeoutMillis: COMMAND_WITHIN_MS,
    keepAlive: true,
    Client: QuietClient,
  };
  return {
    queue: (lane) =>
      withErrorListener(new Queue(lane, { ...queueOptions, connection }, createPostgresBackend), onTrouble),
    worker: (lane) =>
      withErrorListener(new Worker(lane, null, { ...workerOptions, connection }, createPostgresBackend), onTrouble),
    async close() {},
  };
}

/** Adds an "error" listener: an emitter without one throws, and BullMQ writes to the console. */
function withErrorListener<Emitter extends { on(event: "error", listener: (error: Error) => void): unknown }>(
  emitter: Emitter,
  onTrouble: (error: Error) => void,
): Emitter {
  emitter.on("error", onTrouble);
  return emitter;
}
