/**
 * Detects the kind of a file from its bytes, since names and types that came with it can't be trusted. Signatures are
 * from the WHATWG MIME Sniffing standard (https://mimesniff.spec.whatwg.org) and Wikipedia's list of file signatures.
 */
import { own } from "../lib/own.ts";
import type { FileKind } from "./file-kind.ts";
import { zipKind } from "./zip-kind.ts";

const media = (type: string): FileKind => ({ kind: "media", type });
const CLOSED: FileKind = { kind: "archive", names: null };
const PROGRAM: FileKind = { kind: "program" };

/** [bytes in Latin-1, kind, position]. The first match counts. */
const SIGNATURES: readonly (readonly [string, FileKind, number?])[] = [
  ["\xff\xd8\xff", media("image/jpeg")],
  ["\x89PNG\r\n\x1a\n", media("image/png")],
  ["GIF87a", media("image/gif")],
  ["GIF89a", media("image/gif")],
  ["II*\0", media("image/tiff")],
  ["MM\0*", media("image/tiff")],
  ["\0\0\0\0", media("image/bmp"), 6],
  ["WEBP", media("image/webp"), 8],
  ["WAVE", media("audio/vnd.wave"), 8],
  ["AVI ", media("video/x-msvideo"), 8],
  ["ID3", media("audio/mpeg")],
  ["\xff\xfb", media("audio/mpeg")],
  ["\xff\xf3", media("audio/mpeg")],
  ["\xff\xf2", media("audio/mpeg")],
  ["\xff\xf1", media("audio/aac")],
  ["\xff\xf9", media("audio/aac")],
  ["#!AMR", media("audio/amr")],
  ["OggS", media("audio/ogg")],
  ["fLaC", media("audio/flac")],
  ["\x1aE\xdf\xa3", media("video/webm")],
  ["\0\0\x01\xba", media("video/mpeg")],
  ["%PDF-", media("application/pdf")],
  ["{\\rtf", media("text/rtf")],
  ["7z\xbc\xaf\x27\x1c", CLOSED],
  ["Rar!\x1a\x07", CLOSED],
  ["\x1f\x8b", CLOSED],
  ["BZh", CLOSED],
  ["\xfd7zXZ\0", CLOSED],
  ["\x28\xb5\x2f\xfd", CLOSED],
  ["MSCF", CLOSED],
  ["ustar", CLOSED, 257],
  ["CD001", CLOSED, 32_769],
  ["vhdxfile", CLOSED],
  ["\x7fELF", PROGRAM],
  ["\xfe\xed\xfa\xce", PROGRAM],
  ["\xfe\xed\xfa\xcf", PROGRAM],
  ["\xce\xfa\xed\xfe", PROGRAM],
  ["\xcf\xfa\xed\xfe", PROGRAM],
  // A Java class, or a Mach-O file for several processors.
  ["\xca\xfe\xba\xbe", PROGRAM],
  ["\0asm", PROGRAM],
  ["dex\n", PROGRAM],
  // A Windows shortcut, and compiled help: both start programs.
  ["L\0\0\0\x01\x14\x02\0", PROGRAM],
  ["ITSF", PROGRAM],
  // OneNote: attachments of a page run at a click.
  ["\xe4R\\{\x8c\xd8\xa7M", PROGRAM],
  ["#!", PROGRAM],
];

/** Beginnings required of types whose signature is not at the start of the file. */
const BEGINNINGS: Readonly<Record<string, string>> = {
  "image/bmp": "BM",
  "image/webp": "RIFF",
  "audio/vnd.wave": "RIFF",
  "video/x-msvideo": "RIFF",
};

/** ISO base media files by their brand (https://mp4ra.org/registered-types/brands). */
const BRANDS: readonly (readonly [RegExp, string])[] = [
  [/^(?:hei[cxms]|hev[cx])/, "image/heic"],
  [/^(?:mif1|msf1)/, "image/heif"],
  [/^avi[fs]/, "image/avif"],
  [/^3g2/, "video/3gpp2"],
  [/^3g/, "video/3gpp"],
  [/^qt/, "video/quicktime"],
  [/^M4[AB]/, "audio/mp4"],
];

