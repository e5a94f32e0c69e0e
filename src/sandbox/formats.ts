/**
 * Numbers and dates as customers read them, in their language, in the Gregorian calendar and the digits 0 to 9, so that what
 * was said can be compared with what is stored. A language that is not known is written as English.
 */
import { midnightOf, readDate } from "./dates.ts";
import { LibraryFault } from "./library-fault.ts";

/** The most digits that make sense of a double. */
const MAX_DIGITS = 12;
const FALLBACK = "en";

/** Rounds by the decimal digits that are seen (1.005 to 1.01), halves away from zero. */
export function round(value: unknown, digits: unknown = 0): number {
  const number = readNumber(value, "round: the first value");
  if (typeof digits !== "number" || !Number.isInteger(digits) || digits < 0 || digits > MAX_DIGITS)
    throw new LibraryFault(`round: the second value has to be a whole number from 0 to ${MAX_DIGITS}`);
  const rounded = shifted(Math.round(shifted(Math.abs(number), digits)), -digits);
  return number < 0 && rounded !== 0 ? -rounded : rounded;
}

/** Moves the decimal point of a number that is not negative, by its text, which has no error of binary fractions. */
function shifted(value: number, digits: number): number {
  const [mantissa = "0", exponent = "0"] = String(value).split("e");
  return Number(`${mantissa}e${Number(exponent) + digits}`);
}

/** An amount with its currency: "$12.50", "12,50 €". */
export function formatMoney(amount: unknown, currency: unknown, language: unknown): string {
  const number = readNumber(amount, "formatMoney: the first value");
  if (typeof currency !== "string" || !/^[A-Z]{3}$/.test(currency))
    throw new LibraryFault("formatMoney: the second value has to be a currency such as EUR");
  const locale = readLanguage(language, "formatMoney: the third value");
  return plainSpaces(
    new Intl.NumberFormat(locale, { style: "currency", currency, numberingSystem: "latn" }).format(number),
  );
}

/** A date in words: "31. Dezember 2026". The day is that of UTC. */
export function formatDate(date: unknown, language: unknown): string {
  const day = midnightOf(readDate(date, "formatDate: the first value"));
  const locale = readLanguage(language, "formatDate: the second value");
  const format = { dateStyle: "long", timeZone: "UTC", calendar: "gregory", numberingSystem: "latn" } as const;
  return plainSpaces(new Intl.DateTimeFormat(locale, format).format(day));
}

/** Spaces as people and models type them; versions of the language data differ in theirs. */
const plainSpaces = (text: string): string => text.replaceAll(/[\u00a0\u202f]/g, " ");

function readNumber(value: unknown, what: string): number {
  if (typeof value === "number" && Number.isFinite(value)) return value;
  throw new LibraryFault(`${what} has to be a number`);
}

/** A contact's language is "" where it is not known. */
function readLanguage(value: unknown, what: string): string {
  const fault = new LibraryFault(`${what} has to be a language such as en or pt-BR`);
  if (value !== undefined && value !== null && typeof value !== "string") throw fault;
  const tag = value === undefined || value === null || value === "" ? FALLBACK : value;
  if (!/^[a-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,3}$/.test(tag)) throw fault;
  try {
    return Intl.DateTimeFormat.supportedLocalesOf(tag)[0] ?? FALLBACK;
  } catch {
    throw fault;
  }
}
