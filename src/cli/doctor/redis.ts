import { Redis } from "ioredis";
import type { Config } from "../../config.ts";
import { explainError } from "../explain-error.ts";
import { type Finding, fine, problem, warning } from "./finding.ts";

const CONNECT_WITHIN_MS = 3_000;
/** https://docs.bullmq.io/guide/redis-tm-compatibility: 6.2 is the oldest that BullMQ recommends. */
const OLDEST_SERVER = [6, 2] as const;

/** Checks that Redis is reachable, recent enough, and never evicts wake-ups. */
export async function checkRedis({ redisUrl }: Config): Promise<Finding[]> {
  if (redisUrl === null) return [fine("redis", "not used: wake-ups go through PostgreSQL")];
  const redis = new Redis(redisUrl, {
    lazyConnect: true,
    connectTimeout: CONNECT_WITHIN_MS,
    commandTimeout: CONNECT_WITHIN_MS,
    maxRetriesPerRequest: 0,
    retryStrategy: () => null,
  });
  let connectError: unknown;
  redis.on("error", (error) => {
    connectError = error;
  });
  try {
    await redis.connect();
    return [checkVersion(await redis.info("server")), await checkPolicy(redis)];
  } catch (error) {
    const fix =
      "Start that server, or correct REDIS_URL. Until then the sweep wakes waiting work, about a second later.";
    return [problem("redis", `can't be used: ${explainError(connectError ?? error)}`, fix)];
  } finally {
    redis.disconnect();
  }
}

function checkVersion(info: string): Finding {
  const found = /^redis_version:(\d+)\.(\d+)(\S*)/m.exec(info);
  if (found === null) return warning("redis", "does not report its version", "Make sure it is Redis 6.2 or later.");
  const [, major, minor, rest] = found;
  const [needsMajor, needsMinor] = OLDEST_SERVER;
  const old = Number(major) < needsMajor || (Number(major) === needsMajor && Number(minor) < needsMinor);
  const message = `Redis ${major}.${minor}${rest}`;
  if (!old) return fine("redis", `reachable, ${message}`);
  return problem("redis", `is ${message}`, `Upgrade it to ${OLDEST_SERVER.join(".")} or later.`);
}

async function checkPolicy(redis: Redis): Promise<Finding> {
  const fix = "Set maxmemory-policy noeviction: any other lets Redis evict wake-ups when it is full.";
  try {
    const [, value] = await redis.config("GET", "maxmemory-policy");
    if (value === "noeviction") return fine("redis", "maxmemory-policy noeviction");
    return problem("redis", `maxmemory-policy ${value}`, fix);
  } catch {
    return warning("redis", "does not let us read maxmemory-policy", fix);
  }
}
