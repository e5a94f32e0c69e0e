import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { FileKind } from "../../src/turn/file-kind.ts";
import { refusalOf } from "../../src/turn/file-refusal.ts";
import { fileKindOf } from "../../src/turn/media-type.ts";
import { zip } from "./zip.ts";

const bytes = (text: string) => Buffer.from(text, "latin1");
const utf16 = (text: string) => Buffer.from(text, "utf16le");
const padded = (text: string, length = 600) =>
  Buffer.concat([bytes(text), Buffer.alloc(Math.max(0, length - text.length))]);
const media = (type: string): FileKind => ({ kind: "media", type });
const inZip = (type: string, names: string[]): FileKind => ({ kind: "package", type, names });
const text = (type: string | null = null): FileKind => ({ kind: "text", type });
const OLE = "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1";
const compound = (...streams: string[]) => Buffer.concat([padded(OLE), ...streams.map(utf16), Buffer.alloc(100)]);
const WINDOWS = Buffer.concat([padded("MZ\x90\0", 128), bytes("PE\0\0"), Buffer.alloc(200)]);
const CONTENT_TYPES = "[Content_Types].xml";
const OPEN_TEXT = "application/vnd.oasis.opendocument.text";
const WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";

describe("the kind of a file", () => {
  it.each<[string, Uint8Array, FileKind]>([
    ["a JPEG", padded("\xff\xd8\xff\xe0"), media("image/jpeg")],
    ["a PNG", padded("\x89PNG\r\n\x1a\n"), media("image/png")],
    ["a GIF", padded("GIF89a"), media("image/gif")],
    ["a bitmap", bytes("BM\x46\0\0\0\0\0\0\0\x36"), media("image/bmp")],
    ["a WebP", bytes("RIFF\x10\0\0\0WEBPVP8 "), media("image/webp")],
    ["a HEIC", padded("\0\0\0\x18ftypheic"), media("image/heic")],
    ["a phone's video", padded("\0\0\0\x18ftyp3gp5"), media("video/3gpp")],
    ["an MP4", padded("\0\0\0\x18ftypisom"), media("video/mp4")],
    ["a QuickTime film", padded("\0\0\0\x14ftypqt  "), media("video/quicktime")],
    ["a phone's recording, which begins like a script", padded("#!AMR\n"), media("audio/amr")],
    ["an MP3", padded("ID3\x04"), media("audio/mpeg")],
    ["a WAV", bytes("RIFF\x10\0\0\0WAVEfmt "), media("audio/vnd.wave")],
    ["a PDF", bytes("%PDF-1.7\n"), media("application/pdf")],
    ["a contact", bytes("BEGIN:VCARD\r\nVERSION:3.0\r\n"), text("text/vcard")],
    ["an appointment", bytes("BEGIN:VCALENDAR\nVERSION:2.0\n"), text("text/calendar")],
    ["plain text", Buffer.from("Grüße 🙂\n"), text()],
    ["text that is not UTF-8", bytes("Gr\xfc\xdfe\n"), text()],
    ["text that begins as programs do", bytes("MZ is a set of letters"), text()],
    ["text with colours of a terminal", bytes("\x1b[31mred\x1b[0m"), text()],
    ["UTF-16 text", Buffer.concat([bytes("\xff\xfe"), utf16("Hallo")]), text()],
    ["XML", bytes('<?xml version="1.0"?><a/>'), text("application/xml")],
    ["SVG", bytes('<?xml version="1.0"?>\n<svg xmlns="x"/>'), text("image/svg+xml")],
    ["SVG under a comment", bytes("<!-- made by x -->\n<svg/>"), text("image/svg+xml")],
    ["a web page", bytes("\n <!DOCTYPE html><html>"), { kind: "html" }],
    ["a web page without a declaration", bytes("<script>alert(1)</script>"), { kind: "html" }],
    ...["form", "img", "svg-less", "meta", "iframe", "object"].flatMap((tag): [string, Uint8Array, FileKind][] => [
      [`text that begins with <${tag}>`, bytes(`<${tag} x="y">`), tag === "svg-less" ? text() : { kind: "html" }],
    ]),
    ["a page of OneNote", padded("\xe4\x52\x5c\x7b\x8c\xd8\xa7\x4d\xae\xb1"), { kind: "program" }],
    ["a web page behind a comment", bytes("<!-- x --><b>"), { kind: "html" }],
    ["a web page that only looks like SVG", bytes("<!-- <svg> --><b><svg>"), { kind: "html" }],
    ["text behind a comment", bytes("<!-- x --> Title"), text()],
    ["a web page in UTF-16", Buffer.concat([bytes("\xff\xfe"), utf16("<html>")]), { kind: "html" }],
    ["XHTML", bytes('<?xml version="1.0"?><!DOCTYPE x><html xmlns="y">'), { kind: "html" }],
    ["text in angle brackets", bytes("<hello> there"), text()],
    ["noise", bytes("\x01\x02\x03\x04"), { kind: "unknown" }],
    ["nothing", new Uint8Array(), text()],
    ["a Windows program", WINDOWS, { kind: "program" }],
    ["a Linux program", padded("\x7fELF\x02"), { kind: "program" }],
    ["a macOS program", padded("\xcf\xfa\xed\xfe"), { kind: "program" }],
    ["a Java class", padded("\xca\xfe\xba\xbe"), { kind: "program" }],
    ["a shell script", bytes("#!/bin/sh\nrm -rf /"), { kind: "program" }],
    ["a Windows shortcut", padded("L\0\0\0\x01\x14\x02\0"), { kind: "program" }],
    ["an old Word file", compound("WordDocument"), media("application/msword")],
    ["an old Excel file", compound("Workbook"), media("application/vnd.ms-excel")],
    ["an old Word file with macros", compound("WordDocument", "_VBA_PROJECT"), { kind: "macros" }],
    [
      "an installer",
      Buffer.concat([padded(OLE), Buffer.from("84100c0000000000c000000000000046", "hex")]),
      { kind: "program" },
    ],
    ["a Word file", zip([CONTENT_TYPES, "word/document.xml"]), inZip(WORD, [CONTENT_TYPES, "word/document.xml"])],
    ["a Word file with macros", zip([CONTENT_TYPES, "word/document.xml", "word/vbaProject.bin"]), { kind: "macros" }],
    ["an Excel file with Excel 4 macros", zip([CONTENT_TYPES, "xl/macrosheets/sheet1.xml"]), { kind: "macros" }],
    [
      "an OpenDocument text",
      zip({ mimetype: OPEN_TEXT, "content.xml": "<a/>" }),
      inZip(OPEN_TEXT, ["mimetype", "content.xml"]),
    ],
    [
      "an OpenDocument text with macros",
      zip({ mimetype: OPEN_TEXT, "Basic/script-lc.xml": "<a/>" }),
      { kind: "macros" },
    ],
    ["a Java program", zip(["META-INF/MANIFEST.MF", "A.class"]), { kind: "program" }],
    ["an archive", zip(["a.txt", "photos/b.jpg"]), { kind: "archive", names: ["a.txt", "photos/b.jpg"] }],
    ["an empty archive", zip([]), { kind: "archive", names: [] }],
    [
      "an archive after other bytes",
      Buffer.concat([zip(["a.txt"]).subarray(0, 4), Buffer.alloc(9), zip(["a.txt"])]),
      { kind: "archive", names: null },
    ],
    ["an archive cut short", zip(["a.txt", "b.txt"]).subarray(0, -30), { kind: "archive", names: null }],
    [
      "an archive with half an entry in its directory",
      bytes("PK\x03\x04PK\x01\x02PK\x05\x06\0\0\0\0\x01\0\x01\0\x04\0\0\0\0\0\0\0\0\0"),
      { kind: "archive", names: null },
    ],
    ["a 7z archive", padded("7z\xbc\xaf\x27\x1c"), { kind: "archive", names: null }],
    ["a tar archive", Buffer.concat([Buffer.alloc(257, 0x61), bytes("ustar")]), { kind: "archive", names: null }],
    ["an image of a disk", Buffer.concat([Buffer.alloc(32_769), bytes("CD001")]), { kind: "archive", names: null }],
  ])("%s", (_name, given, expected) => {
    expect(fileKindOf(given)).toEqual(expected);
  });

  // By Python's zipfile: compressed, with a name in UTF-8 and a comment at the end.
  const FROM_PYTHON =
    "UEsDBBQAAAgIAPpzdF1+XoMgCwAAAOcDAAAIAAAAYS/DvC50eHSrqBgFo2AUDHMAAFBLAwQUAAAACAD6c3RdFSbb+wMAAAAB" +
    "AAAABQAAAGIuZXhlqwQAUEsBAhQDFAAACAgA+nN0XX5egyALAAAA5wMAAAgAAAAAAAAAAAAAAIABAAAAAGEvw7wudHh0UEsB" +
    "AhQDFAAAAAgA+nN0XRUm2/sDAAAAAQAAAAUAAAAAAAAAAAAAAIABMQAAAGIuZXhlUEsFBgAAAAACAAIAaQAAAFcAAAACAGhp";
  it("reads an archive that another program wrote", () => {
    expect(fileKindOf(Buffer.from(FROM_PYTHON, "base64"))).toEqual({ kind: "archive", names: ["a/ü.txt", "b.exe"] });
  });

  it("is found for any bytes without a throw", () => {
    const starts = fc.constantFrom("PK\x03\x04", "PK\x05\x06", OLE, "MZ", "\0\0\0\0ftyp", "<", "\xff\xfe", "");
    fc.assert(
      fc.property(starts, fc.uint8Array({ maxLength: 300 }), fc.nat(60), (start, rest, cut) => {
        const end = zip(["x.txt"]).subarray(-cut);
        expect(fileKindOf(Buffer.concat([bytes(start), rest, end])).kind).toBeTypeOf("string");
      }),
      { numRuns: 500 },
    );
  });
});

