/** Reads dates and times as people write them. In English 03/04/2026 can mean two days, so it is not read. */

interface Reading {
  languages: readonly string[];
  /** ISO 8601. "Today" is its day, in its own offset. */
  now: string;
}

const DAY_MS = 86_400_000;
/** Beginnings of the months' names in English and German. */
const MONTHS: readonly RegExp[] = [
  /^jan|^jän/u,
  /^feb/u,
  /^mar|^mär|^maer/u,
  /^apr/u,
  /^may|^mai/u,
  /^jun/u,
  /^jul/u,
  /^aug/u,
  /^sep/u,
  /^oct|^okt/u,
  /^nov/u,
  /^dec|^dez/u,
];
const DAYS_FROM_TODAY: Readonly<Record<string, number>> = {
  today: 0,
  heute: 0,
  tomorrow: 1,
  morgen: 1,
  übermorgen: 2,
  yesterday: -1,
  gestern: -1,
};

/** The day that a text names, as "2026-12-24"; null if it names none, or can mean two. */
export function dateIn(text: string, o: Reading): string | null {
  return dateFound(text.toLowerCase(), o)?.date ?? null;
}

/** Day and time in a text, as "2026-12-24T14:30" in the customer's own time; null if one is missing. */
export function dateTimeIn(text: string, o: Reading): string | null {
  const found = dateFound(text.toLowerCase(), o);
  const time = found === null ? null : timeIn(found.rest);
  return found === null || time === null ? null : `${found.date}T${time}`;
}

interface Found {
  date: string;
  rest: string;
}

function dateFound(text: string, o: Reading): Found | null {
  const word = Object.keys(DAYS_FROM_TODAY).find((word) => new RegExp(`(?<!\\p{L})${word}(?!\\p{L})`, "u").test(text));
  if (word !== undefined) return near(text, word, o.now);
  const iso = /(?<!\d)(\d{4})-(\d{1,2})-(\d{1,2})(?!\d)/u.exec(text);
  if (iso !== null) return dated(text, iso, { year: iso[1], month: iso[2], day: iso[3] });
  const german = /(?<!\d)(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4}|\d{2})(?!\d)/u.exec(text);
  if (german !== null) return dated(text, german, { year: german[3], month: german[2], day: german[1] });
  return slashed(text, o.languages) ?? spelled(text);
}

function near(text: string, word: string, now: string): Found | null {
  const today = Date.parse(`${now.slice(0, 10)}T00:00:00Z`);
  if (Number.isNaN(today)) return null;
  const date = new Date(today + (DAYS_FROM_TODAY[word] ?? 0) * DAY_MS).toISOString().slice(0, 10);
  return { date, rest: text.replace(word, " ") };
}

function slashed(text: string, languages: readonly string[]): Found | null {
  const match = /(?<!\d)(\d{1,2})\/(\d{1,2})\/(\d{4})(?!\d)/u.exec(text);
  if (match === null) return null;
  const [, first = "", second = "", year] = match;
  const dayFirst = Number(first) > 12 || languages[0]?.split("-")[0] === "de";
  if (!dayFirst && Number(second) <= 12 && first !== second) return null;
  return dated(text, match, dayFirst ? { year, month: second, day: first } : { year, month: first, day: second });
}

function spelled(text: string): Found | null {
  const dayFirst = /(?<!\d)(\d{1,2})(?:\.|st|nd|rd|th)?\s+(?:of\s+)?(\p{L}{3,9})\.?,?\s+(\d{4})(?!\d)/u.exec(text);
  if (dayFirst !== null)
    return dated(text, dayFirst, { year: dayFirst[3], month: monthOf(dayFirst[2]), day: dayFirst[1] });
  const monthFirst = /(\p{L}{3,9})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})(?!\d)/u.exec(text);
  if (monthFirst === null) return null;
  return dated(text, monthFirst, { year: monthFirst[3], month: monthOf(monthFirst[1]), day: monthFirst[2] });
}

const monthOf = (name = ""): string => String(MONTHS.findIndex((pattern) => pattern.test(name)) + 1);

interface Parts {
  year: string | undefined;
  month: string | undefined;
  day: string | undefined;
}

function dated(text: string, match: RegExpExecArray, parts: Parts): Found | null {
  const year = Number(parts.year) + (parts.year?.length === 2 ? 2_000 : 0);
  const month = Number(parts.month);
  const time = Date.UTC(year, month - 1, Number(parts.day));
  const real = new Date(time);
  // A day that the month does not have becomes a day of another month.
  if (Number.isNaN(time) || year < 1_000 || real.getUTCMonth() !== month - 1) return null;
  return { date: real.toISOString().slice(0, 10), rest: text.replace(match[0], " ") };
}

function timeIn(text: string): string | null {
  const match =
    /(?<!\d)(\d{1,2})[:.](\d{2})(?!\d)\s*(am|pm|a\.m\.|p\.m\.|uhr)?/u.exec(text) ??
    /(?<!\d)(\d{1,2})()\s*(am|pm|a\.m\.|p\.m\.|uhr)/u.exec(text);
  if (match === null) return null;
  const half = match[3]?.[0] === "a" ? 0 : match[3]?.[0] === "p" ? 12 : null;
  const said = Number(match[1]);
  if (half !== null && (said < 1 || said > 12)) return null;
  const hour = half === null ? said : (said % 12) + half;
  const minute = Number(match[2] || "0");
  return hour > 23 || minute > 59 ? null : `${String(hour).padStart(2, "0")}:${String(minute).padStart(2, "0")}`;
}
