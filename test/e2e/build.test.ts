import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, it } from "vitest";

const PROJECT = fileURLToPath(new URL("../..", import.meta.url));

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "frontdesk-build-"));
  for (const name of ["build.mjs", "tsconfig.json", "tsconfig.build.json", "package.json", "package-lock.json"])
    await copyFile(join(PROJECT, name), join(folder, name));
  await symlink(join(PROJECT, "node_modules"), join(folder, "node_modules"));
  await mkdir(join(folder, "src"));
  await writes("export const version = 1;\n");
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const writes = (text: string, name = "main.ts") => writeFile(join(folder, "src", name), text);
const program = () => join(folder, "dist/src/main.js");

/** Runs build.mjs; `meanwhile` is called again and again until it ends. */
async function builds(meanwhile: () => void = () => undefined): Promise<void> {
  const child = spawn(process.execPath, ["build.mjs"], { cwd: folder, stdio: "ignore" });
  const watch = setInterval(meanwhile, 1);
  const [code] = await once(child, "close");
  clearInterval(watch);
  expect(code).toBe(0);
}

it("leaves the program in its place while it compiles it anew, and no file that was removed", async () => {
  await writes("export const old = 1;\n", "old.ts");
  await builds();
  await rm(join(folder, "src/old.ts"));
  await writes("export const version = 22;\n");
  let looks = 0;
  let gone = 0;
  await builds(() => {
    looks++;
    if (!existsSync(program())) gone++;
  });
  // Two renames follow each other; a look falls between them at most once.
  expect([looks > 10, gone <= 1]).toEqual([true, true]);
  expect(await readFile(program(), "utf8")).toContain("version = 22");
  expect(await readdir(join(folder, "dist/src"))).not.toContain("old.js");
  expect((await readdir(folder)).filter((name) => name.startsWith("dist"))).toEqual(["dist"]);
});

it("may run twice at the same time", async () => {
  await Promise.all([builds(), builds()]);
  expect(await readFile(program(), "utf8")).toContain("version = 1");
  expect((await readdir(folder)).filter((name) => name.startsWith("dist"))).toEqual(["dist"]);
});