describe("the refusal of a file", () => {
  it.each<[string, FileKind, string, string | undefined, string | null]>([
    ["a picture", media("image/png"), "a.png", "image/png", null],
    ["a picture of another name", media("image/png"), "a.pdf", "application/pdf", null],
    ["a PDF named as a program", media("application/pdf"), "a.pdf.exe", undefined, "it is a program or a script"],
    ["a program named as a picture", { kind: "program" }, "a.png", "image/png", "it is a program or a script"],
    ["a script that looks like text", text(), "run.ps1", "text/plain", "it is a program or a script"],
    ["macros under a plain name", { kind: "macros" }, "a.docx", undefined, "it is a document with macros"],
    ["an extension with macros", media(WORD), "a.docm", undefined, "it is a document with macros"],
    ["an archive of files", { kind: "archive", names: ["a.txt", "b/c.docx"] }, "a.zip", undefined, null],
    [
      "an archive with a program",
      { kind: "archive", names: ["a.txt", "b/C.EXE"] },
      "a.zip",
      undefined,
      "it is an archive with a program, a script or macros in it",
    ],
    [
      "an archive with an archive",
      { kind: "archive", names: ["a.tar.gz"] },
      "a.zip",
      undefined,
      "it is an archive with another one in it",
    ],
    [
      "an archive that can't be inspected",
      { kind: "archive", names: null },
      "a.7z",
      undefined,
      "it is an archive that can't be inspected; ask for the file itself, or a plain ZIP file",
    ],
    ["a web page as one", { kind: "html" }, "page.html", "text/html; charset=utf-8", null],
    [
      "a web page claimed to be a picture",
      { kind: "html" },
      "",
      "image/jpeg",
      "it is a web page, though it was said to be image/jpeg",
    ],
    [
      "a web page named as a PDF",
      { kind: "html" },
      "a.pdf",
      undefined,
      "it is a web page, though it was said to be “.pdf”",
    ],
    ["a web page without a name and type", { kind: "html" }, "", undefined, null],
    [
      "SVG claimed to be a JPEG",
      text("image/svg+xml"),
      "",
      "image/jpeg",
      "it is no picture, though it was said to be image/jpeg",
    ],
    [
      "SVG named as a picture",
      text("image/svg+xml"),
      "a.PNG",
      undefined,
      "it is no picture, though it was said to be “.png”",
    ],
    [
      "XML claimed to be a picture",
      text("application/xml"),
      "a.txt",
      "image/webp; q=1",
      "it is no picture, though it was said to be image/webp; q=1",
    ],
    ["text claimed to be a picture", text(), "a.png", "image/png", null],
    ["SVG as such", text("image/svg+xml"), "a.svg", "image/svg+xml", null],
    ["text as such", text(), "a.txt", "text/plain", null],
    ["a script of Python", text(), "a.py", undefined, "it is a program or a script"],
    ["settings that run", text("application/xml"), "a.settingcontent-ms", undefined, "it is a program or a script"],
  ])("%s", (_name, file, name, mediaType, expected) => {
    expect(refusalOf(file, { name, mediaType })).toBe(expected);
  });
});
