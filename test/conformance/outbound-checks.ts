/** Checks of an adapter's outbound side. */
import * as fc from "fast-check";
import { expect } from "vitest";
import type { Capabilities } from "../../src/adapter/capabilities.ts";
import { choose } from "../../src/adapter/choose/choose.ts";
import { fit, wholeText } from "../../src/adapter/fit.ts";
import type { FittedPart, OutgoingMessage } from "../../src/adapter/part.ts";
import { type NumberedOption, PERSON_OPTION } from "../../src/domain/option.ts";
import { parsed } from "./samples.ts";
import { applied, type ChannelSubject, type Check, reasonOf } from "./subject.ts";

const option = (n: number, id: string, label: string): NumberedOption => ({ n, id, label, aliases: [] });
const MENU = [
  option(1, "billing", "Billing"),
  option(2, "delivery", "Delivery"),
  option(0, PERSON_OPTION, "Talk to a person"),
];
const QUESTION: OutgoingMessage = { text: "What is it about", options: MENU, promptId: "prompt-7" };

function configured(subject: ChannelSubject): {
  can: Capabilities;
  fitted: (message: OutgoingMessage) => FittedPart[];
  encode: (part: FittedPart) => unknown;
} {
  const { adapter } = subject;
  const config = adapter.config.parse(subject.config);
  const can = adapter.capabilities(config);
  return {
    can,
    fitted: (message) => fit(message, can, adapter.measure),
    encode: (part) => adapter.encode(part, config),
  };
}

function withoutButtons(subject: ChannelSubject): string | null {
  const { can } = configured(subject);
  if (can.options.support === "native") return null;
  return reasonOf(subject.click) ?? `options are "${can.options.support}" on this channel`;
}

export const OUTBOUND_CHECKS: readonly Check[] = [
  {
    name: "the fitted parts join to the text, within the limit",
    run(subject) {
      const { can, fitted } = configured(subject);
      const words = fc.constantFrom("Hello", " ", "\n\n", ". ", "é", "👨‍👩‍👧", "日本", "[€]", "“", "long".repeat(40));
      const text = fc.array(words, { maxLength: 600, size: "max" }).map((list) => list.join(""));
      fc.assert(
        fc.property(text, fc.boolean(), (said, asks) => {
          const message: OutgoingMessage = asks ? { ...QUESTION, text: said } : { text: said };
          const parts = fitted(message);
          expect(parts.map((part) => part.text).join("")).toBe(wholeText(message, can));
          for (const part of parts) expect(subject.adapter.measure(part.text)).toBeLessThanOrEqual(can.text.max);
        }),
        { numRuns: 60 },
      );
    },
  },
  {
    name: "measure never shrinks for a longer text, and only the empty text is 0",
    run({ adapter }) {
      const unit = fc.constantFrom("a", "€", "[", "é", "ç", "“", "…", "日", "👍", "\u0301", "\n");
      fc.assert(
        fc.property(fc.array(unit, { maxLength: 80, size: "max" }), (units) => {
          // Checks every prefix of the text, so that a long enough text finds a jump anywhere.
          const measured = units.map((_, at) => adapter.measure(units.slice(0, at + 1).join("")));
          expect(measured).toEqual(measured.toSorted((one, other) => one - other));
        }),
        { numRuns: 50 },
      );
      expect(adapter.measure("")).toBe(0);
      expect(adapter.measure("abc")).toBeGreaterThanOrEqual(3);
    },
  },
  {
    name: "encode shows the whole text and every option",
    run(subject) {
      const { fitted, encode } = configured(subject);
      const shown = fitted(QUESTION)
        .map((part) => [...stringsIn(encode(part))].join("\n"))
        .join("\n");
      for (const words of [QUESTION.text, ...MENU.map(({ label }) => label)]) expect(shown).toContain(words);
    },
  },
  {
    name: "encode is pure",
    run(subject) {
      const { fitted, encode } = configured(subject);
      for (const part of fitted(QUESTION)) {
        const before = structuredClone(part);
        expect(encode(part)).toEqual(encode(part));
        expect(part).toEqual(before);
      }
    },
  },
  {
    name: "a click and a typed number resolve to the same option",
    waived: withoutButtons,
    run(subject) {
      const { fitted, encode } = configured(subject);
      const click = applied(subject.click);
      for (const chosen of MENU) {
        const clicked = parsed(subject, click(encode(fitted(QUESTION).at(-1) ?? { text: "" }), chosen));
        expect(clicked, `clicked "${chosen.label}"`).toMatchObject([
          { kind: "choice", optionId: typedOption(subject, String(chosen.n)), promptId: QUESTION.promptId },
        ]);
      }
    },
  },
  {
    name: "a typed number resolves to the option it was shown with",
    run(subject) {
      for (const { n, id } of MENU) expect(typedOption(subject, String(n)), `typed ${n}`).toBe(id);
    },
  },
  {
    name: "every reserved word is left to the carrier",
    waived: (subject) => (configured(subject).can.reservedWords.length > 0 ? null : "the channel reserves no words"),
    run(subject) {
      const { reservedWords } = configured(subject).can;
      const menu = { id: "p", options: reservedWords.map((word, at) => option(at + 1, word, word)), languages: ["en"] };
      for (const word of reservedWords) {
        expect(word).toBe(word.toLowerCase());
        expect(choose(word.toUpperCase(), menu, { reservedWords })).toEqual({ option: null, why: "reserved_word" });
      }
    },
  },
];

/** Returns the option that this typed answer to QUESTION means. */
function typedOption(subject: ChannelSubject, text: string): string | null {
  const [inbound] = parsed(subject, subject.message(text));
  expect(inbound).toMatchObject({ kind: "message" });
  if (inbound?.kind !== "message") return null;
  const { reservedWords } = configured(subject).can;
  return choose(inbound.text, { id: "prompt-7", options: MENU, languages: ["en"] }, { reservedWords }).option;
}

function* stringsIn(value: unknown): Generator<string> {
  if (typeof value === "string") yield value;
  else if (typeof value === "object" && value !== null)
    for (const inner of Object.values(value)) yield* stringsIn(inner);
}
