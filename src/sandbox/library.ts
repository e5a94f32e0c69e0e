/** The functions that blocks may call. Each is total: it returns a value, or throws a LibraryFault. */
import { own } from "../lib/own.ts";
import { addDays, addMonths, dateText, daysBetween, monthsBetween, readDate } from "./dates.ts";
import { formatDate, formatMoney, round } from "./formats.ts";
import { LibraryFault } from "./library-fault.ts";

type LibraryValue = string | number;
export type Library = Readonly<Record<string, (...values: unknown[]) => LibraryValue>>;

/** The library at a time, ISO 8601, which `now()` gives. */
export const libraryAt = (now: string): Library => ({
  now: () => now,
  daysBetween: (from, to) => between("daysBetween", daysBetween)(from, to),
  monthsBetween: (from, to) => between("monthsBetween", monthsBetween)(from, to),
  addDays: (date, days) => dateText(addDays(readDate(date, "addDays: the first value"), days)),
  addMonths: (date, months) => dateText(addMonths(readDate(date, "addMonths: the first value"), months)),
  round,
  formatMoney,
  formatDate,
});

const between = (name: string, count: typeof daysBetween) => (from: unknown, to: unknown) =>
  count(readDate(from, `${name}: the first value`), readDate(to, `${name}: the second value`));

/** Answers a call that came as text, as text: { value } or { fault }. */
export function answerCall(library: Library, name: string, values: string): string {
  try {
    const call = own(library, name);
    if (call === undefined) throw new LibraryFault(`The library has no ${name}`);
    return JSON.stringify({ value: call(...(JSON.parse(values) as unknown[])) });
  } catch (error) {
    if (error instanceof LibraryFault) return JSON.stringify({ fault: error.message });
    throw error;
  }
}
