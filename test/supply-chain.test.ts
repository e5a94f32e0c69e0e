/** Every input of a build is pinned by its hash, and the bill of materials lists them. */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

interface LockEntry {
  version?: string;
  integrity?: string;
  resolved?: string;
  dev?: boolean;
}

const lock = JSON.parse(readFileSync("package-lock.json", "utf8")) as { packages: Record<string, LockEntry> };
const locked = Object.entries(lock.packages).filter(([path]) => path !== "");

test("the lock file has a SHA-512 hash for every package, for all platforms, and names no registry", () => {
  expect(locked.length).toBeGreaterThan(300);
  expect(locked.filter(([, { integrity }]) => !/^sha512-[A-Za-z0-9+/]{86}==$/.test(integrity ?? ""))).toEqual([]);
  expect(locked.filter(([, { resolved }]) => resolved !== undefined)).toEqual([]);
});

test("the image's base images are pinned by digest", () => {
  const bases = readFileSync("Dockerfile", "utf8").match(/^FROM .+$/gm) ?? [];
  expect(bases.length).toBeGreaterThan(0);
  for (const base of bases) expect(base).toMatch(/^FROM \S+:[\w.-]+@sha256:[0-9a-f]{64}( AS \w+)?$/);
});

test("the bill of materials lists every shipped package with its hash", () => {
  const text = execFileSync("npm", ["run", "--silent", "sbom"], { encoding: "utf8", maxBuffer: 16 * 1024 * 1024 });
  const bill = JSON.parse(text) as { bomFormat: string; components: { purl: string; hashes?: unknown[] }[] };
  expect(bill.bomFormat).toBe("CycloneDX");
  const listed = new Set(bill.components.map(({ purl }) => decodeURIComponent(purl)));
  const shipped = locked
    .filter(([, { dev }]) => dev !== true)
    .map(([path, { version }]) => purlOf(path, version ?? ""));
  expect(shipped.length).toBeGreaterThan(100);
  expect(shipped.filter((purl) => !listed.has(purl))).toEqual([]);
  expect(bill.components.filter(({ hashes }) => (hashes ?? []).length === 0)).toEqual([]);
});

const purlOf = (path: string, version: string): string =>
  `pkg:npm/${path.slice(path.lastIndexOf("node_modules/") + "node_modules/".length)}@${version}`;
