/** Tells what a ZIP file is: by the names in its directory, and of an Office file by its list of types and its binary parts. */
import type { FileKind } from "./file-kind.ts";
import { unpackEntry, type ZipEntry, zipDirectory } from "./zip-directory.ts";

const OFFICE: readonly (readonly [string, string])[] = [
  ["word/", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"],
  ["xl/", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"],
  ["ppt/", "application/vnd.openxmlformats-officedocument.presentationml.presentation"],
];
const OFFICE_TYPES = "[content_types].xml";
/** OpenDocument 1.3, part 2, table of media types, without databases, which are programs more than documents; EPUB 3.3. */
const DECLARED =
  /^application\/(?:epub\+zip|vnd\.oasis\.opendocument\.(?:(?:text|spreadsheet|presentation|graphics|chart|formula|image)(?:-template)?|text-master|text-web))$/;
/** Code in Office files (also of Excel 4), and in OpenDocument files. */
const MACROS = /(?:^|\/)(?:vbaproject\.bin$|macrosheets\/|basic\/|scripts\/)/;
/** The same in the list of types: a part may have any name, but not any type. */
const MACRO_TYPES = /vbaProject|macro(?:Enabled|sheet)/i;
const PROGRAMS = /^(?:meta-inf\/manifest\.mf|androidmanifest\.xml|appxmanifest\.xml|classes\.dex)$/;

const OLE = Buffer.from("d0cf11e0a1b11ae1", "hex");
const VBA_STREAM = Buffer.from("_VBA_PROJECT", "utf16le");
/** Ours: a list of types has a line for each part, some 100 bytes. */
const MAX_TYPES_BYTES = 1024 * 1024;
/** Ours: code is small; a part beyond this is a picture or a film in an old wrapping. */
const MAX_PART_BYTES = 4 * 1024 * 1024;
/** Ours: of all binary parts together, so that small files do not unpack to much. */
const MAX_PARTS_BYTES = 16 * 1024 * 1024;

/** A document, a program, or an archive with the names in it. */
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
    // No Office program opens it then.
    if (types === null) return { kind: "archive", names: null };
    if (MACRO_TYPES.test(types) || hasCode(bytes, entries)) return { kind: "macros" };
  }
  const type = declared ?? OFFICE.find(([folder]) => paths.some((path) => path.startsWith(folder)))?.[1];
  return type === undefined ? { kind: "archive", names } : { kind: "package", type, names };
}

/** As Office compares them: in one case, with slashes, from the root. */
const pathOf = (name: string): string =>
  name
    .replaceAll("\\", "/")
    .replace(/^(?:\.?\/)+/, "")
    .toLowerCase();

/** The media type that the first entry says, where it is one that is said so. */
function declaredType(bytes: Buffer, first: ZipEntry | undefined): string | undefined {
  if (first?.name !== "mimetype" || first.method !== 0) return undefined;
  return DECLARED.exec(bytes.toString("latin1", first.from, first.from + Math.min(first.packed, 200)).trim())?.[0];
}

/** The lists of types as text, in whichever encoding; null where one can't be read. */
function typesIn(bytes: Buffer, entries: readonly ZipEntry[]): string | null {
  const lists = entries.filter(({ name }) => pathOf(name) === OFFICE_TYPES);
  const texts = lists.map((entry) =>
    unpackEntry(bytes, entry, MAX_TYPES_BYTES)?.toString("latin1").replaceAll("\0", ""),
  );
  return texts.includes(undefined)
    ? null
    : texts.join("").replace(/&#(?:x([0-9a-f]{1,6})|(\d{1,7}));/gi, decodeReference);
}

/** The sign of ASCII that a reference stands for. */
function decodeReference(reference: string, hex: string | undefined, decimal: string | undefined): string {
  const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
  return code < 0x80 ? String.fromCharCode(code) : reference;
}

/** True where a binary part, such as an embedded document of old, holds code. */
function hasCode(bytes: Buffer, entries: readonly ZipEntry[]): boolean {
  let left = MAX_PARTS_BYTES;
  return entries.some((entry) => {
    if (!/\.bin$/i.test(entry.name) || left <= 0) return false;
    const part = unpackEntry(bytes, entry, Math.min(MAX_PART_BYTES, left));
    left -= part?.length ?? MAX_PART_BYTES;
    return part !== null && part.subarray(0, OLE.length).equals(OLE) && part.includes(VBA_STREAM);
  });
}
