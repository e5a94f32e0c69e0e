// Installs the tools of this folder where they are not there yet, or where their lock file has changed. They are kept
// apart from the product's packages, so that nobody waits for them who only runs Frontdesk or its tests.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

export const TOOLS = fileURLToPath(new URL(".", import.meta.url));
const STAMP = `${TOOLS}node_modules/.installed`;

export function installTools() {
  const lock = createHash("sha256")
    .update(readFileSync(`${TOOLS}package-lock.json`))
    .digest("hex");
  if (existsSync(STAMP) && readFileSync(STAMP, "utf8") === lock) return;
  process.stderr.write("Installing what checks the code into tools/node_modules (only after a change) …\n");
  const { status } = spawnSync("npm", ["ci", "--no-audit", "--no-fund"], { cwd: TOOLS, stdio: "inherit" });
  if (status !== 0) process.exit(status ?? 1);
  writeFileSync(STAMP, lock);
}
