// Adds to package-lock.json the optional packages of other platforms that `npm install` left out because the registry
// it asked does not carry them. Without these entries `npm ci` refuses the lock file; with them it skips what is not
// for this machine. Run it after every `npm install` that changed the lock file: `npm run lockfile`.
import { readFileSync, writeFileSync } from "node:fs";

const SYSTEMS = {
  android: "android",
  darwin: "darwin",
  freebsd: "freebsd",
  linux: "linux",
  openharmony: "openharmony",
};
const CPUS = ["arm64", "arm", "x64", "ia32", "ppc64", "riscv64", "s390x"];

const lock = JSON.parse(readFileSync("package-lock.json", "utf8"));
const packages = lock.packages;
const missing = {};
for (const [path, entry] of Object.entries(packages)) {
  for (const [name, range] of Object.entries(entry.optionalDependencies ?? {})) {
    const nested = `${path}/node_modules/${name}`;
    const hoisted = `node_modules/${name}`;
    if (nested in packages || hoisted in packages || hoisted in missing) continue;
    missing[hoisted] = platformEntry(name, range, entry);
  }
}
lock.packages = Object.fromEntries(Object.entries({ ...packages, ...missing }).sort(([a], [b]) => (a < b ? -1 : 1)));
writeFileSync("package-lock.json", `${JSON.stringify(lock, null, 2)}\n`);
process.stdout.write(`${Object.keys(missing).length} optional packages of other platforms added\n`);

function platformEntry(name, range, parent) {
  const words = name.split("/").pop().split("-");
  const os = words.includes("win32") ? "win32" : Object.values(SYSTEMS).find((system) => words.includes(system));
  const cpu = CPUS.find((known) => words.includes(known)) ?? "x64";
  if (os === undefined) throw new Error(`${name} is missing and names no platform: install it, or teach this script`);
  const version = range.replace(/^[\^~]/, "");
  const libc = words.some((word) => word.startsWith("musl")) ? { libc: ["musl"] } : {};
  const dev = parent.dev === true ? { dev: true } : {};
  return { version, cpu: [cpu], ...dev, ...libc, optional: true, os: [os] };
}
