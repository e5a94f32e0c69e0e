import { join } from "node:path";
import { readClusterSecret } from "./cluster.ts";
import { embeddedUrl } from "./lock.ts";
import { runningServer } from "./postmaster.ts";

/** Returns the URL of the embedded PostgreSQL running in this data folder; null when it does not run. */
export async function findEmbeddedUrl(dataDir: string): Promise<string | null> {
  const folder = join(dataDir, "pg");
  const running = await runningServer(folder);
  if (running === null) return null;
  const { password } = await readClusterSecret(folder);
  return embeddedUrl({ port: running.port, password });
}
