import { describe, expect, test } from "vitest";
import type { DeskCommand } from "../../src/adapter/inbound.ts";
import { eventWords } from "../../src/admin/journal-words.ts";
import { deliveryWords, messageState, type PartState, partState } from "../../src/desk/delivery-words.ts";
import { OPTED_OUT, TAKEN_OVER } from "../../src/outbound/deliver.ts";
import type { PartFacts } from "../../src/store/part-facts.ts";
import type { From, Happening } from "../../src/turn/core/event.ts";

const from = {} as From;
const NOBODY = { id: 1, name: "", first_name: "", email: "", phone: "", language: "", blocked: false, attributes: {} };
const message = (text: string, files: number): Happening => ({
  kind: "message",
  message: 1,
  text,
  attachments: Array.from({ length: files }, (_, n) => ({ ref: String(n) })),
  from,
});
const operator = (command: DeskCommand): Happening => ({
  kind: "operator",
  operator: { id: "ines", name: "Ines" },
  queues: null,
  command,
});
const error = { reason: "timeout", message: "billing did not answer within 5 s", retryable: true } as const;

describe("the journal describes an event in one sentence", () => {
  test.each<[Happening, string]>([
    [message("2", 0), "The customer wrote “2”"],
    [message("  see here\n", 1), "The customer wrote “see here” with a file"],
    [message("both", 2), "The customer wrote “both” with 2 files"],
    [
      { kind: "choice", message: 1, text: "An invoice", promptId: "p", optionId: "o", from },
      "The customer pressed “An invoice”",
    ],
    [{ kind: "answer", ask: "e1.a0", result: { ok: true, value: {} } }, "An outside system answered"],
    [
      { kind: "answer", ask: "e1.a0", result: { ok: false, error } },
      "An outside system gave no usable answer: billing did not answer within 5 s",
    ],
    [{ kind: "alarm", alarm: "e1.remind" }, "A timer fired"],
    [{ kind: "named", contact: { ...NOBODY, name: "Dana" } }, "The platform calls the customer “Dana”"],
    [{ kind: "alarm", alarm: "idle:nudge" }, "The conversation has been idle for a while"],
    [operator({ kind: "claim" }), "Ines pressed Claim"],
    [operator({ kind: "unclaim" }), "Ines pressed Unclaim"],
    [operator({ kind: "take_over" }), "Ines pressed Take over"],
    [operator({ kind: "hand_back" }), "Ines pressed Hand back"],
    [operator({ kind: "resolve" }), "Ines pressed Resolve"],
    [operator({ kind: "transfer", queue: "billing" }), "Ines asked to move the case to “billing”"],
    [operator({ kind: "say", text: "hm" }), "Ines wrote in the case: “hm”"],
    [operator({ kind: "reply", text: "Hello" }), "Ines replied to the customer: “Hello”"],
    [operator({ kind: "note", text: "rude" }), "Ines wrote a note: “rude”"],
    [operator({ kind: "run", workflow: "refund" }), "Ines pressed Run for the workflow “refund”"],
    [
      { kind: "undelivered", outbox: 1, outcome: "failed", reason: "unknown number" },
      "A message could not be delivered: unknown number",
    ],
    [
      { kind: "undelivered", outbox: 1, outcome: "parked", reason: "no answer" },
      "It is unclear whether a message arrived: no answer",
    ],
    [
      { kind: "undelivered", outbox: 1, desk: true, outcome: "failed", reason: "no such channel" },
      "Something for the desk could not be delivered: no such channel",
    ],
    [{ kind: "dropped", outbox: 1, reason: "Ines took over" }, "A message was not sent, because Ines took over"],
  ])("%j", (happening, message) => {
    expect(eventWords(happening)).toBe(message);
  });
});

const facts = (more: Partial<PartFacts>): PartFacts => ({
  outcome: null,
  attempted: false,
  error: null,
  status: null,
  code: null,
  ...more,
});

describe("the delivery of a part", () => {
  test.each<[Partial<PartFacts>, PartState]>([
    [{}, "queued"],
    [{ attempted: true }, "sending"],
    [{ outcome: "sent" }, "sent"],
    [{ outcome: "sent", status: "accepted" }, "sent"],
    [{ outcome: "sent", status: "delivered" }, "delivered"],
    [{ outcome: "sent", status: "read" }, "delivered"],
    [{ outcome: "sent", status: "undelivered" }, "failed"],
    [{ outcome: "sent", status: "failed" }, "failed"],
    [{ outcome: "failed" }, "failed"],
    [{ outcome: "parked", attempted: true }, "parked"],
    [{ outcome: "dropped" }, "dropped"],
  ])("%j is %s", (given, state) => {
    expect(partState(facts(given))).toBe(state);
  });

  test.each<[string, PartFacts[], PartState | null]>([
    ["nothing was to be sent", [], null],
    ["all arrived", [facts({ outcome: "sent", status: "delivered" })], "delivered"],
    ["one of two waits", [facts({ outcome: "sent" }), facts({})], "queued"],
    ["one of two failed", [facts({}), facts({ outcome: "failed" })], "failed"],
  ])("a message has the state of its worst part: %s", (_why, parts, state) => {
    expect(messageState(parts)).toBe(state);
  });

  test.each<[PartFacts[], string | null]>([
    [[], null],
    [[facts({})], "→ Dana, SMS, waiting to be sent"],
    [[facts({ attempted: true })], "→ Dana, SMS, being sent"],
    [[facts({ outcome: "sent" })], "→ Dana, SMS, sent"],
    [[facts({ outcome: "sent", status: "delivered" })], "→ Dana, SMS, delivered"],
    [
      [facts({ outcome: "failed", error: "the number is not in use" })],
      "→ Dana, SMS, not delivered: the number is not in use",
    ],
    [
      [facts({ outcome: "sent", status: "failed", code: "30003" })],
      "→ Dana, SMS, not delivered: the platform's code is 30003",
    ],
    [[facts({ outcome: "parked", error: "no answer" })], "→ Dana, SMS, unclear whether it arrived: no answer"],
    [
      [facts({ outcome: "dropped", error: TAKEN_OVER })],
      "→ Dana, SMS, not sent, because a person took over before it left",
    ],
    [
      [facts({ outcome: "dropped", error: OPTED_OUT })],
      "→ Dana, SMS, not sent, because the customer opted out; they can write START to hear from us again",
    ],
    [
      [facts({ outcome: "sent", error: "an earlier try failed" }), facts({ outcome: "failed", error: "blocked" })],
      "→ Dana, SMS, not delivered: blocked",
    ],
  ])("an operator reads %j as %s", (parts, words) => {
    expect(deliveryWords("Dana", "SMS", parts)).toBe(words);
  });
});
