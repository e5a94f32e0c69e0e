import { migrateDatabase } from "../compose/database.ts";
import { createLogger } from "../lib/logger.ts";
import { startEmbedded } from "../store/embedded.ts";
import type { Arguments } from "./arguments.ts";
import { configurationOf } from "./configuration.ts";
import { EXIT, type Exit, type World } from "./world.ts";

/** `frontdesk migrate`: migrates the database. Without DATABASE_URL the embedded one, which must not be running. */
export async function migrateCommand(args: Arguments, world: World): Promise<Exit> {
  const { config } = configurationOf(args, world);
  const log = createLogger({ level: config.logLevel ?? "warn" });
  const embedded = config.databaseUrl === null ? await startEmbedded({ dataDir: config.dataDir, log }) : null;
  try {
    const { applied } = await migrateDatabase(config.databaseUrl ?? embedded?.url ?? "", config.databaseUrl !== null);
    const message = applied === 0 ? "The tables are up to date." : `${applied} migrations applied.`;
    world.out.write(args.has("json") ? `${JSON.stringify({ applied })}\n` : `${message}\n`);
    return EXIT.ok;
  } finally {
    await embedded?.stop();
  }
}
