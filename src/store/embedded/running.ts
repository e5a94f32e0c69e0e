import { join } from "node:path";
import { readClusterSecret } from "./cluster.ts";
import { embeddedUrl } from "./lock.ts";
import { runningServer } from "./postmaster.ts";

/** The place where the PostgreSQL of our own in this data folder answers now; null where it does not run. */
export async function runningEmbedded(dataDir: string): Promise<string | null> {
  const folder = join(dataDir, "pg");
  const running = await runningServer(folder);
  if (running === null) return null;
  const { password } = await readClusterSecret(folder);
  return embeddedUrl({ port: running.port, password });
}
