import { Pool } from "pg";
import type { Config } from "../../config.ts";
import { systemClock } from "../../lib/clock.ts";
import { readSchemaVersion } from "../../metrics/probes.ts";
import { findEmbeddedUrl } from "../../store/embedded/running.ts";
import { SCHEMA_BREAKING } from "../../store/migrate.ts";
import { explainError } from "../explain-error.ts";
import { checkBacklog } from "./backlog.ts";
import { type Finding, fine, problem, warning } from "./finding.ts";
import { checkLimits } from "./limits.ts";
import { checkWaiting } from "./waiting.ts";

const CONNECT_WITHIN_MS = 3_000;
/** Oldest PostgreSQL version that Frontdesk is tested on. */
const OLDEST_SERVER = 15;
/** Alarms and retries use the database's clock, webhook signatures use ours. */
const MAX_SKEW_MS = 2_000;

/** Checks that the database is reachable, recent, durable, in step with our clock, on a known schema, and not behind. */
export async function checkDatabase(config: Config): Promise<Finding[]> {
  const url = config.databaseUrl ?? (await findEmbeddedUrl(config.dataDir));
  if (url === null) {
    return [fine("database", `embedded PostgreSQL, not running now; frontdesk start runs it in ${config.dataDir}`)];
  }
  const pool = new Pool({ connectionString: url, max: 2, connectionTimeoutMillis: CONNECT_WITHIN_MS });
  pool.on("error", () => {});
  try {
    const server = await checkServer(pool);
    const [schema, upToDate] = await checkSchema(pool);
    return [...server, schema, ...(upToDate ? await checkUse(pool, config.home) : [])];
  } catch (error) {
    const fix = "Start that server, or correct DATABASE_URL; leave it out to use the embedded PostgreSQL.";
    return [problem("database", `can't be used: ${explainError(error)}`, fix)];
  } finally {
    await pool.end();
  }
}

async function checkUse(pool: Pool, home: string): Promise<Finding[]> {
  return [...(await checkBacklog(pool)), ...(await checkWaiting(pool)), ...(await checkLimits(pool, home))];
}

interface ServerFacts {
  version: string;
  fsync: string;
  full_page_writes: string;
  synchronous_commit: string;
  now: Date;
}

async function checkServer(pool: Pool): Promise<Finding[]> {
  const before = systemClock().getTime();
  const { rows } = await pool.query<ServerFacts>(
    `select current_setting('server_version') as version, current_setting('fsync') as fsync,
            current_setting('full_page_writes') as full_page_writes,
            current_setting('synchronous_commit') as synchronous_commit, clock_timestamp() as now`,
  );
  const facts = rows[0] as ServerFacts;
  const middle = (before + systemClock().getTime()) / 2;
  return [checkVersion(facts.version), checkDurability(facts), checkClock(facts.now.getTime() - middle)];
}

function checkVersion(version: string): Finding {
  if (Number.parseInt(version, 10) >= OLDEST_SERVER) return fine("database", `reachable, PostgreSQL ${version}`);
  const fix = `Upgrade it to PostgreSQL ${OLDEST_SERVER} or later.`;
  return problem("database", `is PostgreSQL ${version}, older than Frontdesk supports`, fix);
}

function checkDurability(facts: ServerFacts): Finding {
  const { fsync, full_page_writes, synchronous_commit } = facts;
  const off = Object.entries({ fsync, full_page_writes, synchronous_commit }).filter(([, value]) => value === "off");
  if (off.length === 0)
    return fine("database", "confirmed writes are on disk (fsync, full_page_writes, synchronous_commit)");
  const names = off.map(([name]) => name).join(", ");
  const fix = `Set ${off.map(([name]) => `${name} = on`).join(", ")} in postgresql.conf: Frontdesk acknowledges messages that it confirmed.`;
  return problem("database", `may lose messages that it confirmed: ${names} off`, fix);
}

function checkClock(ms: number): Finding {
  const seconds = (Math.abs(ms) / 1_000).toFixed(1);
  if (Math.abs(ms) <= MAX_SKEW_MS) return fine("database", `its clock and ours differ by ${seconds} s`);
  const fix = "Run NTP on both machines: signatures and alarms depend on these clocks.";
  return warning("database", `its clock is ${seconds} s ${ms > 0 ? "ahead of" : "behind"} ours`, fix);
}

async function checkSchema(pool: Pool): Promise<[Finding, boolean]> {
  const breaking = await readSchemaVersion({ pool });
  const migrate = "Run frontdesk migrate, or frontdesk start, which does the same.";
  if (breaking === null) return [warning("database", "has no tables yet", migrate), false];
  if (breaking <= SCHEMA_BREAKING) return [fine("database", `schema ${breaking}`), true];
  const fix = "Start the newer version, or restore a backup from before the upgrade.";
  return [problem("database", `was migrated by a newer Frontdesk (schema ${breaking})`, fix), false];
}
