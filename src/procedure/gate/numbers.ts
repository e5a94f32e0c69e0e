/** Numbers and dates of a reply, in whatever notation, among those that are known. */

/** "1,299.00", "31.12.2026", "12/31/26", "09:30", "3-5". */
const TOKENS = /\d+(?:[.,:/-]\d+)*/gu;
/** "2026-12-31", "31.12.2026", "12/31/26". */
const DATES = /(?<!\d)\d{1,4}([./-])\d{1,2}\1\d{1,4}(?!\d)/gu;

export interface KnownNumbers {
  /** Every run of digits. */
  runs: ReadonlySet<string>;
  /** The values that the numbers may have. */
  values: ReadonlySet<number>;
  /** Year, month and day of each date, in order of size. */
  dates: ReadonlySet<string>;
  /** Day and month of each, as German has them: "31.12". */
  days: ReadonlySet<string>;
}

/** Reads the numbers of a known text. */
export function numbersOf(text: string): KnownNumbers {
  const tokens = text.match(TOKENS) ?? [];
  return {
    runs: new Set(tokens.flatMap((token) => token.match(/\d+/gu) ?? []).map(withoutZeros)),
    values: new Set(tokens.flatMap((token) => token.split(/[:/-]/u)).flatMap(valuesOf)),
    dates: new Set((text.match(DATES) ?? []).map(partsOf).map(inOrder)),
    days: new Set(daysOf(text)),
  };
}

/** True for a number, a date, a time or a range that is known. Parts of other numbers make no amount and no date. */
export function isKnownNumber(token: string, known: KnownNumbers): boolean {
  const parts = token.match(/\d+/gu) ?? [];
  if (parts.length === 3 && /^\d+([./-])\d+\1\d+$/u.test(token) && known.dates.has(inOrder(partsOf(token))))
    return true;
  if (/^\d+(?:[.,]\d+)+$/u.test(token))
    return (
      valuesOf(token).some((value) => known.values.has(value)) ||
      known.days.has(token.split(".").map(withoutZeros).join("."))
    );
  const single = parts.length === 1 || token.includes(":") || /^\d+[/-]\d+$/u.test(token);
  return single && parts.every((one) => known.runs.has(withoutZeros(one)) || known.values.has(Number(one)));
}

const daysOf = (text: string): string[] =>
  [...text.matchAll(/(?<!\d)\d{4}-(\d{2})-(\d{2})(?!\d)/gu)].map(
    ([, month = "", day = ""]) => `${withoutZeros(day)}.${withoutZeros(month)}`,
  );

const withoutZeros = (digits: string): string => digits.replace(/^0+(?=\d)/u, "");

/** The parts of a date; years of two digits are of this century. */
const partsOf = (date: string): number[] =>
  (date.match(/\d+/gu) ?? []).map(Number).map((part) => (part >= 2_000 && part < 2_100 ? part - 2_000 : part));

const inOrder = (parts: readonly number[]): string => parts.toSorted((one, other) => one - other).join(" ");

/** True for groups of thousands. */
const grouped = (groups: readonly string[]): boolean => groups.slice(1).every((group) => group.length === 3);

/** The values of "1.299,00": with the last mark as the decimal one, and with marks between thousands only. */
function valuesOf(token: string): number[] {
  const parts = token.split(/[.,]/u);
  const whole = grouped(parts) ? [Number(parts.join(""))] : [];
  const before = parts.slice(0, -1);
  const decimal = parts.length > 1 && grouped(before) ? [Number(`${before.join("")}.${parts.at(-1)}`)] : [];
  return [...whole, ...decimal];
}
