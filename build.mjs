// Compiles the product into dist/, unless what is there was made from the very same files. Types are not checked here:
// that is `npm run check`, and it takes three times as long.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { basename, extname, join } from "node:path";

const COMPILED = ["src", "channels", "examples"];
/** What is copied as it is, by the endings of its files. */
const COPIED = { "src/admin/pages": [".html", ".css", ".js", ".svg"], examples: [".json"] };
const SETTINGS = ["tsconfig.json", "tsconfig.build.json", "package-lock.json", "build.mjs"];
const STAMP = "dist/.built";

const fingerprint = fingerprintOf([...SETTINGS, ...COMPILED.flatMap(filesUnder)]);
const built = existsSync(STAMP) ? readFileSync(STAMP, "utf8") : "";
if (built !== fingerprint) build();

function build() {
  const began = Date.now();
  process.stderr.write("Compiling Frontdesk into dist/ (only after a change; some seconds) …");
  // A file that was moved away must not live on in dist/.
  rmSync("dist", { recursive: true, force: true });
  const { status } = spawnSync(process.execPath, [tsc(), "-p", "tsconfig.build.json", "--noCheck"], {
    stdio: "inherit",
  });
  if (status !== 0) {
    process.stderr.write("\nThe code could not be compiled; what stands above says where.\n");
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

/** Copies the files of `folder` with one of these endings to the same place under dist/. */
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

/** Changes whenever a file is added, taken away, or written. */
function fingerprintOf(paths) {
  const hash = createHash("sha256").update(process.version);
  for (const path of paths.sort()) {
    const stat = statSync(path, { throwIfNoEntry: false });
    if (stat?.isFile()) hash.update(`${path}\0${stat.size}\0${stat.mtimeMs}\n`);
  }
  return hash.digest("hex");
}
