// Compiles the product into dist/, unless dist/ was built from the same files. Types are not checked here, which would
// take three times as long; `npm run check` does.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { basename, extname, join } from "node:path";

const COMPILED = ["src", "channels", "examples"];
/** Folders whose files are copied unchanged, by extension. */
const COPIED = { "src/admin/pages": [".html", ".css", ".js", ".svg"], examples: [".json"] };
const SETTINGS = ["tsconfig.json", "tsconfig.build.json", "package-lock.json", "build.mjs"];
const STAMP = "dist/.built";

const fingerprint = fingerprintOf([...SETTINGS, ...COMPILED.flatMap(filesUnder)]);
const built = existsSync(STAMP) ? readFileSync(STAMP, "utf8") : "";
if (built !== fingerprint) build();

function build() {
  const began = Date.now();
  process.stderr.write("Compiling Frontdesk into dist/ (after a change; takes some seconds) …");
  // Removed files must not remain in dist/.
  rmSync("dist", { recursive: true, force: true });
  const { status } = spawnSync(process.execPath, [tsc(), "-p", "tsconfig.build.json", "--noCheck"], {
    stdio: "inherit",
  });
  if (status !== 0) {
    process.stderr.write("\nCompilation failed; see the errors above.\n");
    process.exit(status ?? 1);
  }
  for (const [folder, endings] of Object.entries(COPIED)) copy(folder, endings);
  writeFileSync(STAMP, fingerprint);
  process.stderr.write(` done in ${((Date.now() - began) / 1000).toFixed(1)} s\n`);
}

function tsc() {
  const home = "node_modules/typescript";
  if (!existsSync(home)) {
    process.stderr.write("\nThe compiler is not installed. Run `npm ci` first.\n");
    process.exit(1);
  }
  return join(home, JSON.parse(readFileSync(join(home, "package.json"), "utf8")).bin.tsc);
}

/** Copies the files of `folder` with one of these extensions to the same path under dist/. */
function copy(folder, endings) {
  if (!existsSync(folder)) return;
  const wanted = (path) =>
    basename(path) !== "node_modules" && (statSync(path).isDirectory() || endings.includes(extname(path)));
  cpSync(folder, `dist/${folder}`, { recursive: true, filter: wanted });
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
