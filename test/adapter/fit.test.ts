import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Capabilities } from "../../src/adapter/capabilities.ts";
import { cut } from "../../src/adapter/cut.ts";
import { fit, wholeText } from "../../src/adapter/fit.ts";
import type { OutgoingMessage } from "../../src/adapter/part.ts";
import { type NumberedOption, PERSON_OPTION } from "../../src/domain/option.ts";
import { cpuMs } from "../support/cpu-time.ts";

const characters = (text: string) => text.length;
const bytes = (text: string) => Buffer.byteLength(text);
const points = (text: string) => Array.from(text).length;

function can(max: number, options: Partial<Capabilities["options"]> = {}): Capabilities {
  return {
    text: { max, unit: "characters" },
    options: { support: "fallback", max: 9, maxLabel: 24, ...options },
    reservedWords: [],
    attachments: { support: "dropped", maxBytes: 0 },
    edit: "dropped",
    hint: "dropped",
    typing: "dropped",
    reconcile: "dropped",
    receipts: "dropped",
    quietMs: 0,
  };
}

const option = (n: number, label: string): NumberedOption => ({ n, id: `o${n}`, label, aliases: [] });
const PERSON: NumberedOption = { n: 0, id: PERSON_OPTION, label: "Talk to a person", aliases: [] };
const MENU = [PERSON, option(1, "Billing"), option(2, "Delivery"), option(3, "Something else")];
const QUESTION: OutgoingMessage = {
  text: "What is it about?",
  options: MENU,
  footer: "Reply with a number, or just tell us what you need.",
  promptId: "p1",
};
const LIST =
  "1) Billing\n2) Delivery\n3) Something else\n0) Talk to a person\n\nReply with a number, or just tell us what you need.";

const texts = (message: OutgoingMessage, max: number) => fit(message, can(max), characters).map((part) => part.text);

