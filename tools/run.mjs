// Runs a tool of this folder on the project: node tools/run.mjs TOOL ARGUMENTS…
import { spawnSync } from "node:child_process";
import { delimiter } from "node:path";
import { installTools, TOOLS } from "./install.mjs";

installTools();
const [tool = "", ...args] = process.argv.slice(2);
const bin = `${TOOLS}node_modules/.bin`;
const { status, error } = spawnSync(`${bin}/${tool}`, args, {
  stdio: "inherit",
  shell: process.platform === "win32",
  env: { ...process.env, PATH: `${bin}${delimiter}${process.env.PATH}` },
});
if (error !== undefined) process.stderr.write(`tools/package.json has no tool “${tool}” (${error.message})\n`);
process.exitCode = status ?? 1;
