/**
 * Detects the kind of a ZIP file by the names in its directory, and that of an Office file also by its list of types
 * and its binary parts.
 */
import type { FileKind } from "./file-kind.ts";
import { unpackEntry, type ZipEntry, zipDirectory } from "./zip-directory.ts";

const OFFICE: readonly (readonly [string, string])[] = [
  ["word/", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"],
  ["xl/", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"],
  ["ppt/", "application/vnd.openxmlformats-officedocument.presentationml.presentation"],
];
const OFFICE_TYPES = "[content_types].xml";
/** OpenDocument 1.3, part 2, table of media types, without databases, which act as programs; EPUB 3.3. */
const DECLARED =
  /^application\/(?:epub\+zip|vnd\.oasis\.opendocument\.(?:(?:text|spreadsheet|presentation|graphics|chart|formula|image)(?:-template)?|text-master|text-web))$/;
/** Paths of code in Office files (also of Excel 4) and OpenDocument files. */
const MACROS = /(?:^|\/)(?:vbaproject\.bin$|macrosheets\/|basic\/|scripts\/)/;
/** The same in the list of types, since a part may have any name, but not any type. */
const MACRO_TYPES = /vbaProject|macro(?:Enabled|sheet)/i;
const PROGRAMS = /^(?:meta-inf\/manifest\.mf|androidmanifest\.xml|appxmanifest\.xml|classes\.dex)$/;

const OLE = Buffer.from("d0cf11e0a1b11ae1", "hex");
const VBA_STREAM = Buffer.from("_VBA_PROJECT", "utf16le");
/** Our choice: a list of types has about 100 bytes for each part. */
const MAX_TYPES_BYTES = 1024 * 1024;
/** Our choice: code is small, and a larger part is an embedded picture or film. */
const MAX_PART_BYTES = 4 * 1024 * 1024;
/** Our choice, for all binary parts together, so that a small file does not unpack to a huge one. */
const MAX_PARTS_BYTES = 16 * 1024 * 1024;

/** Detects a document, a program, or an archive with the names in it. */
export function zipKind(bytes: Buffer): FileKind {
  const entries = zipDirectory(bytes);
  if (entries === null) return { kind: "archive", names: null };
  const names = entries.flatMap(({ name, otherName }) => (otherName === null ? [name] : [name, otherName]));
  const paths = names.map(pathOf);
  if (paths.some((path) => PROGRAMS.test(path))) return { kind: "program" };
  const declared = declaredType(bytes, entries[0]);
  const isOffice = paths.includes(OFFICE_TYPES);
  if (!isOffice && declared === undefined) return { kind: "archive", names };
  if (paths.some((path) => MACROS.test(path))) return { kind: "macros" };
  if (isOffice) {
    const types = typesIn(bytes, entries);
    // Office does not open such a file.
    if (types === null) return { kind: "archive", names: null };
    if (MACRO_TYPES.test(types) || hasCode(bytes, entries)) return { kind: "macros" };
  }
  const type = declared ?? OFFICE.find(([folder]) => paths.some((path) => path.startsWith(folder)))?.[1];
  return type === undefined ? { kind: "archive", names } : { kind: "package", type, names };
}

/** Normalizes a path as Office compares it: lower case, with slashes, from the root. */
const pathOf = (name: string): string =>
  name
    .replaceAll("\\", "/")
    .replace(/^(?:\.?\/)+/, "")
    .toLowerCase();

/** The media type declared by the first entry, where it is one that files declare this way. */
function declaredType(bytes: Buffer, first: ZipEntry | undefined): string | undefined {
  if (first?.name !== "mimetype" || first.method !== 0) return undefined;
  return DECLARED.exec(bytes.toString("latin1", first.from, first.from + Math.min(first.packed, 200)).trim())?.[0];
}

/** The lists of types as text, in any encoding; null where one can't be read. */
function typesIn(bytes: Buffer, entries: readonly ZipEntry[]): string | null {
  const lists = entries.filter(({ name }) => pathOf(name) === OFFICE_TYPES);
  const texts = lists.map((entry) =>
    unpackEntry(bytes, entry, MAX_TYPES_BYTES)?.toString("latin1").replaceAll("\0", ""),
  );
  return texts.includes(undefined)
    ? null
    : texts.join("").replace(/&#(?:x([0-9a-f]{1,6})|(\d{1,7}));/gi, decodeReference);
}

/** Decodes a character reference to an ASCII character; leaves others as they are. */
function decodeReference(reference: string, hex: string | undefined, decimal: string | undefined): string {
  const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
  return code < 0x80 ? String.fromCharCode(code) : reference;
}

/** True when a binary part, such as an embedded old document, contains code. */
function hasCode(bytes: Buffer, entries: readonly ZipEntry[]): boolean {
  let left = MAX_PARTS_BYTES;
  return entries.some((entry) => {
    if (!/\.bin$/i.test(entry.name) || left <= 0) return false;
    const part = unpackEntry(bytes, entry, Math.min(MAX_PART_BYTES, left));
    left -= part?.length ?? MAX_PART_BYTES;
    return part !== null && part.subarray(0, OLE.length).equals(OLE) && part.includes(VBA_STREAM);
  });
}