describe("fit", () => {
  it("writes options as numbered lines, the person last, where the channel has no buttons", () => {
    expect(fit(QUESTION, can(1_600), characters)).toEqual([{ text: `What is it about?\n\n${LIST}` }]);
  });

  it("hands options on, the person last, where the channel has buttons, and needs no footer then", () => {
    const native = can(1_600, { support: "native" });
    expect(fit(QUESTION, native, characters)).toEqual([
      { text: "What is it about?", options: [...MENU.slice(1), PERSON], promptId: "p1" },
    ]);
  });

  it("puts native options on the last part only", () => {
    const long = { ...QUESTION, text: "One two three. ".repeat(10) };
    const parts = fit(long, can(60, { support: "native" }), characters);
    expect(parts.length).toBeGreaterThan(1);
    expect(parts.map((part) => part.options?.length)).toEqual([...parts.slice(1).map(() => undefined), 4]);
    expect(parts.map((part) => part.promptId)).toEqual([...parts.slice(1).map(() => undefined), "p1"]);
  });

  it.each([
    ["more options than the channel shows", { support: "native", max: 3 }],
    ["a label longer than the channel shows", { support: "native", maxLabel: 8 }],
    ["options that the platform would drop", { support: "dropped" }],
  ] as const)("writes numbered lines for %s", (_, options) => {
    expect(fit(QUESTION, can(1_600, options), characters)).toEqual([{ text: `What is it about?\n\n${LIST}` }]);
  });

  it("says nothing for an empty message, and only the list where there is no question", () => {
    expect(texts({ text: "" }, 160)).toEqual([]);
    expect(texts({ text: "", options: [option(1, "Yes, go on")] }, 160)).toEqual(["1) Yes, go on"]);
  });

  it("keeps the options together with the last sentence of a question that is too long", () => {
    const text = `${"We looked at your order again. ".repeat(5)}Which of these fits best?`;
    const parts = texts({ ...QUESTION, text }, 170);
    expect(parts).toEqual(["We looked at your order again. ".repeat(5), `Which of these fits best?\n\n${LIST}`]);
  });

  it("keeps the last paragraph or sentence with the options where the whole question leaves them no room", () => {
    const story = "We looked at your order again. ".repeat(4);
    const text = `${story}Which of these fits best?`;
    expect(texts({ ...QUESTION, text }, 160)).toEqual([story, `Which of these fits best?\n\n${LIST}`]);
    expect(texts({ ...QUESTION, text: `${story}\n\nFirst this. Then that?` }, 160)).toEqual([
      `${story}\n\n`,
      `First this. Then that?\n\n${LIST}`,
    ]);
  });

  it("sends the list alone where even one sentence more is too much", () => {
    const text = `${"word ".repeat(29)}word?`;
    expect(texts({ ...QUESTION, text }, LIST.length)).toEqual([
      "word ".repeat(22),
      `${"word ".repeat(7)}word?\n\n`,
      LIST,
    ]);
  });

  it("divides a list that fits nowhere between its lines", () => {
    const options = [1, 2, 3, 4, 5, 6].map((n) => option(n, `Choice number ${n}`));
    expect(texts({ text: "Pick:", options }, 45)).toEqual([
      "Pick:\n\n1) Choice number 1\n2) Choice number 2\n".slice(0, 45),
      "3) Choice number 3\n4) Choice number 4\n",
      "5) Choice number 5\n6) Choice number 6",
    ]);
  });

  it.each([
    ["a paragraph", "One. Two three.\n\nFour five six seven.", 24, ["One. Two three.\n\n", "Four five six seven."]],
    ["a line", "One. Two three.\nFour five six seven.", 24, ["One. Two three.\n", "Four five six seven."]],
    ["a sentence", "One two three. Four five six seven.", 24, ["One two three. ", "Four five six seven."]],
    ["a word", "One two three four five six", 16, ["One two three ", "four five six"]],
    ["a grapheme", "Donaudampfschiff", 5, ["Donau", "dampf", "schif", "f"]],
    ["a Chinese sentence", "你好。请问有什么可以帮您?", 8, ["你好。请问有什么", "可以帮您?"]],
    ["what is no no-break space", "about 10\u00a0000 crowns", 11, ["about ", "10\u00a0000 ", "crowns"]],
    [
      "a far better place than an early paragraph",
      "Hi.\n\nOne two three four five",
      20,
      ["Hi.\n\nOne two three ", "four five"],
    ],
  ])("cuts after %s", (_, text, max, expected) => {
    expect(cut(text, max, characters)).toEqual(expected);
  });

  it.each([
    ["a family", "👨‍👩‍👧‍👦".repeat(4), 15, 11],
    ["a flag", "🇨🇭".repeat(9), 10, 8],
    ["an accent", "e\u0301".repeat(9), 5, 4],
    ["a blank with an accent", "ab \u0301 \u0301cd", 3, 2],
    ["a Windows line end", "\r\n".repeat(9), 5, 4],
  ])("never cuts inside %s", (_, text, max, length) => {
    expect(cut(text, max, characters)[0]?.length).toBe(length);
  });

  it("cuts a grapheme longer than a whole part between characters, for the limit comes first", () => {
    const zalgo = `e${"\u0301".repeat(50)}`;
    const pieces = cut(`x${zalgo}`, 20, characters);
    expect(pieces.join("")).toBe(`x${zalgo}`);
    expect(Math.max(...pieces.map(characters))).toBe(20);
  });

  it("takes something visible along where only blanks would be left for the last part", () => {
    expect(cut("One two three \n\n", 13, characters)).toEqual(["One two ", "three \n\n"]);
    expect(cut("Donaudampf   ", 10, characters)).toEqual(["Donaudamp", "f   "]);
  });

  it("says what to do where a limit has no room for one character", () => {
    expect(() => cut("日本", 2, bytes)).toThrow("raise `text.max`");
  });

  it("cuts a hundred thousand characters in reasonable time", () => {
    const text = "Ein kurzer Satz mit Wörtern. ".repeat(3_500);
    const spent = cpuMs(() => expect(cut(text, 160, characters).join("")).toBe(text));
    expect(spent).toBeLessThan(2_000);
  });
});

