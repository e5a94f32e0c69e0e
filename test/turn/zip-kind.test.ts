/** ZIP files that pretend to be something else than what they unpack to. */
import { deflateRawSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { refusalOf } from "../../src/turn/file-refusal.ts";
import { fileKindOf } from "../../src/turn/media-type.ts";
import { zip } from "./zip.ts";

const TYPES = "[Content_Types].xml";
const DOCX = [TYPES, "word/document.xml"];
const OPEN_TEXT = "application/vnd.oasis.opendocument.text";
const OLE = "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1";
const END = "PK\x05\x06";

const refusal = (bytes: Uint8Array, name = "a.zip") => refusalOf(fileKindOf(bytes), { name, mediaType: undefined });
const typed = (text: string | Buffer, more: Record<string, string | Buffer> = {}) =>
  zip({ [TYPES]: text, "word/document.xml": "<a/>", ...more });

const PROGRAM = "it is an archive with a program, a script or macros in it";
const IN_DOCUMENT = "it is a document with a program, a script or macros in it";
const MACROS = "it is a document with macros";
const CLOSED = "it is an archive that can't be inspected; ask for the file itself, or a plain ZIP file";

/** Changes an archive's end record, or the last entry of its directory. */
function patch(bytes: Buffer, change: (copy: Buffer, end: number, entry: number) => void): Buffer {
  const copy = Buffer.from(bytes);
  change(copy, copy.lastIndexOf(END, undefined, "latin1"), copy.lastIndexOf("PK\x01\x02", undefined, "latin1"));
  return copy;
}

describe("a document that is a ZIP file", () => {
  it.each([
    ["setup.exe", IN_DOCUMENT],
    ["word/embeddings/run.ps1", IN_DOCUMENT],
    ["customUI\\run.vbs", IN_DOCUMENT],
    ["word/embeddings/other.xlsm", IN_DOCUMENT],
    ["word/media/image1.png", null],
    ["word/embeddings/Microsoft_Excel_Sheet.xlsx", null],
    ["word/embeddings/oleObject1.bin", null],
    ["docProps/app.xml", null],
  ])("beside %s: %s", (name, expected) => {
    expect(refusal(zip([...DOCX, name]), "a.docx")).toBe(expected);
    expect(refusal(zip({ mimetype: OPEN_TEXT, [name]: "x" }), "a.odt")).toBe(expected);
  });

  it.each(["word\\vbaProject.bin", "WORD/VBAPROJECT.BIN", "/word/vbaProject.bin", "xl\\macrosheets\\sheet1.xml"])(
    "has macros, however their path is written: %s",
    (name) => {
      expect(refusal(zip([...DOCX, name]), "a.docx")).toBe(MACROS);
    },
  );

  it("has macros when its list of types says so, under any name", () => {
    const vba = '<Override PartName="/word/vba2.docx" ContentType="application/vnd.ms-office.vbaProject"/>';
    const main = '<Override ContentType="application/vnd.ms-word.document.macroEnabled.main+xml"/>';
    for (const list of [
      vba,
      main,
      vba.replace("vba", "VBA"),
      vba.replace("vnd", "&#118;n&#x64;"),
      main.replace("E", "&#69;"),
    ])
      expect(refusal(typed(list), "a.docx")).toBe(MACROS);
    expect(refusal(typed(Buffer.from(`\ufeff${vba}`, "utf16le")), "a.docx")).toBe(MACROS);
    expect(refusal(typed("<Types/>"), "a.docx")).toBeNull();
  });

  it("has macros when a part of it has their streams", () => {
    const project = Buffer.concat([
      Buffer.from(OLE, "latin1"),
      Buffer.alloc(500),
      Buffer.from("_VBA_PROJECT", "utf16le"),
    ]);
    const plain = Buffer.concat([Buffer.from(OLE, "latin1"), Buffer.alloc(600)]);
    expect(refusal(typed("<Types/>", { "word/other.bin": project }), "a.docx")).toBe(MACROS);
    expect(refusal(typed("<Types/>", { "word/embeddings/oleObject1.bin": plain }), "a.docx")).toBeNull();
  });

  it("is inspected when it is compressed", () => {
    const list = '<Override ContentType="application/vnd.ms-office.vbaProject"/>'.padEnd(5_000, " ");
    expect(refusal(deflateFirst(typed(list)), "a.docx")).toBe(MACROS);
    expect(refusal(deflateFirst(typed("<Types/>".padEnd(5_000, " "))), "a.docx")).toBeNull();
    expect(refusal(deflateFirst(typed(" ".repeat(9_000_000))), "a.docx")).toBe(CLOSED);
    const broken = patch(typed("<Types/>"), (copy) => {
      const first = copy.indexOf("PK\x01\x02", 0, "latin1");
      copy.writeUInt16LE(8, first + 10);
      copy.writeUInt16LE(8, 8);
    });
    expect(refusal(broken, "a.docx")).toBe(CLOSED);
  });

  it.each([
    ["application/java-archive", { kind: "archive", names: ["mimetype", "a.txt"] }],
    ["application/pdf", { kind: "archive", names: ["mimetype", "a.txt"] }],
    ["application/vnd.oasis.opendocument.evil", { kind: "archive", names: ["mimetype", "a.txt"] }],
    ["image/png", { kind: "archive", names: ["mimetype", "a.txt"] }],
    [OPEN_TEXT, { kind: "package", type: OPEN_TEXT, names: ["mimetype", "a.txt"] }],
    ["application/epub+zip", { kind: "package", type: "application/epub+zip", names: ["mimetype", "a.txt"] }],
  ])("has the type that it declares only if that is known: %s", (mimetype, expected) => {
    expect(fileKindOf(zip({ mimetype, "a.txt": "x" }))).toEqual(expected);
  });
});

/** Compresses the first entry, and updates the directory and its header. */
function deflateFirst(bytes: Buffer): Buffer {
  const nameEnd = 30 + bytes.readUInt16LE(26);
  const packed = deflateRawSync(bytes.subarray(nameEnd, nameEnd + bytes.readUInt32LE(18)));
  const saved = bytes.readUInt32LE(18) - packed.length;
  const copy = Buffer.concat([bytes.subarray(0, nameEnd), packed, bytes.subarray(nameEnd + packed.length + saved)]);
  const end = copy.lastIndexOf(END, undefined, "latin1");
  const directory = end - copy.readUInt32LE(end + 12);
  copy.writeUInt32LE(directory, end + 16);
  copy.writeUInt16LE(8, 8);
  copy.writeUInt32LE(packed.length, 18);
  copy.writeUInt16LE(8, directory + 10);
  copy.writeUInt32LE(packed.length, directory + 20);
  for (let at = directory, first = true; at < end; first = false) {
    if (!first) copy.writeUInt32LE(copy.readUInt32LE(at + 42) - saved, at + 42);
    at += 46 + copy.readUInt16LE(at + 28);
  }
  return copy;
}

describe("an archive with an incomplete directory", () => {
  const two = zip(["a.txt", "setup.exe"]);
  const hidden = Buffer.concat([zip(["setup.exe"]).subarray(0, 46), Buffer.alloc(3)]);
  it.each<[string, Buffer]>([
    ["it lists no entries", patch(two, (copy, end) => copy.fill(0, end + 8, end + 12))],
    ["it lists one less", patch(two, (copy, end) => copy.writeUInt16LE(1, end + 10))],
    [
      "it lists one less, in both counts",
      patch(two, (copy, end) => copy.fill(Buffer.from([1, 0, 1, 0]), end + 8, end + 12)),
    ],
    ["it lists one more", patch(two, (copy, end) => copy.writeUInt16LE(3, end + 10))],
    ["its size is wrong", patch(two, (copy, end) => copy.writeUInt32LE(copy.readUInt32LE(end + 12) - 51, end + 12))],
    ["it is empty, but there are files", patch(two, (copy, end) => copy.fill(0, end + 8, end + 16))],
    ["its position is wrong", patch(two, (copy, end) => copy.writeUInt32LE(7, end + 16))],
    ["an entry's header has another name", patch(two, (copy, _end, entry) => copy.write("a.txt.doc", entry + 46))],
    ["an entry's position is wrong", patch(two, (copy, _end, entry) => copy.writeUInt32LE(3, entry + 42))],
    [
      "two entries have the same position",
      patch(zip(["a.txt", "a.txt"]), (copy, _end, entry) => copy.writeUInt32LE(0, entry + 42)),
    ],
    ["an entry's header has another size", patch(two, (copy, _end, entry) => copy.writeUInt32LE(1, entry + 20))],
    ["an entry is not listed", insertBytes(zip(["a.txt"]), hidden)],
    ["a second archive follows it", Buffer.concat([two, zip(["a.txt"])])],
    ["something follows it", Buffer.concat([zip(["a.txt"]), Buffer.from("more")])],
  ])("is not kept: %s", (_why, bytes) => {
    expect(refusal(bytes)).toBe(CLOSED);
  });

  it("that is complete is kept, also with a comment, or with sizes after the data", () => {
    const comment = patch(Buffer.concat([zip(["a.txt"]), Buffer.from("hello")]), (copy, end) =>
      copy.writeUInt16LE(5, end + 20),
    );
    expect(refusal(comment)).toBeNull();
    const streamed = patch(
      insertBytes(zip(["a.txt"]), Buffer.from("PK\x07\x08\0\0\0\0\0\0\0\0\0\0\0\0", "latin1")),
      (copy, _end, entry) => {
        copy.fill(0, 14, 26);
        copy.writeUInt16LE(8, 6);
        copy.writeUInt16LE(8, entry + 8);
      },
    );
    expect(refusal(streamed)).toBeNull();
  });
});

/** Inserts bytes between the last entry and the directory. */
function insertBytes(bytes: Buffer, between: Buffer): Buffer {
  const end = bytes.lastIndexOf(END, undefined, "latin1");
  const start = bytes.readUInt32LE(end + 16);
  const copy = Buffer.concat([bytes.subarray(0, start), between, bytes.subarray(start)]);
  copy.writeUInt32LE(start + between.length, end + between.length + 16);
  return copy;
}

describe("an archive with a program", () => {
  it.each([
    "setup.exe.",
    "setup.exe ",
    "setup.exe . .",
    "setup.exe/",
    "a/setup.exe//",
    "setup.exe\u200b",
    "setup\u202e.exe\ufeff",
    "setup.exe\0.txt",
    "s.docm ",
    "a.exe::$DATA",
    "a.exe:x.txt",
    "C:setup.exe",
    "a\\b\\setup.EXE",
    `${"a".repeat(200)}.settingcontent-ms`,
    ...[
      "py",
      "pyw",
      "scf",
      "iqy",
      "slk",
      "rdp",
      "settingcontent-ms",
      "appref-ms",
      "one",
      "application",
      "library-ms",
    ].map((extension) => `a.${extension}`),
  ])("is not kept, however its name is disguised: %j", (name) => {
    expect(refusal(zip(["a.txt", name]))).toBe(PROGRAM);
  });

  it("is not kept when only the second name is a program's", () => {
    const path = Buffer.concat([Buffer.from([1, 0, 0, 0, 0]), Buffer.from("setup.exe")]);
    const extra = Buffer.concat([Buffer.from("up", "latin1"), Buffer.from([path.length, 0]), path]);
    const plain = zip(["a.txt"]);
    const end = plain.lastIndexOf(END, undefined, "latin1");
    const bytes = Buffer.concat([plain.subarray(0, end), extra, plain.subarray(end)]);
    bytes.writeUInt16LE(extra.length, bytes.lastIndexOf("PK\x01\x02", undefined, "latin1") + 30);
    bytes.writeUInt32LE(end - plain.readUInt32LE(end + 16) + extra.length, end + extra.length + 12);
    expect(refusal(bytes)).toBe(PROGRAM);
  });

  it.each(["example.com/index.html", "notes.txt", "a.b.c/", "photos/", "one/two.txt", "one", "report.py.pdf"])(
    "is not assumed from a similar name: %j",
    (name) => {
      expect(refusal(zip({ [name]: name.endsWith("/") ? "" : "x" }))).toBeNull();
    },
  );

  it("is not assumed from an empty folder with a program's name", () => {
    expect(refusal(zip({ "example.com/": "", "example.com/a.txt": "x" }))).toBeNull();
  });
});
