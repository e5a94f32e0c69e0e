/** Formats texts from outside for labels and lines, and waiting times. */

/** Control and direction characters: they could make a name look like another one, or reverse a line. */
const INVISIBLE = /[\p{Cc}\p{Zl}\p{Zp}\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]+/gu;
const MINUTE_MS = 60_000;
const HOUR_MIN = 60;
const DAY_MIN = 24 * HOUR_MIN;

/** Clips a text to `max` with an ellipsis; never cuts a surrogate pair. */
export function clip(text: string, max: number): string {
  if (text.length <= max) return text;
  return `${text.slice(0, max - 1).replace(/[\uD800-\uDBFF]$/, "")}…`;
}

/** Puts a text on one line, without invisible characters; "—" if nothing is left, because Slack rejects empty text. */
export function oneLine(text: string, max: number): string {
  const clean = text.replace(INVISIBLE, " ").replace(/\s+/g, " ").trim();
  return clean === "" ? "—" : clip(clean, max);
}

/** Formats the time since an ISO time: "12 min", "3 h 5 min", "2 days". */
export function waitingTime(since: string, now: Date): string {
  const minutes = Math.max(0, Math.floor((now.getTime() - Date.parse(since)) / MINUTE_MS));
  if (!Number.isFinite(minutes)) return "some time";
  if (minutes < 1) return "less than a minute";
  if (minutes < HOUR_MIN) return `${minutes} min`;
  if (minutes < DAY_MIN) return `${Math.floor(minutes / HOUR_MIN)} h ${minutes % HOUR_MIN} min`;
  const days = Math.floor(minutes / DAY_MIN);
  return days === 1 ? "1 day" : `${days} days`;
}

export const countOf = (count: number, one: string, many: string): string => `${count} ${count === 1 ? one : many}`;
