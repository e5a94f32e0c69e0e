/** The program as users run it, compiled; global-setup.ts compiles it once per run. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";

const PROJECT = fileURLToPath(new URL("../..", import.meta.url));

/** Folder of the compiled files. */
export const COMPILED = join(PROJECT, "dist");
/** Arguments of node that run it. */
export const PROGRAM: readonly string[] = [join(COMPILED, "src/main.js")];

/** Compiles it, unless nothing changed since. Throws with the compiler's output. */
export async function compileProgram(): Promise<void> {
  const child = spawn(process.execPath, ["build.mjs"], { cwd: PROJECT, stdio: ["ignore", "ignore", "pipe"] });
  const [said, [code]] = await Promise.all([text(child.stderr), once(child, "close")]);
  if (code !== 0) throw new Error(`build.mjs ended with ${code}: ${said}`);
}
