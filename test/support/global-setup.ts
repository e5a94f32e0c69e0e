import { randomBytes } from "node:crypto";
import { compileProgram } from "./program.ts";
import { dropDatabasesOf, findPostgres, findRedis, servicesEnvironment } from "./services.ts";

/**
 * Compiles the program, finds or starts the services of a run once, passes them to the workers through the environment, and
 * cleans up.
 */
export async function setup(): Promise<() => Promise<void>> {
  const [postgres, redis] = await Promise.all([findPostgres(), findRedis(), compileProgram()]);
  const run = randomBytes(4).toString("hex");
  process.env[servicesEnvironment.postgres] = postgres.url;
  process.env[servicesEnvironment.redis] = redis.url ?? "";
  process.env[servicesEnvironment.run] = run;
  return async () => {
    await dropDatabasesOf(run, postgres.url);
    await postgres[Symbol.asyncDispose]();
    await redis[Symbol.asyncDispose]();
  };
}
