#!/usr/bin/env node
/** The program: passes the adapters and the environment to the command line. Nothing else imports `channels/`. */
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { buffer } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { adapters, desks, signPlayground } from "../channels/index.ts";
import { runCli } from "./cli/run.ts";
import { onStopSignals } from "./cli/signals.ts";

process.exitCode = await runCli(process.argv.slice(2), {
  adapters,
  env: process.env,
  out: process.stdout,
  err: process.stderr,
  stdin: () => buffer(process.stdin),
  version: version(),
  exit: (code) => process.exit(code),
  onStop: onStopSignals,
  async start(o) {
    const { startFrontdesk } = await import("./start.ts");
    return startFrontdesk({ ...o, adapters, desks, signPlayground });
  },
  async startAcme() {
    const { DEMO_TOKEN, startAcme } = await import("../examples/acme/server.ts");
    return { ...(await startAcme({ port: 0 })), token: DEMO_TOKEN };
  },
});

/** Reads the version from package.json, when run from `src` or from `dist/src`. */
function version(): string {
  const here = dirname(fileURLToPath(import.meta.url));
  const root = here.endsWith(join("dist", "src")) ? join(here, "../..") : join(here, "..");
  const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { version: string };
  return version;
}