describe("Markdown, and an operator's words", () => {
  const marked: Capabilities = { ...can(40, { support: "native" }), markdown: { max: 200 } };
  const text = `${"**One** paragraph of a few words.\n\n".repeat(9)}The end.`;

  it("are marked on every part", () => {
    const parts = fit({ text, options: MENU, markdown: true, trusted: true }, marked, characters);
    expect(parts.length).toBeGreaterThan(1);
    for (const part of parts) expect(part).toMatchObject({ markdown: true, trusted: true });
    expect(parts.at(-1)).toMatchObject({ options: { length: 4 } });
  });

  it("may be longer where the channel shows Markdown, and are cut after paragraphs", () => {
    const parts = fit({ text, markdown: true }, marked, characters);
    expect(parts.map((part) => part.text).join("")).toBe(text);
    expect(parts.map((part) => part.text.length)).toEqual([175, 140 + "The end.".length]);
  });

  it("are plain text where the channel shows no Markdown", () => {
    const parts = fit({ text, markdown: true, trusted: true }, can(40), characters);
    for (const part of parts) {
      expect(part).toMatchObject({ trusted: true });
      expect(part).not.toHaveProperty("markdown");
      expect(part.text.length).toBeLessThanOrEqual(40);
    }
  });

  it("are plain text where options are numbered lines: a Markdown list would number the person anew", () => {
    const labels = { ...marked, options: { ...marked.options, maxLabel: 8 } };
    for (const part of fit({ ...QUESTION, markdown: true }, labels, characters)) {
      expect(part).not.toHaveProperty("markdown");
      expect(part.text.length).toBeLessThanOrEqual(40);
    }
  });

  it("leave no mark where there is nothing to mark", () => {
    expect(fit({ text: "Hi" }, marked, characters)).toEqual([{ text: "Hi" }]);
  });
});

describe("fit, for any message", () => {
  const text = fc.oneof(
    fc.string({ unit: "grapheme", maxLength: 300 }),
    fc.string({ unit: "binary", maxLength: 300 }),
    fc
      .array(
        fc.constantFrom(
          "Hello",
          " ",
          "\n",
          "\n\n",
          ". ",
          "👨‍👩‍👧",
          "日本。",
          "e\u0301",
          " \u0301",
          "\r\n",
          "\u00a0",
          "long".repeat(9),
        ),
        {
          maxLength: 120,
        },
      )
      .map((words) => words.join("")),
  );
  const message = fc.record(
    {
      text,
      options: fc
        .array(fc.string({ unit: "grapheme", minLength: 1, maxLength: 40 }), { maxLength: 12 })
        .map((labels) => [...labels.map((label, at) => option(at + 1, label)), PERSON]),
      footer: text,
      promptId: fc.constant("p1"),
    },
    { requiredKeys: ["text"] },
  );
  const limits = fc.record({
    max: fc.integer({ min: 4, max: 200 }),
    support: fc.constantFrom("native" as const, "fallback" as const, "dropped" as const, "rejected" as const),
    measure: fc.constantFrom(characters, bytes, points),
  });

  it("loses nothing, and keeps the limit", () => {
    fc.assert(
      fc.property(message, limits, (outgoing, { max, support, measure }) => {
        const asked = outgoing as OutgoingMessage;
        const capabilities = can(max, { support });
        const parts = fit(asked, capabilities, measure);
        expect(parts.map((part) => part.text).join("")).toBe(wholeText(asked, capabilities));
        for (const part of parts) expect(measure(part.text)).toBeLessThanOrEqual(max);
        const shown = parts.at(-1)?.options ?? [];
        if (shown.length > 0) expect(new Set(shown)).toEqual(new Set(asked.options));
      }),
      { numRuns: 300 },
    );
  });

  it("never cuts inside a surrogate pair, nor inside a grapheme that fits", () => {
    const segmenter = new Intl.Segmenter("en", { granularity: "grapheme" });
    fc.assert(
      fc.property(text, limits, (outgoing, { max, measure }) => {
        const ends = new Set<number>([0]);
        for (const { index, segment } of segmenter.segment(outgoing)) {
          ends.add(index + segment.length);
          if (measure(segment) > max) for (let at = 1; at < segment.length; at++) ends.add(index + at);
        }
        let at = 0;
        for (const piece of cut(outgoing, max, measure)) {
          at += piece.length;
          expect(ends.has(at)).toBe(true);
          expect(/^[\uDC00-\uDFFF]/.test(outgoing.slice(at)) && /[\uD800-\uDBFF]$/.test(piece)).toBe(false);
        }
      }),
      { numRuns: 300 },
    );
  });
});
