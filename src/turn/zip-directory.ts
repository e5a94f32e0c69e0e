/**
 * Reads the directory of a ZIP file (APPNOTE.TXT 6.3.10, 4.3.7, 4.3.12 and 4.3.16). It is trusted only where all places
 * in the file agree, since programs read different places and a file may be visible to only some of them.
 */
import { inflateRawSync } from "node:zlib";

const END_RECORD = Buffer.from("PK\x05\x06", "latin1");
const ENTRY = Buffer.from("PK\x01\x02", "latin1");
const HEADER = Buffer.from("PK\x03\x04", "latin1");
const END_BYTES = 22;
const ENTRY_BYTES = 46;
const HEADER_BYTES = 30;
/** More entries than any document has; a file with more counts as unreadable. */
const MAX_ENTRIES = 20_000;
/** General purpose flag: the sizes follow the data instead of standing in the header. */
const SIZES_BEHIND = 0x08;
/** Marker: the size is in an extra field. */
const ELSEWHERE = 0xff_ff_ff_ff;
/** Id of Info-ZIP's Unicode Path, a name that replaces the entry's own (4.6.9). */
const UNICODE_PATH = 0x70_75;
const [STORED, DEFLATED] = [0, 8];

export interface ZipEntry {
  /** As stored; for a file without trailing slashes, which only folders have. */
  name: string;
  /** The name that some programs use instead; null: none. */
  otherName: string | null;
  method: number;
  /** Packed size in bytes. */
  packed: number;
  /** Position of its data. */
  from: number;
}

/** Reads all entries; null where the end record, the directory and the entries' headers disagree or can't be read. */
export function zipDirectory(bytes: Buffer): ZipEntry[] | null {
  const end = bytes.lastIndexOf(END_RECORD);
  if (end < 0 || end + END_BYTES > bytes.length) return null;
  if (end + END_BYTES + bytes.readUInt16LE(end + 20) !== bytes.length) return null;
  const count = bytes.readUInt16LE(end + 10);
  const start = bytes.readUInt32LE(end + 16);
  if (start + bytes.readUInt32LE(end + 12) !== end || bytes.readUInt16LE(end + 8) !== count) return null;
  if (count > MAX_ENTRIES) return null;
  const listed: Listing[] = [];
  let at = start;
  while (at < end) {
    const entry = readListing(bytes, at, end);
    if (entry === null) return null;
    listed.push(entry);
    at = entry.next;
  }
  return listed.length === count ? locateData(bytes, listed, start) : null;
}

interface Listing {
  nameBytes: Buffer;
  otherName: string | null;
  method: number;
  packed: number;
  size: number;
  header: number;
  /** Position of the next record. */
  next: number;
}

function readListing(bytes: Buffer, at: number, end: number): Listing | null {
  if (at + ENTRY_BYTES > end || !bytes.subarray(at, at + 4).equals(ENTRY)) return null;
  const extra = at + ENTRY_BYTES + bytes.readUInt16LE(at + 28);
  const comment = extra + bytes.readUInt16LE(at + 30);
  const next = comment + bytes.readUInt16LE(at + 32);
  if (next > end) return null;
  return {
    nameBytes: bytes.subarray(at + ENTRY_BYTES, extra),
    otherName: unicodePath(bytes.subarray(extra, comment)),
    method: bytes.readUInt16LE(at + 10),
    packed: bytes.readUInt32LE(at + 20),
    size: bytes.readUInt32LE(at + 24),
    header: bytes.readUInt32LE(at + 42),
    next,
  };
}

function unicodePath(extra: Buffer): string | null {
  for (let at = 0; at + 4 <= extra.length; at += 4 + extra.readUInt16LE(at + 2)) {
    const to = at + 4 + extra.readUInt16LE(at + 2);
    // A version and a checksum come before the name.
    if (extra.readUInt16LE(at) === UNICODE_PATH) return extra.toString("utf8", at + 9, to);
  }
  return null;
}

/** Finds the data of each entry; null where entries overlap, or unlisted ones stand between them. */
function locateData(bytes: Buffer, listed: readonly Listing[], start: number): ZipEntry[] | null {
  const entries = new Map<Listing, ZipEntry>();
  let free = 0;
  for (const entry of listed.toSorted((left, right) => left.header - right.header)) {
    const from = dataOf(bytes, entry, start);
    if (from === null || entry.header < free || hasHeader(bytes, free, entry.header)) return null;
    free = from + (entry.packed === ELSEWHERE ? 0 : entry.packed);
    if (free > start) return null;
    const { nameBytes, otherName, method, packed, size } = entry;
    const whole = nameBytes.toString("utf8");
    const name = packed > 0 || size > 0 ? withoutSlashes(whole) : whole;
    entries.set(entry, { name, otherName, method, packed, from });
  }
  if (hasHeader(bytes, free, start)) return null;
  return listed.flatMap((entry) => entries.get(entry) ?? []);
}

/** Position of an entry's data; null where its header is missing or contradicts the directory. */
function dataOf(bytes: Buffer, { header, nameBytes, packed }: Listing, start: number): number | null {
  if (header + HEADER_BYTES > start || !bytes.subarray(header, header + 4).equals(HEADER)) return null;
  const extra = header + HEADER_BYTES + bytes.readUInt16LE(header + 26);
  if (!bytes.subarray(header + HEADER_BYTES, extra).equals(nameBytes)) return null;
  const said = bytes.readUInt32LE(header + 18);
  const isSaid = said !== ELSEWHERE && (bytes.readUInt16LE(header + 6) & SIZES_BEHIND) === 0;
  if (isSaid && packed !== ELSEWHERE && said !== packed) return null;
  return extra + bytes.readUInt16LE(header + 28);
}

const hasHeader = (bytes: Buffer, from: number, to: number): boolean => bytes.subarray(from, to).includes(HEADER);

function withoutSlashes(name: string): string {
  let end = name.length;
  while (end > 0 && (name[end - 1] === "/" || name[end - 1] === "\\")) end--;
  return name.slice(0, end);
}

/** Unpacks an entry; null where it has more than `maxBytes`, is encrypted, or uses another method than Deflate. */
export function unpackEntry(bytes: Buffer, { method, packed, from }: ZipEntry, maxBytes: number): Buffer | null {
  const data = bytes.subarray(from, from + packed);
  if (method === STORED) return data.length <= maxBytes ? data : null;
  if (method !== DEFLATED) return null;
  try {
    return inflateRawSync(data, { maxOutputLength: maxBytes });
  } catch {
    return null;
  }
}
