import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { resolveSecrets } from "../../src/lib/secret.ts";

test("resolves secrets at any depth, and leaves everything else unchanged", () => {
  const folder = mkdtempSync(join(tmpdir(), "frontdesk-secret-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, "token"), "from a file\r\n");
  const entry = {
    auth_token: "env:TOKEN",
    imap: { url: `file:${join(folder, "token")}`, port: 993, tls: true },
    list: ["env:TOKEN", null],
    title: "environment: env:TOKEN in words",
  };
  expect(resolveSecrets(entry, { env: { TOKEN: "s3cret" } })).toEqual({
    ok: true,
    value: {
      auth_token: "s3cret",
      imap: { url: "from a file", port: 993, tls: true },
      list: ["s3cret", null],
      title: "environment: env:TOKEN in words",
    },
  });
});

function readFile(path: string): string {
  if (path === "/run/empty") return "\n";
  throw Object.assign(new Error("no such file"), { code: "ENOENT" });
}

test("reports all missing secrets with their paths, and no value", () => {
  const entry = {
    a: "env:ABSENT",
    b: { c: "file:/run/absent" },
    d: ["env:EMPTY"],
    e: "file:/run/empty",
    f: "env:THERE",
  };
  const resolved = resolveSecrets(entry, { env: { EMPTY: "", THERE: "s3cret" }, readFile });
  expect(resolved).toEqual({
    ok: false,
    fault: [
      { at: "a", ref: "env:ABSENT", problem: expect.stringContaining("is not set; set it") },
      { at: "b.c", ref: "file:/run/absent", problem: expect.stringContaining("can't be read (ENOENT)") },
      { at: "d.0", ref: "env:EMPTY", problem: expect.stringContaining("is not set") },
      { at: "e", ref: "file:/run/empty", problem: expect.stringContaining("is empty") },
    ],
  });
  expect(JSON.stringify(resolved)).not.toContain("s3cret");
});
