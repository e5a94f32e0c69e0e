import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { extensionOf, fileName, filePath } from "../../src/domain/file-name.ts";

const clean = (given: string) => fileName(given, "file");

describe("fileName", () => {
  it.each([
    ["invoice.pdf", "invoice.pdf"],
    ["  Rechnung  März.pdf ", "Rechnung März.pdf"],
    ["../../etc/passwd", "passwd"],
    ["C:\\Users\\dana\\scan.png", "scan.png"],
    ["photo\u202egpj.exe", "photogpj.exe"],
    ["a\u2066b\u2069\u200b\u0007\r\nc.txt", "ab c.txt"],
    ["setup.exe. . ", "setup.exe"],
    ["notes.txt:hidden.exe", "notes.txt_hidden.exe"],
    ['a"b<c>|?*.txt', "a_b_c____.txt"],
    [".bashrc", ".bashrc"],
    ["", "file"],
    ["...", "file"],
    [" . . ", "file"],
    ["folder/", "file"],
    ["\u202e\u0000", "file"],
    ["写真 🙂.jpg", "写真 🙂.jpg"],
    ["half \ud83d.jpg", "half \ufffd.jpg"],
  ])("cleans it to %j", (given, expected) => {
    expect(clean(given)).toBe(expected);
  });

  it("shortens the stem and keeps the extension", () => {
    const name = clean(`${"🙂".repeat(200)}.jpeg`);
    expect(name).toHaveLength(120);
    expect(name).toMatch(/^(?:🙂)+….jpeg$/u);
    expect(clean("x".repeat(121))).toBe(`${"x".repeat(119)}…`);
    expect(clean("x".repeat(120))).toBe("x".repeat(120));
  });

  it("for any text removes invisible characters and paths, is never empty, and is idempotent", () => {
    const text = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.string({ unit: fc.constantFrom(".", " ", "/", "a", "\u202e", "\0", "🙂") }),
    );
    fc.assert(
      fc.property(text, (given) => {
        const name = clean(given);
        expect(name).not.toMatch(/[\p{Cc}\p{Cf}/\\:]/u);
        expect(name).not.toMatch(/^\.*$|[. ]$/);
        expect(name.length).toBeLessThanOrEqual(120);
        expect(name.isWellFormed()).toBe(true);
        expect(clean(name)).toBe(name);
      }),
      { numRuns: 300 },
    );
  });
});

it.each([
  ["Invoice.PDF", "pdf"],
  ["archive.tar.gz", "gz"],
  ["README", ""],
  ["a.settingcontent-ms", "settingcontent-ms"],
  ["Dr. No", ""],
])("extensionOf %j is %j", (name, extension) => {
  expect(extensionOf(name)).toBe(extension);
});

it("builds a path that is safe in a URL", () => {
  const path = filePath({ token: "t0ken", name: "März #1 50%?.pdf" });
  expect(path).toBe("/files/t0ken/M%C3%A4rz%20%231%2050%25%3F.pdf");
});
