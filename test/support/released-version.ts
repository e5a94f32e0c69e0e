/** The last released build, as recorded in test/versions, for tests that run it beside this one. */
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliDecompressSync } from "node:zlib";

export interface ReleasedVersion extends AsyncDisposable {
  /** Arguments of node that run it: a program for `startWorkerProcess`. */
  program: readonly string[];
}

const PROJECT = fileURLToPath(new URL("../..", import.meta.url));
const RECORDED = join(PROJECT, "test/versions");
const MAIN = "src/main.mjs";

/** Unpacks it into a folder of its own, where it finds the packages that this project has installed. */
export async function unpackReleased(): Promise<ReleasedVersion> {
  const folder = await mkdtemp(join(tmpdir(), "frontdesk-released-"));
  for (const [path, text] of Object.entries(await recorded())) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
  await symlink(join(PROJECT, "node_modules"), join(folder, "node_modules"), "dir");
  return {
    program: [join(folder, MAIN)],
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}

async function recorded(): Promise<Record<string, string>> {
  const files = (await readdir(RECORDED)).filter((name) => name.endsWith(".json.br"));
  const [file] = files;
  if (file === undefined || files.length > 1) throw new Error(`test/versions has ${files.length} recordings, not one`);
  return JSON.parse(brotliDecompressSync(await readFile(join(RECORDED, file))).toString()) as Record<string, string>;
}
