import { spawnSync } from "node:child_process";
import { describe } from "vitest";
import { chromiumPath, redisUrl } from "./services.ts";

/** A `describe` for tests that need Redis; without it they are reported as skipped, by name and with the reason. */
export async function redisOrSkip(name: string, tests: (url: string) => void): Promise<void> {
  const url = await redisUrl();
  if (url === null) describe.skip(`${name} (no Redis on this machine)`, () => tests("redis://none.invalid"));
  else describe(name, () => tests(url));
}

/** The same for tests that need a browser. */
export function chromiumOrSkip(name: string, tests: (path: string) => void): void {
  const path = chromiumPath();
  if (path === null) describe.skip(`${name} (no Chromium on this machine)`, () => tests("/nowhere/chromium"));
  else describe(name, () => tests(path));
}

/** True when no Redis can be started here. */
export const withoutRedisServer = spawnSync("redis-server", ["--version"]).error !== undefined;
