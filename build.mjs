// Compiles the product into dist/, unless dist/ was built from the same files. Types are not checked here, which would
// take three times as long; `npm run check` does.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, existsSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { basename, extname, join } from "node:path";

const COMPILED = ["src", "channels", "examples"];
/** Folders whose files are copied unchanged, by extension. */
const COPIED = { "src/admin/pages": [".html", ".css", ".js", ".svg"], examples: [".json"] };
const SETTINGS = ["tsconfig.json", "tsconfig.build.json", "package-lock.json", "build.mjs"];
const STAMP = "dist/.built";
/** Folder of this build. Processes start from dist/ meanwhile, or build it too, so it is replaced once all is there. */
const FRESH = `dist-new-${process.pid}`;
const REPLACED = `dist-old-${process.pid}`;

const fingerprint = fingerprintOf([...SETTINGS, ...COMPILED.flatMap(filesUnder)]);
const built = existsSync(STAMP) ? readFileSync(STAMP, "utf8") : "";
if (built !== fingerprint) build();

function build() {
  const began = Date.now();
  process.stderr.write("Compiling Frontdesk into dist/ (after a change; takes some seconds) …");
  const compile = [tsc(), "-p", "tsconfig.build.json", "--noCheck", "--outDir", FRESH];
  const { status } = spawnSync(process.execPath, compile, { stdio: "inherit" });
  if (status !== 0) {
    rmSync(FRESH, { recursive: true, force: true });
    process.stderr.write("\nCompilation failed; see the errors above.\n");
    process.exit(status ?? 1);
  }
  for (const [folder, endings] of Object.entries(COPIED)) copy(folder, endings);
  writeFileSync(join(FRESH, basename(STAMP)), fingerprint);
  replace();
  process.stderr.write(` done in ${((Date.now() - began) / 1000).toFixed(1)} s\n`);
}

/** Puts the new folder in the place of dist/, so that no removed file remains. */
function replace() {
  moved("dist", REPLACED);
  // Another build that ended at this moment has put the same there.
  if (!moved(FRESH, "dist")) rmSync(FRESH, { recursive: true, force: true });
  rmSync(REPLACED, { recursive: true, force: true });
}

/** Renames a folder; false when it is not there, or its new place is taken. */
function moved(from, to) {
  try {
    renameSync(from, to);
    return true;
  } catch (error) {
    if (!["ENOENT", "ENOTEMPTY", "EEXIST"].includes(error.code)) throw error;
    return false;
  }
}

function tsc() {
  const home = "node_modules/typescript";
  if (!existsSync(home)) {
    process.stderr.write("\nThe compiler is not installed. Run `npm ci` first.\n");
    process.exit(1);
  }
  return join(home, JSON.parse(readFileSync(join(home, "package.json"), "utf8")).bin.tsc);
}

/** Copies the files of `folder` with one of these extensions to the same path of this build. */
function copy(folder, endings) {
  if (!existsSync(folder)) return;
  const wanted = (path) =>
    basename(path) !== "node_modules" && (statSync(path).isDirectory() || endings.includes(extname(path)));
  cpSync(folder, join(FRESH, folder), { recursive: true, filter: wanted });
}

function filesUnder(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true }).map((path) => join(folder, path));
}

/** Hash that changes when a file is added, removed or written. */
function fingerprintOf(paths) {
  const hash = createHash("sha256").update(process.version);
  for (const path of paths.sort()) {
    const stat = statSync(path, { throwIfNoEntry: false });
    if (stat?.isFile()) hash.update(`${path}\0${stat.size}\0${stat.mtimeMs}\n`);
  }
  return hash.digest("hex");
}
