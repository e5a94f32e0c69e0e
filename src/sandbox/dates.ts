/**
 * Calculating with dates by the calendar, in UTC. A date is "2026-12-31"; a point in time "2026-12-31T09:00:00Z", with any
 * offset; without one it is taken as UTC, so that the same text means the same on every machine.
 */
import { LibraryFault } from "./library-fault.ts";

export interface CalendarDate {
  /** Days since 1970-01-01 in UTC. */
  day: number;
  /** Milliseconds since midnight in UTC; null: a date without a time. */
  timeMs: number | null;
}

const DAY_MS = 86_400_000;
const FORM = /^(\d{4})-(\d{2})-(\d{2})(?:T(\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?(Z|[+-]\d{2}:?\d{2})?)?$/;

/** Our own limit: more days or months than that are no date of a customer. */
const MAX_STEPS = 100_000;

/** Reads a date or a point in time. `what`: its place in the call, for the fault. */
export function readDate(value: unknown, what: string): CalendarDate {
  const found = typeof value === "string" ? FORM.exec(value) : null;
  const read = found === null ? null : fromParts(found);
  if (read === null) throw new LibraryFault(`${what} has to be a date such as 2026-12-31 or 2026-12-31T09:00:00Z`);
  return read;
}

function fromParts([
  ,
  year,
  month,
  date,
  hour,
  minute,
  second,
  fraction,
  offset,
]: RegExpExecArray): CalendarDate | null {
  const [y, m, d] = [Number(year), Number(month), Number(date)];
  if (m < 1 || m > 12 || d < 1 || d > daysIn(y, m)) return null;
  const day = dayNumber(y, m, d);
  if (hour === undefined) return { day, timeMs: null };
  const [h, min, s] = [Number(hour), Number(minute), Number(second ?? 0)];
  if (h > 23 || min > 59 || s > 59) return null;
  const behindMs = offsetMs(offset ?? "Z");
  if (behindMs === null) return null;
  const ms = Math.floor(Number(`0.${fraction ?? 0}`) * 1_000);
  const atMs = day * DAY_MS + ((h * 60 + min) * 60 + s) * 1_000 + ms - behindMs;
  const whole = Math.floor(atMs / DAY_MS);
  return { day: whole, timeMs: atMs - whole * DAY_MS };
}

/** Offset from UTC in milliseconds ("+02:00"); null: there is none such. */
function offsetMs(offset: string): number | null {
  if (offset === "Z") return 0;
  const [hours, minutes] = [Number(offset.slice(1, 3)), Number(offset.slice(-2))];
  if (hours > 23 || minutes > 59) return null;
  return (offset.startsWith("-") ? -1 : 1) * (hours * 60 + minutes) * 60_000;
}

/** Days of the calendar from one date to another; negative where the second is earlier. */
export const daysBetween = (from: CalendarDate, to: CalendarDate): number => to.day - from.day;

/** Months that have passed by the calendar: the most that can be added to the first date without passing the second. */
export function monthsBetween(from: CalendarDate, to: CalendarDate): number {
  if (to.day < from.day) return 0 - monthsBetween(to, from);
  const [a, b] = [partsOf(from.day), partsOf(to.day)];
  const months = (b.year - a.year) * 12 + b.month - a.month;
  return dayAfterMonths(from.day, months) > to.day ? months - 1 : months;
}

/** The date so many days later, or earlier. */
export function addDays({ day, timeMs }: CalendarDate, days: unknown): CalendarDate {
  return inRange({ day: day + readSteps(days, "addDays"), timeMs }, "addDays");
}

/** The same day so many months later, or earlier; the month's last one where it has no such day. */
export function addMonths({ day, timeMs }: CalendarDate, months: unknown): CalendarDate {
  return inRange({ day: dayAfterMonths(day, readSteps(months, "addMonths")), timeMs }, "addMonths");
}

function readSteps(value: unknown, name: string): number {
  if (typeof value === "number" && Number.isInteger(value) && Math.abs(value) <= MAX_STEPS) return value;
  throw new LibraryFault(`${name}: the second value has to be a whole number, at most ${MAX_STEPS}`);
}

function dayAfterMonths(from: number, months: number): number {
  const { year, month, date } = partsOf(from);
  const all = year * 12 + (month - 1) + months;
  const [y, m] = [Math.floor(all / 12), (((all % 12) + 12) % 12) + 1];
  return dayNumber(y, m, Math.min(date, daysIn(y, m)));
}

/** A date that can be written with four digits for the year. */
function inRange(date: CalendarDate, name: string): CalendarDate {
  const { year } = partsOf(date.day);
  if (year >= 0 && year <= 9999) return date;
  throw new LibraryFault(`${name}: the result is not between the years 0 and 9999`);
}

/** Writes it as it is read; a point in time in UTC. */
export function dateText({ day, timeMs }: CalendarDate): string {
  const text = new Date(day * DAY_MS + (timeMs ?? 0)).toISOString();
  return timeMs === null ? text.slice(0, 10) : text.replace(".000Z", "Z");
}

/** Midnight of its day in UTC. */
export const midnightOf = ({ day }: CalendarDate): Date => new Date(day * DAY_MS);

function partsOf(day: number): { year: number; month: number; date: number } {
  const at = new Date(day * DAY_MS);
  return { year: at.getUTCFullYear(), month: at.getUTCMonth() + 1, date: at.getUTCDate() };
}

/** Days since 1970-01-01. Date.UTC takes years below 100 for those of the 20th century. */
function dayNumber(year: number, month: number, date: number): number {
  const at = new Date(0);
  at.setUTCFullYear(year, month - 1, date);
  return at.getTime() / DAY_MS;
}

const daysIn = (year: number, month: number): number => partsOf(dayNumber(year, month + 1, 0)).date;
