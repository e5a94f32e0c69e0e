import type { Db } from "./db.ts";
import { schemaVersion } from "./schema.ts";

/** Returns the permanent id of this database, which other systems see in idempotency keys. */
export async function installationOf(db: Db): Promise<string> {
  const [row] = await db.tables.select({ installation: schemaVersion.installation }).from(schemaVersion);
  if (row === undefined) throw new Error("The table schema_version is empty; restore it, or migrate an empty database");
  return row.installation;
}
