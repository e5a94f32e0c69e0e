/** Words of others as they may stand in a label or a line of ours, and how long somebody has been waiting. */

/** Control and direction characters: with them a name could pass for another one, or turn a whole line around. */
const INVISIBLE = /[\p{Cc}\p{Zl}\p{Zp}\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]+/gu;
const MINUTE_MS = 60_000;
const HOUR_MIN = 60;
const DAY_MIN = 24 * HOUR_MIN;

/** As much as fits, an ellipsis saying that there is more; never half of a character. */
export function clip(text: string, max: number): string {
  if (text.length <= max) return text;
  return `${text.slice(0, max - 1).replace(/[\uD800-\uDBFF]$/, "")}…`;
}

/** On one line, without what can't be seen; "—" where nothing is left, because Slack shows no empty text. */
export function oneLine(text: string, max: number): string {
  const clean = text.replace(INVISIBLE, " ").replace(/\s+/g, " ").trim();
  return clean === "" ? "—" : clip(clean, max);
}

/** "12 min", "3 h 5 min", "2 days": from an ISO time until now. */
export function waited(since: string, now: Date): string {
  const minutes = Math.max(0, Math.floor((now.getTime() - Date.parse(since)) / MINUTE_MS));
  if (!Number.isFinite(minutes)) return "some time";
  if (minutes < 1) return "less than a minute";
  if (minutes < HOUR_MIN) return `${minutes} min`;
  if (minutes < DAY_MIN) return `${Math.floor(minutes / HOUR_MIN)} h ${minutes % HOUR_MIN} min`;
  const days = Math.floor(minutes / DAY_MIN);
  return days === 1 ? "1 day" : `${days} days`;
}

export const counted = (count: number, one: string, many: string): string => `${count} ${count === 1 ? one : many}`;
