import { expect, it } from "vitest";
import { answerCall, libraryAt } from "../../src/sandbox/library.ts";

const NOW = "2026-11-20T09:00:00.000Z";
const call = (name: string, ...values: unknown[]): unknown =>
  JSON.parse(answerCall(libraryAt(NOW), name, JSON.stringify(values)));

it.each<[string, unknown[], unknown]>([
  ["now", [], NOW],
  ["daysBetween", ["2026-11-20", "2026-11-21"], 1],
  ["daysBetween", ["2026-11-21", "2026-11-20"], -1],
  ["daysBetween", ["2026-11-20", "2026-11-20T23:59:59Z"], 0],
  // By the calendar in UTC, however many hours it is.
  ["daysBetween", ["2026-11-20T23:59:00Z", "2026-11-21T00:01:00Z"], 1],
  ["daysBetween", ["2026-11-20T23:30:00-01:00", "2026-11-21"], 0],
  ["daysBetween", ["2026-11-21T00:30:00+01:00", "2026-11-21"], 1],
  ["daysBetween", ["2024-02-28", "2024-03-01"], 2],
  ["daysBetween", ["2026-02-28", "2026-03-01"], 1],
  ["daysBetween", ["0001-01-01", "9999-12-31"], 3_652_058],
  ["daysBetween", ["2026-11-20T09:00", NOW], 0],
  ["monthsBetween", ["2024-01-10", "2026-11-20"], 34],
  ["monthsBetween", ["2024-01-20", "2026-11-20"], 34],
  ["monthsBetween", ["2024-01-21", "2026-11-20"], 33],
  ["monthsBetween", ["2026-01-31", "2026-02-27"], 0],
  ["monthsBetween", ["2026-01-31", "2026-02-28"], 1],
  ["monthsBetween", ["2024-02-29", "2025-02-28"], 12],
  ["monthsBetween", ["2026-11-20", "2024-01-10"], -34],
  ["monthsBetween", ["2026-11-20", "2026-11-20"], 0],
  ["addDays", ["2026-12-31", 1], "2027-01-01"],
  ["addDays", ["2026-01-01", -1], "2025-12-31"],
  ["addDays", [NOW, 30], "2026-12-20T09:00:00Z"],
  ["addDays", ["2026-11-20T23:30:00.250-01:00", 0], "2026-11-21T00:30:00.250Z"],
  ["addDays", ["0050-01-01", 1], "0050-01-02"],
  ["addMonths", ["2026-01-31", 1], "2026-02-28"],
  ["addMonths", ["2024-01-31", 1], "2024-02-29"],
  ["addMonths", ["2026-01-31", -2], "2025-11-30"],
  ["addMonths", ["2026-12-15T10:00:00Z", 13], "2028-01-15T10:00:00Z"],
  ["round", [2.5], 3],
  ["round", [-2.5], -3],
  ["round", [1.005, 2], 1.01],
  ["round", [-1.005, 2], -1.01],
  ["round", [0.1 + 0.2, 2], 0.3],
  ["round", [1e-7, 2], 0],
  ["round", [-0.001, 2], 0],
  ["round", [1.5e21, 2], 1.5e21],
  ["round", [123_456_789.125, 2], 123_456_789.13],
  ["formatMoney", [1234.5, "EUR", "de"], "1.234,50 €"],
  ["formatMoney", [1234.5, "EUR", "fr"], "1 234,50 €"],
  ["formatMoney", [-12, "USD", "en"], "-$12.00"],
  ["formatMoney", [1234, "JPY", "en"], "¥1,234"],
  ["formatMoney", [12.5, "USD", ""], "$12.50"],
  ["formatMoney", [12.5, "USD"], "$12.50"],
  ["formatMoney", [12.5, "USD", "tlh"], "$12.50"],
  ["formatMoney", [12.5, "EUR", "fa"], expect.stringContaining("12")],
  ["formatDate", ["2026-12-31", "en"], "December 31, 2026"],
  ["formatDate", ["2026-12-31", "de"], "31. Dezember 2026"],
  ["formatDate", ["2026-12-31", "pt-BR"], "31 de dezembro de 2026"],
  ["formatDate", ["2026-12-31T23:30:00-01:00", "en"], "January 1, 2027"],
  // The Gregorian calendar and the digits 0 to 9 in every language.
  ["formatDate", ["2026-12-31", "th"], expect.stringContaining("2026")],
  ["formatDate", ["2026-12-31", "ar-EG"], expect.stringContaining("2026")],
])("%s of %j is %j", (name, values, value) => {
  expect(call(name, ...values)).toEqual({ value });
});

const DATE = /has to be a date such as 2026-12-31 or 2026-12-31T09:00:00Z$/;
const LANGUAGE = /has to be a language such as en or pt-BR$/;

it.each<[string, unknown[], RegExp]>([
  ...[
    undefined,
    null,
    7,
    "",
    "tomorrow",
    "2026-13-01",
    "2026-00-10",
    "2026-02-29",
    "2026-1-1",
    "20261231",
    "2026-12-31 ",
  ].map((given): [string, unknown[], RegExp] => ["formatDate", [given, "en"], DATE]),
  ["daysBetween", ["2026-12-31T24:00:00Z", "2026-12-31"], /^daysBetween: the first value has to be a date/],
  ["daysBetween", ["2026-12-31", "2026-12-31T09:60"], /^daysBetween: the second value has to be a date/],
  ["monthsBetween", ["2026-12-31", "2026-12-31T09:00:00+99:00"], /^monthsBetween: the second value/],
  ["addDays", [], /^addDays: the first value/],
  ["addDays", ["2026-12-31", 1.5], /^addDays: the second value has to be a whole number, at most 100000$/],
  ["addDays", ["2026-12-31", "1"], /^addDays: the second value/],
  ["addDays", ["2026-12-31", 100_001], /^addDays: the second value/],
  ["addDays", ["9999-12-31", 1], /^addDays: the result is not between the years 0 and 9999$/],
  ["addMonths", ["0000-01-01", -1], /^addMonths: the result/],
  ["addMonths", ["2026-12-31", null], /^addMonths: the second value/],
  ["round", [null], /^round: the first value has to be a number$/],
  ["round", ["1.5"], /^round: the first value/],
  ["round", [1.5, -1], /^round: the second value has to be a whole number from 0 to 12$/],
  ["round", [1.5, 13], /^round: the second value/],
  ["formatMoney", ["12", "EUR", "en"], /^formatMoney: the first value has to be a number$/],
  ["formatMoney", [12, "euro", "en"], /^formatMoney: the second value has to be a currency such as EUR$/],
  ["formatMoney", [12, undefined, "en"], /^formatMoney: the second value/],
  ["formatMoney", [12, "EUR", "../en"], LANGUAGE],
  ["formatMoney", [12, "EUR", "en-"], LANGUAGE],
  ["formatMoney", [12, "EUR", "en-aa-aa"], LANGUAGE],
  ["formatDate", ["2026-12-31", 7], LANGUAGE],
  ["toString", [], /^The library has no toString$/],
])("%s of %j is refused in words", (name, values, fault) => {
  expect(call(name, ...values)).toEqual({ fault: expect.stringMatching(fault) });
});
