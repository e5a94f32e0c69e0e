/** Cleans file names from outside, so that they can be shown, stored and put into a URL. */
import type { StoredFile } from "./message.ts";
import { toNormalForm } from "./normal-form.ts";

/** Our choice: lists show no more, and every file system takes it (255 bytes) even at two bytes per character. */
const MAX_NAME_CHARACTERS = 120;
/** Invisible or reversing characters ("gpj.exe" shown as "exe.jpg"): controls, formats, line separators. */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;
/** Characters that Windows forbids in names; a colon would also name a hidden stream of a file. */
const RESERVED = /[<>:"|?*]/g;
/** Long enough for "settingcontent-ms". */
const EXTENSION = /\.([A-Za-z0-9_-]{1,20})$/;

/** Returns the last path segment, cleaned, of at most 120 characters; `fallback` when nothing is left. */
export function fileName(given: string, fallback: string): string {
  const last = toNormalForm(given.toWellFormed(), "NFC").split(/[/\\]/).at(-1) ?? "";
  const clean = last.replace(/\s+/gu, " ").replace(INVISIBLE, "").replace(/ +/g, " ").replace(RESERVED, "_").trim();
  const plain = clean.slice(0, endOf(clean));
  return plain === "" ? fallback : shorten(plain);
}

/** Returns "pdf" for "Invoice.PDF"; "" when there is no extension. */
export const extensionOf = (name: string): string => EXTENSION.exec(name)?.[1]?.toLowerCase() ?? "";

/** Path at which this server serves a stored file. */
export const filePath = ({ token, name }: Pick<StoredFile, "token" | "name">): string =>
  `/files/${token}/${encodeURIComponent(name)}`;

/** Windows drops trailing dots and spaces, so "setup.exe." would become "setup.exe". */
function endOf(name: string): number {
  let end = name.length;
  while (end > 0 && (name[end - 1] === "." || name[end - 1] === " ")) end--;
  return end;
}

/** Cuts before the extension, which decides the program that opens the file. */
function shorten(name: string): string {
  if (name.length <= MAX_NAME_CHARACTERS) return name;
  const extension = EXTENSION.exec(name)?.[0] ?? "";
  let stem = name.slice(0, MAX_NAME_CHARACTERS - extension.length - 1);
  // The cut may have split a surrogate pair.
  if (!stem.isWellFormed()) stem = stem.slice(0, -1);
  return `${stem}…${extension}`;
}
