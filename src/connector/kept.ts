/** Bounds what an answer leaves behind: it goes into the journal, the state and prompts. */
import { fail, ok, type Result } from "../lib/result.ts";

/** Our choice: about a page. A longer text is a document, which belongs where it came from. */
export const MAX_TEXT_CHARACTERS = 4_000;
/** As much as a workflow keeps of all its values (48,000 characters). */
export const MAX_KEPT_CHARACTERS = 48_000;

/** Shortens long texts, each with a mark that says so. A value that is too large even then is a fault. */
export function keptAnswer(value: unknown): Result<unknown, string> {
  const kept = shortened(value);
  const characters = JSON.stringify(kept).length;
  if (characters <= MAX_KEPT_CHARACTERS) return ok(kept);
  const most = `${MAX_KEPT_CHARACTERS} are kept at most`;
  return fail(`Its answer has ${characters} characters in the fields of returns:, and ${most}. Declare fewer fields.`);
}

function shortened(value: unknown): unknown {
  if (typeof value === "string") return shortText(value);
  if (Array.isArray(value)) return value.map(shortened);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, shortened(one)]));
}

function shortText(text: string): string {
  if (text.length <= MAX_TEXT_CHARACTERS) return text;
  const begin = text.slice(0, MAX_TEXT_CHARACTERS).toWellFormed();
  return `${begin}… [${text.length - MAX_TEXT_CHARACTERS} characters left out]`;
}
