/** The kind of a ZIP file, by the names in its directory; nothing is unpacked (APPNOTE.TXT 6.3.10, 4.3.12 and 4.3.16). */
import type { Seen } from "./media-type.ts";

const END_RECORD = Buffer.from("PK\x05\x06", "latin1");
const ENTRY = Buffer.from("PK\x01\x02", "latin1");
const END_BYTES = 22;
const ENTRY_BYTES = 46;
/** A comment after the end record is at most this long. */
const MAX_COMMENT_BYTES = 65_535;
/** More names than any document has; beyond this it counts as one that can't be looked into. */
const MAX_ENTRIES = 20_000;

const OFFICE: readonly (readonly [string, string])[] = [
  ["word/", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"],
  ["xl/", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"],
  ["ppt/", "application/vnd.openxmlformats-officedocument.presentationml.presentation"],
];
/** Code in Office files (also of Excel 4), and in OpenDocument files. */
const MACROS = /(?:^|\/)(?:vbaProject\.bin$|macrosheets\/|Basic\/|Scripts\/)/i;
const PROGRAMS = /^(?:META-INF\/MANIFEST\.MF|AndroidManifest\.xml|AppxManifest\.xml|classes\.dex)$/i;

/** A document, a program, or an archive with the names in it. */
export function zipContents(bytes: Buffer): Seen {
  const names = entryNames(bytes);
  if (names === null) return { kind: "archive", names };
  const declared = /^mimetype(application\/[\w.+-]+)/.exec(bytes.toString("latin1", 30, 200))?.[1];
  const isOffice = names.includes("[Content_Types].xml");
  if (isOffice || declared !== undefined) {
    if (names.some((name) => MACROS.test(name))) return { kind: "macros" };
    const office = OFFICE.find(([folder]) => names.some((name) => name.startsWith(folder)))?.[1];
    const type = declared?.replace(/PK$/, "") ?? office;
    if (type !== undefined) return { kind: "media", type };
  }
  if (names.some((name) => PROGRAMS.test(name))) return { kind: "program" };
  return { kind: "archive", names };
}

/** The names in the directory at the end; null where it can't be read. */
function entryNames(bytes: Buffer): string[] | null {
  const end = bytes.lastIndexOf(END_RECORD);
  if (end < 0 || end + END_BYTES > bytes.length || end < bytes.length - END_BYTES - MAX_COMMENT_BYTES) return null;
  const [count, size] = [bytes.readUInt16LE(end + 10), bytes.readUInt32LE(end + 12)];
  // An archive with something before it has wrong offsets; the directory ends where the end record begins.
  let at = end - size;
  if (at < 0 || count > MAX_ENTRIES) return null;
  const names: string[] = [];
  for (let n = 0; n < count; n++) {
    if (at + ENTRY_BYTES > end || !bytes.subarray(at, at + 4).equals(ENTRY)) return null;
    const nameBytes = bytes.readUInt16LE(at + 28);
    names.push(bytes.toString("utf8", at + ENTRY_BYTES, at + ENTRY_BYTES + nameBytes));
    at += ENTRY_BYTES + nameBytes + bytes.readUInt16LE(at + 30) + bytes.readUInt16LE(at + 32);
  }
  return names;
}
