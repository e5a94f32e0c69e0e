/** Brings what operators type into the one form in which note marks are sought. Takes time in proportion to the text. */
import { inForm } from "../../domain/normal-form.ts";

/** Format characters, controls, accents and variation selectors, and characters that look like nothing. */
const UNSEEN = /\p{Cf}|\p{M}|(?!\s)\p{Cc}|[\u2800\u3164\u115f\u1160\uffa0]/gu;
/** Slashes and semicolons that NFKD leaves alone: division, fraction, big, box drawing; Arabic, reversed. */
const SLASHES = /[\u2044\u2215\u29f8\u2571\u27cb]/g;
const DOUBLE_SLASH = /\u2afd/g;
const SEMICOLONS = /[\u061b\u204f]/g;
const COLONS = /[\ua789\u2236\u02d0\u05c3\u0589]/g;
const APOSTROPHES = /[‘’‛´]/g;

/**
 * In one case, width and spelling, without what nobody sees: "Ｎöｔｅ：" is "note:", and what platforms write for a lock
 * and for angle brackets is these. Keeps line ends.
 */
export function folded(text: string): string {
  return inForm(text, "NFKD")
    .replace(UNSEEN, "")
    .replace(DOUBLE_SLASH, "//")
    .replace(SLASHES, "/")
    .replace(SEMICOLONS, ";")
    .replace(COLONS, ":")
    .replace(APOSTROPHES, "'")
    .toLowerCase()
    .replaceAll(":lock:", "🔒")
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">");
}

/** The lines that have something in them, with single spaces. */
export function linesOf(text: string): string[] {
  return text
    .split(/[\n\v\f\r\u0085\u2028\u2029]/)
    .map((line) => line.replace(/\s+/gu, " ").trim())
    .filter((line) => line !== "");
}

/** A face of signs, by itself. */
export const SMILEY = /^[:;=8][-'^o]?[)(/\\|dp3*\]](?= |$)/u;

/**
 * Signs that may stand before a mark: a face, the number of a list, and any sign but those that begin a mark; a bracket only
 * before a sign. None of these can fail after it has matched, so this never goes back.
 */
const ORNAMENT = new RegExp(
  `^(?:${SMILEY.source.slice(1)}|\\(?(?:\\p{N}{1,3}|\\p{L})[.)] +|[^\\p{L}\\p{N}/\\\\;@🔒[({<«‹〔【〖《〈「『]|[[({<](?=//|;;|🔒|/))+`,
  "u",
);

/** A line without bullets, quotation marks, marks of bold and code, and emoji before its first word or sign. */
export const withoutOrnament = (line: string): string => line.replace(ORNAMENT, "");
