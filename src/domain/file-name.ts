/** Names of files as strangers give them, made fit to be shown, stored, and put into an address. */
import type { StoredFile } from "./message.ts";
import { toNormalForm } from "./normal-form.ts";

/** Ours: no list shows more, and every file system takes it (255 bytes) even where a character is two. */
const MAX_NAME_CHARACTERS = 120;
/** Invisible, or turns what follows around ("gpj.exe" shown as "exe.jpg"): controls, formats, separators of lines. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;
/** Not allowed in a name by Windows, where a colon also names a hidden stream of a file. */
const RESERVED = /[<>:"|?*]/g;
/** "settingcontent-ms" is one, and long. */
const EXTENSION = /\.([A-Za-z0-9_-]{1,20})$/;

/** The last part of a name without what deceives or breaks; `fallback` where nothing is left. At most 120 characters. */
export function fileName(given: string, fallback: string): string {
  const last = toNormalForm(given.toWellFormed(), "NFC").split(/[/\\]/).at(-1) ?? "";
  const clean = last.replace(/\s+/gu, " ").replace(UNSEEN, "").replace(/ +/g, " ").replace(RESERVED, "_").trim();
  const plain = clean.slice(0, endOf(clean));
  return plain === "" ? fallback : shorten(plain);
}

/** "pdf" of "Invoice.PDF"; "" where there is none. */
export const extensionOf = (name: string): string => EXTENSION.exec(name)?.[1]?.toLowerCase() ?? "";

/** Where a file of ours is read, on this server. */
export const filePath = ({ token, name }: Pick<StoredFile, "token" | "name">): string =>
  `/files/${token}/${encodeURIComponent(name)}`;

/** Windows drops dots and spaces at the end, so "setup.exe." would be "setup.exe". */
function endOf(name: string): number {
  let end = name.length;
  while (end > 0 && (name[end - 1] === "." || name[end - 1] === " ")) end--;
  return end;
}

/** Cut before the extension, which says what the file is opened with. */
function shorten(name: string): string {
  if (name.length <= MAX_NAME_CHARACTERS) return name;
  const extension = EXTENSION.exec(name)?.[0] ?? "";
  let stem = name.slice(0, MAX_NAME_CHARACTERS - extension.length - 1);
  // Half of a surrogate pair is no character.
  if (!stem.isWellFormed()) stem = stem.slice(0, -1);
  return `${stem}…${extension}`;
}
