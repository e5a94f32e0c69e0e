import { describe, expect, it } from "vitest";
import type { FieldType } from "../../src/workflow/definition.ts";
import { readField } from "../../src/workflow/field.ts";
import { facts, field } from "./build.ts";

const read = (type: FieldType, text: string, language: string) => {
  const reply = { kind: "reply", text, choice: { option: null, why: "free_text" }, attachments: [] } as const;
  const value = readField(field("x", type), reply, { languages: [language], now: "2026-11-20T23:30:00+01:00" });
  return value.ok ? value.value : null;
};

describe("what an answer means", () => {
  it.each([
    ["number", "3", "en", 3],
    ["number", "I need 3, please.", "en", 3],
    ["number", "1,234.56", "en", 1234.56],
    ["number", "1.234,56", "de", 1234.56],
    ["number", "1.234,56", "en", 1234.56],
    ["number", "1'234.50", "de", 1234.5],
    ["number", "1.234", "de", 1234],
    ["number", "1.234", "en", 1.234],
    ["number", "1,234", "en", 1234],
    ["number", "1,234", "de", 1.234],
    ["number", "12,5", "en", 12.5],
    ["number", "0,125", "en", 0.125],
    ["number", "1,234,567", "en", 1234567],
    ["number", "-4", "en", -4],
    ["number", "-0", "en", 0],
    ["number", "3 or 4", "en", null],
    ["number", "24.12.2026", "de", null],
    ["number", "1,23,4", "en", null],
    ["number", "1.2.3,4,5", "de", null],
    ["number", "AC12", "en", null],
    ["number", "12345678901234567890", "en", null],
    ["number", "none", "en", null],
    ["money", "12,50 €", "de", { amount: 12.5, currency: "EUR" }],
    ["money", "$1,200", "en", { amount: 1200, currency: "USD" }],
    ["money", "1.200 Euro", "de", { amount: 1200, currency: "EUR" }],
    ["money", "20", "en", { amount: 20, currency: "" }],
    ["money", "20 EUR or 25 USD", "en", null],
    ["email", "Dana.Smith+1@mail.acme.example.", "en", "Dana.Smith+1@mail.acme.example"],
    ["email", "a@b.de or c@d.de", "en", null],
    ["email", "dana at acme", "en", null],
    ["phone", "+49 (0)170 123-45 67", "de", "+491701234567"],
    ["phone", "0049 170 1234567", "de", "+491701234567"],
    ["phone", "call 0170/1234567", "de", "01701234567"],
    ["phone", "+1 (555) 010-0123", "en", "+15550100123"],
    ["phone", "12345", "en", null],
    ["phone", "0170 1234567, 0171 7654321", "de", null],
    ["date", "2026-12-24", "en", "2026-12-24"],
    ["date", "am 24.12.2026", "de", "2026-12-24"],
    ["date", "1.2.27", "de", "2027-02-01"],
    ["date", "24. Dezember 2026", "de", "2026-12-24"],
    ["date", "3. März 2027", "de", "2027-03-03"],
    ["date", "December 24th, 2026", "en", "2026-12-24"],
    ["date", "24 Dec 2026", "en", "2026-12-24"],
    ["date", "12/24/2026", "en", "2026-12-24"],
    ["date", "24/12/2026", "en", "2026-12-24"],
    ["date", "03/04/2026", "en", null],
    ["date", "03/04/2026", "de", "2026-04-03"],
    ["date", "tomorrow", "en", "2026-11-21"],
    ["date", "übermorgen", "de", "2026-11-22"],
    ["date", "heute", "de", "2026-11-20"],
    ["date", "31.02.2026", "de", null],
    ["date", "99.01.2026", "de", null],
    ["date", "0.01.2026", "de", null],
    ["date", "01.13.2026", "de", null],
    ["date", "24.12.", "de", null],
    ["date", "soon", "en", null],
    ["datetime", "24.12.2026 um 14:30 Uhr", "de", "2026-12-24T14:30"],
    ["datetime", "24.12.2026, 9 Uhr", "de", "2026-12-24T09:00"],
    ["datetime", "Dec 24, 2026 2:05 pm", "en", "2026-12-24T14:05"],
    ["datetime", "tomorrow 12 am", "en", "2026-11-21T00:00"],
    ["datetime", "2026-12-24T08:15", "en", "2026-12-24T08:15"],
    ["datetime", "2026-12-24 25:00", "en", null],
    ["datetime", "2026-12-24", "en", null],
    ["yes_no", "Yes!", "en", true],
    ["yes_no", "ja gerne", "de", true],
    ["yes_no", "Nö", "de", false],
    ["yes_no", "no thanks", "en", false],
    ["yes_no", "maybe", "en", null],
    ["yes_no", "sure!", "en", true],
    ["yes_no", "ok, not really", "en", null],
    ["yes_no", "yes but I can't", "en", null],
    ["yes_no", "klar, aber nicht jetzt", "de", null],
    ["yes_no", "no problem", "en", null],
    ["yes_no", "no, that is right", "en", null],
    ["text", "  fine ", "en", "fine"],
    ["text", " ", "en", null],
    ["text", "x".repeat(4_001), "en", null],
    ["file", "here", "en", null],
    ["choice", "red", "en", null],
  ] as const)("%s: %j (%s)", (type, text, language, value) => {
    expect(read(type, text, language)).toEqual(value);
  });

  it("keeps a file by its reference", () => {
    const reply = {
      kind: "reply",
      text: "",
      choice: { option: null, why: "empty" },
      attachments: [{ ref: "f1", name: "a.pdf" }],
    } as const;
    expect(readField(field("x", "file"), reply, facts())).toEqual({ ok: true, value: [{ ref: "f1", name: "a.pdf" }] });
  });

  it.each([
    [/AC-\d{4}/, "AC-1234", true],
    [/AC-\d{4}/, "AC-12345", false],
    [/AC-\d{4}|B\d/, "xB1", false],
    [/ac-\d{4}/gi, "AC-1234", true],
  ])("an id must match %s as a whole: %j", (pattern, text, fits) => {
    const reply = { kind: "reply", text, choice: { option: null, why: "free_text" }, attachments: [] } as const;
    expect(readField(field("x", "id", { pattern }), reply, facts()).ok).toBe(fits);
  });
});