const HEAD_BYTES = 33_000;
/** Text that may stand before the first element. */
const PROLOGUE = /^\s*(?:<\?xml[^>]*\?>\s*)?(?:<!--[\s\S]*?-->\s*)*/i;
/** Beginnings of a web page: those of the MIME Sniffing standard, and other elements that can stand there alone. */
const HTML =
  /^(?:<!doctype html|<(?:html|head|script|iframe|h1|div|font|table|a|style|title|b|body|br|p|form|input|button|img|video|audio|object|embed|link|meta|base|math|center|span|pre|ul|ol|section|main|header|nav|article|details|frameset)[\s>]|<!--)/i;
const SVG = /^(?:<!doctype svg[\s\S]*)?<svg[\s>/]/i;
/** Controls that a text may have: tab, line feed, form feed, carriage return, escape (MIME Sniffing standard, 3). */
const TEXT_CONTROLS: ReadonlySet<number> = new Set([0x09, 0x0a, 0x0c, 0x0d, 0x1b]);
const SPACE = 0x20;

/** Detects the kind of a file. Never throws. */
export function fileKindOf(bytes: Uint8Array): FileKind {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const head = buffer.toString("latin1", 0, HEAD_BYTES);
  if (isWindowsProgram(buffer, head)) return PROGRAM;
  if (head.startsWith("PK\x03\x04") || head.startsWith("PK\x05\x06")) return zipKind(buffer);
  if (head.startsWith("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")) return compoundKind(buffer);
  if (head.startsWith("ftyp", 4))
    return media(BRANDS.find(([brand]) => brand.test(head.slice(8, 12)))?.[1] ?? "video/mp4");
  return SIGNATURES.find((signature) => hasSignature(head, signature))?.[1] ?? textKind(buffer);
}

function hasSignature(head: string, [mark, what, at = 0]: (typeof SIGNATURES)[number]): boolean {
  if (!head.startsWith(mark, at)) return false;
  return what.kind !== "media" || head.startsWith(own(BEGINNINGS, what.type) ?? "");
}

/** "MZ" alone may begin a text; a program has the position of its "PE" at byte 60, or is for DOS and has NULs. */
const isWindowsProgram = (bytes: Buffer, head: string): boolean =>
  head.startsWith("MZ") && (bytes.length < 64 ? isBinary(head) : head.slice(0, 1_024).includes("\0"));

/** True when the text has a "binary data byte". */
function isBinary(text: string): boolean {
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code < SPACE && !TEXT_CONTROLS.has(code)) return true;
  }
  return false;
}

/**
 * Tells apart Office files until 2003, Outlook messages and Windows installers, which share a format, by the names of
 * their streams.
 */
function compoundKind(bytes: Buffer): FileKind {
  const has = (stream: string) => bytes.includes(Buffer.from(stream, "utf16le"));
  // The class id of an installer (MSI) stands in the root entry.
  if (bytes.includes(Buffer.from("84100c0000000000c000000000000046", "hex"))) return PROGRAM;
  if (has("_VBA_PROJECT")) return { kind: "macros" };
  if (has("WordDocument")) return media("application/msword");
  if (has("Workbook")) return media("application/vnd.ms-excel");
  if (has("PowerPoint Document")) return media("application/vnd.ms-powerpoint");
  return has("__properties_version1.0") ? media("application/vnd.ms-outlook") : { kind: "unknown" };
}

function textKind(bytes: Buffer): FileKind {
  const text = decodeText(bytes.subarray(0, HEAD_BYTES));
  if (isBinary(text)) return { kind: "unknown" };
  const isXml = /^\s*<\?xml\s/i.test(text);
  const start = text.replace(PROLOGUE, "");
  if (HTML.test(start) || (isXml && /<html[\s>]/i.test(start))) return { kind: "html" };
  if (SVG.test(start)) return { kind: "text", type: "image/svg+xml" };
  if (/^BEGIN:VCARD\r?\n/i.test(start)) return { kind: "text", type: "text/vcard" };
  if (/^BEGIN:VCALENDAR\r?\n/i.test(start)) return { kind: "text", type: "text/calendar" };
  return { kind: "text", type: isXml ? "application/xml" : null };
}

/**
 * Decodes UTF-16 with a byte order mark, else UTF-8; invalid bytes become U+FFFD, which hides no beginning of a web
 * page.
 */
function decodeText(head: Buffer): string {
  const [first, second] = head;
  const encoding =
    first === 0xff && second === 0xfe ? "utf-16le" : first === 0xfe && second === 0xff ? "utf-16be" : "utf-8";
  return new TextDecoder(encoding).decode(head);
}
