/**
 * Migrates the database's schema. Safe when several processes start at once (an advisory lock lets one migrate while the
 * others wait). An older program refuses a database with a schema that it does not support.
 */
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { drizzle } from "drizzle-orm/node-postgres";
import { migrate as runMigrations } from "drizzle-orm/node-postgres/migrator";
import { Client } from "pg";

/** The schema version this code supports; a migration that breaks older code raises it in `schema_version`. */
export const SCHEMA_BREAKING = 3;

/** Key of the advisory lock: any number unique in the database. */
const MIGRATION_LOCK = 0x66_64_6d_69;

/** Finds `migrations/` of the project, from `src/store` or `dist/src/store`. */
function migrationsFolder(): string {
  const here = dirname(fileURLToPath(import.meta.url));
  const root = here.includes(join("dist", "src")) ? join(here, "../../..") : join(here, "../..");
  return join(root, "migrations");
}

/** Applies missing migrations. Returns their number. Throws when the schema is too new. */
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
    `This database was migrated by a newer Frontdesk (its schema is at ${breaking}, this program supports ` +
      `${SCHEMA_BREAKING}). Start the newer version, or restore a backup from before the upgrade.`,
  );
}

async function appliedCount(client: Client): Promise<number> {
  const exists = await client.query("select to_regclass('drizzle.__drizzle_migrations') is not null as yes");
  if (exists.rows[0]?.yes !== true) return 0;
  const { rows } = await client.query("select count(*)::int as n from drizzle.__drizzle_migrations");
  return Number(rows[0]?.n ?? 0);
}
