// A child process for embedded.test.ts: starts the server in the given folder with the compiled product, prints one JSON
// line, and keeps running.
import { join } from "node:path";

const [compiled = "", dataDir = ""] = process.argv.slice(2);
const { createLogger } = await import(join(compiled, "src/lib/logger.js"));
const { startEmbedded } = await import(join(compiled, "src/store/embedded.js"));
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
