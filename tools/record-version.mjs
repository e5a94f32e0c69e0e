// Records the program as it is at a commit, for the tests that run it beside this one: npm run record:version -- <commit>
// Its own code in one file, without npm packages, with the files that it reads: test/versions/<commit>.json.br.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { brotliCompressSync } from "node:zlib";
import { installTools } from "./install.mjs";

/** Files that the program reads beside its code, at the same paths. Snapshots of migrations serve only to generate more. */
const READ = ["package.json", "migrations", "src/admin/pages"];
const UNREAD = /_snapshot\.json$/;
const MAIN = "src/main.mjs";

const commit = process.argv[2];
if (commit === undefined) {
  process.stderr.write("Name the commit or tag of the release: npm run record:version -- v1.2.3\n");
  process.exit(2);
}
const name = execFileSync("git", ["rev-parse", "--short=7", `${commit}^{commit}`], { encoding: "utf8" }).trim();
const folder = mkdtempSync(join(tmpdir(), "frontdesk-record-"));
try {
  const archive = execFileSync("git", ["archive", name], { maxBuffer: 1 << 30 });
  execFileSync("tar", ["-x", "-C", folder], { input: archive });
  const files = {
    [MAIN]: await bundle(folder),
    ...Object.fromEntries(READ.flatMap((path) => read(join(folder, path)))),
  };
  const path = `test/versions/${name}.json.br`;
  writeFileSync(path, brotliCompressSync(JSON.stringify(files)));
  process.stdout.write(`${path}: ${Math.round(statSync(path).size / 1024)} kB\n`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** Bundles the program; its modules find their files from the folder in which each of them stood. */
async function bundle(root) {
  const located = {
    name: "located",
    setup(build) {
      build.onLoad({ filter: /\.ts$/ }, ({ path }) => ({
        contents: readFileSync(path, "utf8").replaceAll("import.meta.url", urlOf(relative(root, path))),
        loader: "ts",
      }));
    },
  };
  installTools();
  const { build } = await import("esbuild");
  const { outputFiles } = await build({
    entryPoints: [join(root, "src/main.ts")],
    plugins: [located],
    banner: { js: 'const FRONTDESK_ROOT = new URL("../", import.meta.url);' },
    bundle: true,
    packages: "external",
    platform: "node",
    format: "esm",
    target: "node20",
    minify: true,
    write: false,
  });
  return outputFiles[0].text;
}

function urlOf(path) {
  return `new URL(${JSON.stringify(path)}, FRONTDESK_ROOT).href`;
}

function read(path) {
  if (statSync(path).isDirectory()) return readdirSync(path).flatMap((name) => read(join(path, name)));
  return UNREAD.test(path) ? [] : [[relative(folder, path), readFileSync(path, "utf8")]];
}
