/**
 * Opening hours in a named time zone. Everything is asked about a given instant: nothing here reads a clock.
 * Local times that a change to summer time skips or repeats are read as `Intl` reads them.
 */

/** Open on one day of the week (0 is Sunday) from one minute of the day to another; past 1440 it is the next morning. */
export interface OpenSpan {
  day: number;
  fromMinute: number;
  toMinute: number;
}

export interface Hours {
  /** IANA name, "Europe/Berlin". */
  timezone: string;
  open: readonly OpenSpan[];
}

const DAY_MINUTES = 1_440;
const MINUTE_MS = 60_000;
/** A week ahead shows every span once; one day more for spans that begin later today. */
const DAYS_AHEAD = 8;

/** Whether it is open at this instant. */
export function isOpenAt(hours: Hours, at: Date): boolean {
  const { day, minute } = localTime(hours.timezone, at);
  return hours.open.some((span) => {
    if (span.day === day && minute >= span.fromMinute && minute < span.toMinute) return true;
    // A span that began the evening before.
    return (span.day + 1) % 7 === day && minute + DAY_MINUTES < span.toMinute;
  });
}

/** When it opens next, after this instant; null where it never does. */
export function nextOpening(hours: Hours, at: Date): Date | null {
  const today = localTime(hours.timezone, at);
  for (let ahead = 0; ahead <= DAYS_AHEAD; ahead++) {
    const day = (today.day + ahead) % 7;
    const starts = hours.open
      .filter((span) => span.day === day)
      .map(({ fromMinute }) =>
        instantOf(hours.timezone, { ...today, dayOfMonth: today.dayOfMonth + ahead, minute: fromMinute }),
      )
      .filter((start) => start > at)
      .sort((a, b) => a.getTime() - b.getTime());
    if (starts[0] !== undefined) return starts[0];
  }
  return null;
}

/**
 * When it opens next, in the time of its own zone, as people and the `date` filter of texts read it:
 * "2026-11-23 09:00". null where it never does.
 */
export function nextOpeningText(hours: Hours, at: Date): string | null {
  const opening = nextOpening(hours, at);
  return opening === null ? null : formatLocal(hours.timezone, opening);
}

/** An instant as the clocks of a zone show it: "2026-11-23 09:00". */
export function formatLocal(timezone: string, at: Date): string {
  const { year, month, dayOfMonth, minute } = localTime(timezone, at);
  return `${year}-${pad(month)}-${pad(dayOfMonth)} ${pad(Math.floor(minute / 60))}:${pad(minute % 60)}`;
}

/** Whether this machine knows the time zone. */
export function isTimezone(name: string): boolean {
  try {
    formatOf(name);
    return /^[A-Za-z]/.test(name);
  } catch {
    // The only way Intl has to say no.
    return false;
  }
}

interface LocalTime {
  year: number;
  month: number;
  dayOfMonth: number;
  /** 0 is Sunday. */
  day: number;
  minute: number;
}

function localTime(timezone: string, at: Date): LocalTime {
  const parts = Object.fromEntries(
    formatOf(timezone)
      .formatToParts(at)
      .map(({ type, value }) => [type, Number(value)]),
  );
  const { year = 0, month = 1, day: dayOfMonth = 1, hour = 0, minute = 0 } = parts;
  return {
    year,
    month,
    dayOfMonth,
    day: new Date(Date.UTC(year, month - 1, dayOfMonth)).getUTCDay(),
    minute: hour * 60 + minute,
  };
}

/** The instant of a local time: guessed as UTC, then moved by the zone's distance at the guess, twice for clock changes. */
function instantOf(timezone: string, local: Omit<LocalTime, "day">): Date {
  const wanted = Date.UTC(local.year, local.month - 1, local.dayOfMonth, 0, local.minute);
  let guess = wanted;
  for (let pass = 0; pass < 2; pass++) {
    const shown = localTime(timezone, new Date(guess));
    guess += wanted - Date.UTC(shown.year, shown.month - 1, shown.dayOfMonth, 0, shown.minute);
  }
  return new Date(Math.floor(guess / MINUTE_MS) * MINUTE_MS);
}

/** Formats are costly to build and asked for in every turn. */
const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(timezone: string): Intl.DateTimeFormat {
  const known = formats.get(timezone);
  if (known !== undefined) return known;
  const fields = { year: "numeric", month: "numeric", day: "numeric", hour: "numeric", minute: "numeric" } as const;
  const format = new Intl.DateTimeFormat("en-US", {
    timeZone: timezone,
    hourCycle: "h23",
    calendar: "gregory",
    ...fields,
  });
  formats.set(timezone, format);
  return format;
}

const pad = (value: number): string => String(value).padStart(2, "0");
