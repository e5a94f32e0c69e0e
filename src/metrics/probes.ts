import type { Lanes } from "../jobs/lanes.ts";
import type { Db } from "../store/db.ts";
import { SCHEMA_BREAKING } from "../store/migrate.ts";
import { NotReady, type Probe } from "./health.ts";

/** https://www.postgresql.org/docs/current/errcodes-appendix.html: undefined_table. */
const UNDEFINED_TABLE = "42P01";

/** Checks that the database answers and has a schema that this program supports. */
export function databaseProbe(db: Pick<Db, "pool">): Probe {
  return async () => {
    const breaking = await readSchemaVersion(db);
    if (breaking === null) throw new NotReady("has no tables yet; run `frontdesk migrate`");
    if (breaking > SCHEMA_BREAKING) throw new NotReady("was migrated by a newer Frontdesk; start that version");
    return `reachable, schema ${breaking}`;
  };
}

/** Reads `schema_version`; null when there is no such table or row. Throws when the database does not answer. */
export async function readSchemaVersion(db: Pick<Db, "pool">): Promise<number | null> {
  try {
    const { rows } = await db.pool.query<{ breaking: number }>("select breaking from schema_version");
    return rows[0]?.breaking ?? null;
  } catch (error) {
    if ((error as { code?: unknown }).code === UNDEFINED_TABLE) return null;
    throw error;
  }
}

/** Checks that the lanes' backend answers. Wanted, not needed: without it the sweep wakes waiting work. */
export function lanesProbe(lanes: Pick<Lanes, "depth">): Probe {
  return async () => {
    await lanes.depth().catch(() => {
      throw new NotReady("do not answer; the sweep wakes waiting work, about a second later");
    });
    return "reachable";
  };
}

/** Checks that a release is live. `hash` returns its hash, or null. */
export function contentProbe(hash: () => string | null): Probe {
  return async () => {
    const live = hash();
    if (live === null) throw new NotReady("none is released; run `frontdesk check` and fix what it reports");
    return `release ${live}`;
  };
}
