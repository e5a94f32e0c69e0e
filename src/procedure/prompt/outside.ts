/**
 * Text from outside in a prompt: cleaned, cut where it is too long, and between fences that nothing in it can close. The
 * engine's rules tell the model that what stands between fences is data.
 */
import { fenceOutside } from "./fence.ts";
import { hashOf } from "./hash.ts";

/** Kinds of outside text, as the model sees them. */
export type OutsideLabel =
  | "customer"
  | "colleague"
  | "file_names"
  | "result"
  | "refusal"
  | "value"
  | "sentence"
  | "open_question";

/** Makes a block of outside text. */
export type Fencing = (label: OutsideLabel, text: string, maxCharacters: number) => string;

/**
 * Control characters but tab and line break; overrides and isolates of the writing direction; invisible characters, and
 * those of the tag block, which spell hidden text.
 */
const HIDDEN = /(?![\t\n])[\p{Cc}\u00AD\u200B\u202A-\u202E\u2060-\u2069\uFEFF\uFFF9-\uFFFB\u{E0000}-\u{E007F}]/gu;

/** Removes what is not shown, or shows a text as another one. */
export const cleaned = (text: string): string =>
  text
    .toWellFormed()
    .replaceAll(/\r\n?|[\u2028\u2029\u0085]/gu, "\n")
    .replaceAll(HIDDEN, "");

/** Creates the fences of a prompt. `seed`: the conversation; the same seed and text always give the same fence. */
export function createFencing(seed: string): Fencing {
  return (label, text, maxCharacters) => {
    const whole = cleaned(text);
    const shown = whole.slice(0, maxCharacters).toWellFormed();
    const fence = fenceOutside(shown, hashOf(`${seed}\n${shown}`));
    const cut = whole.length - shown.length;
    const mark = cut === 0 ? "" : `\n(cut: ${cut} more characters are left out)`;
    return `<<${label} ${fence}\n${shown}\n${fence}>>${mark}`;
  };
}
