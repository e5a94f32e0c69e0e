import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { MAX_SECRET_BYTES, readSecretFile } from "../../src/lib/secret-file.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "frontdesk-secret-"));
  mkdirSync(join(folder, "data", "pg"), { recursive: true });
  mkdirSync(join(folder, "mounted", "..data"), { recursive: true });
  const files = {
    ".env": "DATABASE_URL=x",
    "data/pg/PG_VERSION": "18\n",
    "data/pg/postgresql.conf": "x",
    "mounted/..data/token": "s3cret",
    longest: "x".repeat(MAX_SECRET_BYTES),
    "too-long": "x".repeat(MAX_SECRET_BYTES + 1),
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  const links = { token: "mounted/..data/token", settings: ".env", environ: "/proc/self/environ", here: "/proc/self" };
  for (const [name, to] of Object.entries(links)) symlinkSync(to, join(folder, name));
  execFileSync("/usr/bin/mkfifo", [join(folder, "pipe")]);
});
afterAll(() => rmSync(folder, { recursive: true }));

test("reads a file, also through links as container platforms mount them", () => {
  expect(readSecretFile(join(folder, "token"))).toBe("s3cret");
  expect(readSecretFile(join(folder, "longest"))).toHaveLength(MAX_SECRET_BYTES);
});

test.each([
  ["a link to .env", "settings", "holds secrets of Frontdesk"],
  ["a link into /proc", "environ", "lies in a folder of the system"],
  ["a folder that leads into /proc", "here/environ", "lies in a folder of the system"],
  ["a file of a database", "data/pg/postgresql.conf", "lies in the folder of a database"],
  ["a pipe", "pipe", "is not a regular file"],
  ["a folder", "mounted", "is not a regular file"],
  ["a long file", "too-long", "has more than 65536 bytes"],
  ["a detour", "mounted/../token", "without //, . and .."],
])("refuses %s", (_, name, message) => {
  expect(() => readSecretFile(`${folder}/${name}`)).toThrow(message);
});

test("throws the system's error for a missing file", () => {
  expect(() => readSecretFile(join(folder, "absent"))).toThrow(expect.objectContaining({ code: "ENOENT" }));
});
