/** A conversation in a database of its own, and workers that fold it, without the rest of the product. */
import type { Lanes } from "../../src/jobs/lanes.ts";
import { createLogger } from "../../src/lib/logger.ts";
import { createMetrics } from "../../src/metrics/prometheus.ts";
import { type Db, openDb } from "../../src/store/db.ts";
import { storeInbound } from "../../src/store/store-inbound.ts";
import { createTurns, type RunTurns } from "../../src/turn/turns.ts";
import { rowOf, written } from "../store/inbound/rows.ts";
import { freshDatabase } from "../support/services.ts";
import { catalogOf, release, UNBRAKED } from "./scene.ts";

/** The settings that these tests decide by, beside their catalog. */
const IN_FORCE = { hash: "test", body: {} };

export const log = createLogger({ level: "silent" });
export const { meter } = createMetrics();

export interface Bench extends AsyncDisposable {
  /** The first worker's; each worker has connections of its own. */
  db: Db;
  open(): Db;
  /** Wakes of all workers, as "lane key". */
  wakes: string[];
  lanes: Lanes;
  worker(workflows: Readonly<Record<string, string>>, db?: Db): RunTurns;
  message(thread: string, text: string): Promise<number>;
}

export async function openBench(): Promise<Bench> {
  const database = await freshDatabase();
  const open = () => openDb({ url: database.url, log, max: 6 });
  const opened: Db[] = [];
  const another = () => {
    const db = open();
    opened.push(db);
    return db;
  };
  const db = another();
  const wakes: string[] = [];
  // Wake-ups are recorded, not run.
  const lanes = { wake: (lane: string, key: string) => void wakes.push(`${lane} ${key}`) } as unknown as Lanes;
  return {
    db,
    open: another,
    wakes,
    lanes,
    worker(workflows, own = another()) {
      const catalog = catalogOf(release(workflows, { settings: UNBRAKED }));
      return createTurns({ db: own, lanes, log, meter, catalog: async () => catalog, inForce: IN_FORCE });
    },
    async message(thread, text) {
      const [stored] = await storeInbound(db, [rowOf(written(thread, { text }))]);
      return stored?.[0]?.conversation ?? 0;
    },
    async [Symbol.asyncDispose]() {
      for (const one of opened) await one.close();
      await database.drop();
    },
  };
}
