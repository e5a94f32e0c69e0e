/**
 * Brings the database's schema up to date. Safe when several processes start at once (an advisory lock lets one work
 * while the others wait), and an older binary refuses a database whose schema has moved past what it understands.
 */
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { drizzle } from "drizzle-orm/node-postgres";
import { migrate as runMigrations } from "drizzle-orm/node-postgres/migrator";
import { Client } from "pg";

/** The schema this code understands; a migration that older code can't work with raises it in `schema_version`. */
export const SCHEMA_BREAKING = 3;

/** Any number that nothing else in the database uses as an advisory lock. */
const MIGRATION_LOCK = 0x66_64_6d_69;

/** `migrations/` of the project, from `src/store` as well as from `dist/src/store`. */
function migrationsFolder(): string {
  const here = dirname(fileURLToPath(import.meta.url));
  const root = here.includes(join("dist", "src")) ? join(here, "../../..") : join(here, "../..");
  return join(root, "migrations");
}

/** Applies what is missing and answers with the number of migrations applied. Throws when the schema is too new. */
export async function migrate(url: string): Promise<{ applied: number }> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query("select pg_advisory_lock($1)", [MIGRATION_LOCK]);
    await refuseNewerSchema(client);
    const before = await appliedCount(client);
    await runMigrations(drizzle(client), { migrationsFolder: migrationsFolder() });
    return { applied: (await appliedCount(client)) - before };
  } finally {
    await client.end();
  }
}

async function refuseNewerSchema(client: Client): Promise<void> {
  const exists = await client.query("select to_regclass('public.schema_version') is not null as yes");
  if (exists.rows[0]?.yes !== true) return;
  const { rows } = await client.query("select breaking from schema_version");
  const breaking = Number(rows[0]?.breaking ?? 0);
  if (breaking <= SCHEMA_BREAKING) return;
  throw new Error(
    `This database was migrated by a newer Frontdesk (its schema is at ${breaking}, this program understands ` +
      `${SCHEMA_BREAKING}). Start the newer version, or restore a backup from before the upgrade.`,
  );
}

async function appliedCount(client: Client): Promise<number> {
  const exists = await client.query("select to_regclass('drizzle.__drizzle_migrations') is not null as yes");
  if (exists.rows[0]?.yes !== true) return 0;
  const { rows } = await client.query("select count(*)::int as n from drizzle.__drizzle_migrations");
  return Number(rows[0]?.n ?? 0);
}
