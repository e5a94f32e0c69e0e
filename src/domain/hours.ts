/**
 * Opening hours in a named time zone, evaluated at a given instant.
 * A change to summer time that skips an opening opens at that change; one that repeats an hour may open twice.
 */

/** A span on one day of the week (0 is Sunday), in minutes of that day; `toMinute` above 1440 ends the next day. */
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
/** One week covers every span once; one more day covers spans that began earlier today. */
const DAYS_AHEAD = 8;

/** True when the hours include this instant. */
export function isOpenAt(hours: Hours, at: Date): boolean {
  const { day, minute } = localTime(hours.timezone, at);
  return hours.open.some((span) => {
    if (span.day === day && minute >= span.fromMinute && minute < span.toMinute) return true;
    // A span that began the day before.
    return (span.day + 1) % 7 === day && minute + DAY_MINUTES < span.toMinute;
  });
}

/** Returns the first opening after this instant; null when there is none. */
export function nextOpening(hours: Hours, at: Date): Date | null {
  const start = nextStart(hours, at);
  const change = changesAfter(hours.timezone, at).find((one) => one > at && opens(hours, one)) ?? null;
  if (start === null || change === null) return start ?? change;
  return change < start ? change : start;
}

const opens = (hours: Hours, at: Date): boolean =>
  isOpenAt(hours, at) && !isOpenAt(hours, new Date(at.getTime() - MINUTE_MS));

/** The first time after this instant at which a span begins by the clock on the wall. */
function nextStart(hours: Hours, at: Date): Date | null {
  const today = localTime(hours.timezone, at);
  for (let ahead = 0; ahead <= DAYS_AHEAD; ahead++) {
    const day = (today.day + ahead) % 7;
    const starts = hours.open
      .filter((span) => span.day === day)
      .map(({ fromMinute }) =>
        instantOf(hours.timezone, { ...today, dayOfMonth: today.dayOfMonth + ahead, minute: fromMinute }),
      )
      .filter((start) => start > at && isOpenAt(hours, start))
      .sort((a, b) => a.getTime() - b.getTime());
    if (starts[0] !== undefined) return starts[0];
  }
  return null;
}

/**
 * Formats the next opening in its own time zone, as people and the `date` filter of texts read it:
 * "2026-11-23 09:00". Returns null when there is none.
 */
export function nextOpeningText(hours: Hours, at: Date): string | null {
  const opening = nextOpening(hours, at);
  return opening === null ? null : formatLocal(hours.timezone, opening);
}

/** Formats an instant in a time zone: "2026-11-23 09:00". */
export function formatLocal(timezone: string, at: Date): string {
  const { year, month, dayOfMonth, minute } = localTime(timezone, at);
  return `${year}-${pad(month)}-${pad(dayOfMonth)} ${pad(Math.floor(minute / 60))}:${pad(minute % 60)}`;
}

/** True when this machine knows the time zone. */
export function isTimezone(name: string): boolean {
  try {
    formatOf(name);
    return /^[A-Za-z]/.test(name);
  } catch {
    // Intl throws for an unknown time zone.
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

/** Steps by which zones set their clocks back: one hour, and half of one on Lord Howe Island. */
const STEPS_BACK_MINUTES = [60, 30];

/**
 * Converts local time to an instant: a UTC guess corrected by the zone's offset, twice because of clock changes. Of a time
 * that comes twice it is the first.
 */
function instantOf(timezone: string, local: Omit<LocalTime, "day">): Date {
  const wanted = Date.UTC(local.year, local.month - 1, local.dayOfMonth, 0, local.minute);
  let guess = wanted;
  for (let pass = 0; pass < 2; pass++) {
    const shown = localTime(timezone, new Date(guess));
    guess += wanted - Date.UTC(shown.year, shown.month - 1, shown.dayOfMonth, 0, shown.minute);
  }
  const found = Math.floor(guess / MINUTE_MS) * MINUTE_MS;
  const { minute } = localTime(timezone, new Date(found));
  const earlier = STEPS_BACK_MINUTES.map((step) => found - step * MINUTE_MS);
  return new Date(earlier.find((one) => localTime(timezone, new Date(one)).minute === minute) ?? found);
}

const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
/** Zones and days at most whose changes are kept. */
const KEPT_CHANGES = 200;
const changes = new Map<string, readonly Date[]>();

/** Changes of a zone's clock in the days after an instant, first to last. Cached by zone and day. */
function changesAfter(timezone: string, at: Date): readonly Date[] {
  const day = Math.floor(at.getTime() / DAY_MS);
  const key = `${timezone} ${day}`;
  const known = changes.get(key);
  if (known !== undefined) return known;
  const days = Array.from({ length: DAYS_AHEAD + 2 }, (_, n) => (day + n) * DAY_MS);
  const found = days.flatMap((from) => {
    const before = offsetAt(timezone, from);
    return before === offsetAt(timezone, from + DAY_MS) ? [] : [changeBetween(timezone, from, before)];
  });
  if (changes.size >= KEPT_CHANGES) changes.clear();
  changes.set(key, found);
  return found;
}

/** The first minute of a day whose offset is not `before`; the last one's is not. */
function changeBetween(timezone: string, from: number, before: number): Date {
  let [low, high] = [from, from + DAY_MS];
  while (high - low > MINUTE_MS) {
    const middle = Math.floor((low + high) / 2 / MINUTE_MS) * MINUTE_MS;
    if (offsetAt(timezone, middle) === before) low = middle;
    else high = middle;
  }
  return new Date(high);
}

/** Difference of the zone's clock from UTC, milliseconds. */
function offsetAt(timezone: string, at: number): number {
  const { year, month, dayOfMonth, minute } = localTime(timezone, new Date(at));
  return Date.UTC(year, month - 1, dayOfMonth, 0, minute) - Math.floor(at / MINUTE_MS) * MINUTE_MS;
}

/** Cached: a format is costly to build and used in every turn. */
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
