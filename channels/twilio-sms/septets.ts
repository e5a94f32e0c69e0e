/**
 * Computes the size of a text on the air. GSM 03.38 packs 7 bits a character; a single character outside it turns the whole
 * message into UCS-2 at 16 bits. Both are measured in septets, so that a part's limit is a number of segments.
 */
import { toNormalForm } from "../../src/domain/normal-form.ts";
import { SEGMENT } from "./limits.ts";

const GSM_BASIC = new Set(
  "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?" +
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà",
);
/** Characters that take an escape: two septets, never split. */
const GSM_EXTENSION = new Set("\f^{}\\[~]|€");

/** Typography with a plain replacement. Letters are never replaced: "ç" is not "c". */
const REPLACEMENTS: readonly (readonly [RegExp, string])[] = [
  [/[\t\u00a0\u2000-\u200a\u202f\u205f]/g, " "],
  [/[\u2018\u2019\u201a\u201b\u2032]/g, "'"],
  [/[\u201c\u201d\u201e\u201f\u2033\u00ab\u00bb]/g, '"'],
  [/[\u2010-\u2015\u2212]/g, "-"],
  [/\u2026/g, "..."],
];

/** Returns the text as sent: with plain replacements if they keep the message in GSM-7, otherwise only composed (NFC). */
export function airText(text: string): string {
  const plain = plainText(text);
  return gsmSeptets(plain) === null ? toNormalForm(text, "NFC").toWellFormed() : plain;
}

/**
 * Counts the septets of a text. A 16-bit unit of UCS-2 counts as 153/67, the ratio of the segments' capacities, and an
 * ellipsis as three dots: so a longer text never measures less, which `cut` relies on.
 */
export function septets(text: string): number {
  const plain = plainText(text);
  return gsmSeptets(plain) ?? Math.ceil((plain.length * SEGMENT.gsm.each) / SEGMENT.ucs2.each);
}

export interface Segments {
  encoding: "gsm-7" | "ucs-2";
  /** Septets, or 16-bit units. */
  units: number;
  /** Segments that the carrier bills. */
  count: number;
}

/** Counts the segments of a text, exactly as given. Escape and surrogate pairs are not split, which may leave gaps. */
export function segments(text: string): Segments {
  const septets = gsmSeptets(text);
  const encoding = septets === null ? "ucs-2" : "gsm-7";
  const units = septets ?? text.length;
  const { single, each } = septets === null ? SEGMENT.ucs2 : SEGMENT.gsm;
  if (units <= single) return { encoding, units, count: 1 };
  let count = 1;
  let used = 0;
  for (const character of text) {
    const width = septets === null ? character.length : GSM_EXTENSION.has(character) ? 2 : 1;
    if (used + width > each) {
      count++;
      used = 0;
    }
    used += width;
  }
  return { encoding, units, count };
}

function plainText(text: string): string {
  return REPLACEMENTS.reduce((plain, [twin, by]) => plain.replace(twin, by), toNormalForm(text, "NFC"));
}

function gsmSeptets(text: string): number | null {
  let sum = 0;
  for (const character of text) {
    if (GSM_BASIC.has(character)) sum += 1;
    else if (GSM_EXTENSION.has(character)) sum += 2;
    else return null;
  }
  return sum;
}
