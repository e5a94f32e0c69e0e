import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

const PROJECT = fileURLToPath(new URL("..", import.meta.url));

/** Compiles the product and the bench's processes into dist/, because tsx adds a cost to every closure. */
export async function build(): Promise<void> {
  const tsc = `${PROJECT}node_modules/typescript/bin/tsc`;
  const child = spawn(process.execPath, [tsc, "-p", "bench/tsconfig.json"], {
    cwd: PROJECT,
    stdio: ["ignore", "inherit", "inherit"],
  });
  const [code] = await once(child, "exit");
  if (code !== 0) throw new Error("The project does not compile; run `npm run check:types`.");
}
