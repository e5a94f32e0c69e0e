import { Redis } from "ioredis";
import { afterAll } from "vitest";
import { lanesConformance } from "../conformance/lanes.ts";
import { redisPrefix } from "../support/services.ts";
import { redisOrSkip } from "../support/skips.ts";

await redisOrSkip("lanes on Redis", (url) => {
  const prefix = redisPrefix();
  let worlds = 0;
  lanesConformance("redis", async () => ({ kind: "redis", url, prefix: `{${prefix}}-${worlds++}` }));

  afterAll(async () => {
    const redis = new Redis(url);
    const keys = await redis.keys(`{${prefix}}-*`);
    if (keys.length > 0) await redis.del(...keys);
    redis.disconnect();
  });
});
