import { createLogger } from "../../src/lib/logger.ts";
import { startEmbedded } from "../../src/store/embedded.ts";

// A child process for embedded.test.ts: starts the server in the given folder, prints one JSON line, and keeps running.
const dataDir = process.argv[2] ?? "";
try {
  const server = await startEmbedded({ dataDir, log: createLogger({ level: "silent" }) });
  process.stdout.write(`${JSON.stringify({ url: server.url })}\n`);
  process.on("SIGTERM", () => {
    void server.stop().then(() => process.exit(0));
  });
} catch (error) {
  process.stdout.write(`${JSON.stringify({ refused: error instanceof Error ? error.message : String(error) })}\n`);
  process.exitCode = 1;
}
