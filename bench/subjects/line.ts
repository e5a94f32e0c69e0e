/** The product in one process, as `frontdesk start` runs it. */
import { adapters, desks, signPlayground } from "../../channels/index.ts";
import { type Role, readConfig } from "../../src/config.ts";
import { createLogger } from "../../src/lib/logger.ts";
import { type RunningFrontdesk, startFrontdesk } from "../../src/start.ts";
import { answerCalls } from "../calls.ts";

export interface LineOptions {
  databaseUrl: string;
  redisUrl: string;
  /** The folder with frontdesk.yaml. */
  home: string;
  role: Role;
  /** silent: where faults are made on purpose. */
  logLevel: "warn" | "silent";
}

export type LineCalls = typeof calls;

let running: RunningFrontdesk | null = null;
const calls = { start, stop };
answerCalls(calls);

async function start({ databaseUrl, redisUrl, home, role, logLevel }: LineOptions): Promise<{ url: string }> {
  const env = {
    ...process.env,
    DATABASE_URL: databaseUrl,
    REDIS_URL: redisUrl,
    FRONTDESK_HOME: home,
    NODE_ENV: "production",
    HOST: "127.0.0.1",
    PORT: "0",
  };
  const config = readConfig(env, { role });
  if (!config.ok) throw new Error(JSON.stringify(config.fault));
  const log = createLogger({ level: logLevel });
  running = await startFrontdesk({ config: config.value, adapters, desks, signPlayground, log, env });
  return { url: running.url ?? "" };
}

async function stop(): Promise<void> {
  await running?.close();
}
