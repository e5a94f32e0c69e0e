/** The processes that the rounds of faults strike: a web process and two workers, on a Postgres and a Redis of their own. */
import { setTimeout as pause } from "node:timers/promises";
import { freePort } from "../../src/store/embedded/cluster.ts";
import { settingsWith, type TestDesk } from "../support/desk.ts";
import type { OwnPostgres } from "../support/own-postgres.ts";
import type { OwnRedis } from "../support/own-redis.ts";
import { startWorkerProcess, type WorkerProcess } from "../support/worker-process.ts";

interface Struck {
  desk: TestDesk;
  postgres: OwnPostgres;
  redis: OwnRedis;
}

export interface World extends Struck, AsyncDisposable {
  /** The web process first, then the workers. */
  processes: readonly WorkerProcess[];
  /** Kills the process at this place, and starts another in its place. */
  replace(at: number): Promise<void>;
  /** Messages of which Twilio has reported that they were delivered, by their sid. */
  reported: Set<string>;
  /** The end of what each process wrote on stderr. */
  output(): string;
}

/** When Twilio reports what it accepted: at once, after everything else was settled, or not at all. */
export type Receipts = "soon" | "late" | "never";

/** Key prefix in Redis of the product's processes. */
export const PRODUCT_PREFIX = "{frontdesk}";
const WORKERS = 2;
const REPORT_EVERY_MS = 200;
const OUTPUT_CHARACTERS = 3_000;

/** Starts the processes. `receipts`: they ask Twilio for them. */
export async function openWorld({ receipts, ...struck }: Struck & { receipts: boolean }): Promise<World> {
  const { desk } = struck;
  const port = String(await freePort());
  const url = `http://127.0.0.1:${port}/channels/sms`;
  desk.twilio.webhookUrl = url;
  if (receipts) {
    const settings = settingsWith(desk.twilio).replace("    api_url:", `    public_url: ${url}\n    api_url:`);
    await desk.write({ "frontdesk.yaml": settings });
  }
  const start = (at: number): Promise<WorkerProcess> =>
    at === 0 ? startWorkerProcess({ ...desk.env, PORT: port }, { role: "web" }) : startWorkerProcess(desk.env);
  // The first one migrates.
  const web = await start(0);
  const processes = [web, ...(await Promise.all(Array.from({ length: WORKERS }, (_, n) => start(n + 1))))];
  return {
    ...struck,
    processes,
    reported: new Set(),
    async replace(at) {
      await processes[at]?.kill();
      processes[at] = await start(at);
    },
    output: () => processes.map((one, n) => `--- process ${n}:\n${one.output().slice(-OUTPUT_CHARACTERS)}`).join("\n"),
    async [Symbol.asyncDispose]() {
      for (const one of processes) await one[Symbol.asyncDispose]();
    },
  };
}

/** Reports each accepted message as delivered once, until it is stopped. */
export function reportArrivals(world: World): { stop(): Promise<void> } {
  const stopping = new AbortController();
  const reporting = (async () => {
    while (!stopping.signal.aborted) {
      await reportOnce(world);
      await pause(REPORT_EVERY_MS, null, { signal: stopping.signal }).catch(() => null);
    }
  })();
  return {
    async stop() {
      stopping.abort();
      await reporting;
    },
  };
}

/** Reports what was accepted and not reported so far; what the server does not take is reported again the next time. */
export async function reportOnce({ desk, reported }: World): Promise<void> {
  for (const { sid } of desk.twilio.sent()) {
    if (reported.has(sid)) continue;
    const taken = await desk.twilio.status({ sid, status: "delivered" }).then(
      ({ ok }) => ok,
      () => false,
    );
    if (!taken) return;
    reported.add(sid);
  }
}
