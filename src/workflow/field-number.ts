/** Reads numbers and amounts as people write them: 1,234.56 in English, 1.234,56 in German, 1'234.56 in Switzerland. */

/** An amount and the currency that was written; "" without one. */
export interface Money {
  amount: number;
  currency: string;
}

/** Beyond 15 digits a number is no longer exact. */
const MAX_DIGITS = 15;

/** The one number in a text; null if there is none, if there are several, or if it can be read in two ways. */
export function numberIn(text: string, languages: readonly string[]): number | null {
  const all = text.match(/(?<![\p{L}\d])[-+−]?\d[\d.,'’\u00a0\u202f]*/gu) ?? [];
  const [first, ...others] = all;
  return first === undefined || others.length > 0 ? null : parsed(first.replace(/[.,]$/u, ""), languages);
}

const CURRENCIES: readonly (readonly [RegExp, string])[] = [
  [/€|\beur\b|\beuros?\b/giu, "EUR"],
  [/\$|\busd\b|\bdollars?\b/giu, "USD"],
  [/£|\bgbp\b|\bpounds?\b|\bpfund\b/giu, "GBP"],
  [/\bchf\b|\bfranken\b|\bfrancs?\b/giu, "CHF"],
];

/** The one amount in a text, with its currency if that is one of the known ones. */
export function moneyIn(text: string, languages: readonly string[]): Money | null {
  const named = CURRENCIES.filter(([pattern]) => text.search(pattern) !== -1);
  if (named.length > 1) return null;
  const [pattern, currency = ""] = named[0] ?? [];
  const amount = numberIn(pattern === undefined ? text : text.replaceAll(pattern, " "), languages);
  return amount === null ? null : { amount, currency };
}

function parsed(written: string, languages: readonly string[]): number | null {
  const sign = /^[-−]/u.test(written) ? -1 : 1;
  const bare = written.replace(/^[-+−]/u, "").replaceAll(/['’\u00a0\u202f]/gu, "");
  const decimal = decimalMark(bare, languages);
  if (decimal === null) return null;
  const [whole = "", fraction = "", ...more] = decimal === "" ? [bare] : bare.split(decimal);
  if (more.length > 0 || !/^(?:\d+|\d{1,3}(?:[.,]\d{3})+)$/u.test(whole) || !/^\d*$/u.test(fraction)) return null;
  const digits = whole.replaceAll(/[.,]/gu, "");
  // Adding 0 turns -0, which JSON cannot hold, into 0.
  return digits.length + fraction.length > MAX_DIGITS ? null : sign * Number(`${digits}.${fraction || "0"}`) + 0;
}

/** The decimal mark of a number; "" if it has none, null if its marks do not form a number. */
function decimalMark(bare: string, languages: readonly string[]): "." | "," | "" | null {
  const points = bare.split(".").length - 1;
  const commas = bare.split(",").length - 1;
  if (points + commas === 0) return "";
  if (points > 0 && commas > 0) {
    const mark = bare.lastIndexOf(".") > bare.lastIndexOf(",") ? "." : ",";
    return (mark === "." ? points : commas) === 1 ? mark : null;
  }
  if (points + commas > 1) return "";
  const mark = points === 1 ? "." : ",";
  if (!/^[1-9]\d{0,2}[.,]\d{3}$/u.test(bare)) return mark;
  // In "1.234" the meaning of the mark depends on the language.
  const usual = languages[0]?.split("-")[0] === "de" ? "," : ".";
  return mark === usual ? mark : "";
}
