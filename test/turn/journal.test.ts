import { describe, expect, it } from "vitest";
import { readEvent, UnreadableEvent } from "../../src/turn/journal.ts";

const at = "2026-11-20T10:00:00.000Z";
const from = { address: "dana", displayName: "Dana", trust: "verified" };
const contact = {
  id: 4,
  name: "Dana Smith",
  email: "",
  phone: "",
  language: "en",
  blocked: false,
  attributes: {},
};
const read = (kind: string, payload: unknown) => readEvent({ id: 9, kind, payload, at });
const operator = { id: "alex", name: "Alex" };

describe("a row of the journal", () => {
  it.each([
    ["message", { message: 7, said: { text: "hi", attachments: [], from }, contact }, { text: "hi" }],
    ["named", { contact }, { contact: { name: "Dana Smith", first_name: "Dana" } }],
    ["operator", { said: { operator, command: { do: "claim" } } }, { command: { kind: "claim" } }],
    [
      "operator",
      { said: { operator, command: { do: "release", because: "Gone" } } },
      { command: { kind: "release", reason: "Gone" } },
    ],
    [
      "answer",
      { ask: "a1", result: { ok: false, error: { reason: "timeout", says: "Late.", retryable: true } } },
      { result: { error: { message: "Late." } } },
    ],
    ["undelivered", { outbox: 4, outcome: "failed", says: "No such number" }, { reason: "No such number" }],
    ["dropped", { outbox: 4, says: "Ines took over" }, { reason: "Ines took over" }],
  ])("of an older build is read with today's names: %s", (kind, payload, read_) => {
    expect(read(kind, payload)).toMatchObject({ id: 9, kind, ...read_ });
  });

  it("of an operator's message in the thread is a say command", () => {
    const content = { from: { ...from, address: "alex", displayName: "" }, text: "// hm", ref: "w1", mentions: true };
    expect(read("operator", { content, queues: ["billing"] })).toMatchObject({
      operator: { id: "alex", name: "alex" },
      command: { kind: "say", text: "// hm", ref: "w1", shown: true, mentions: true },
      queues: ["billing"],
      into: null,
    });
  });

  it("says of a customer's message which of our parts had not left, and nothing where all had (U2)", () => {
    const content = { text: "hi", attachments: [], from };
    expect(read("message", { message: 7, content, contact, unsent: 812 })).toMatchObject({ unsent: 812 });
    expect(read("message", { message: 7, content, contact, unsent: null })).not.toHaveProperty("unsent");
    expect(read("message", { message: 7, content, contact })).not.toHaveProperty("unsent");
  });

  it("keeps a text that is longer than webhooks accept", () => {
    const command = { kind: "say", text: "x".repeat(40_000), ref: "w1" };
    expect(read("operator", { content: { operator, command } })).toMatchObject({ command });
  });

  it.each([
    ["message", { message: 7, content: { text: "hi", attachments: [], from } }, "contact"],
    ["message", { message: "7", content: { text: "hi", attachments: [], from }, contact }, "message"],
    ["choice", { message: 7, content: { text: "hi", promptId: "p", from }, contact }, "content.optionId"],
    ["operator", { content: { operator, command: { kind: "dance" } } }, "content"],
    ["answer", { ask: "a1", result: { ok: false } }, "result.error"],
    ["answer", { ask: "a1", result: "none" }, "result"],
    ["alarm", {}, "alarm"],
    ["undelivered", { outbox: 4, outcome: "lost", reason: "?" }, "outcome"],
    ["merged", { from: 3 }, "by"],
    ["withdrawn", null, "object"],
  ])("that can't be read throws with the faulty field: %s %j", (kind, payload, field) => {
    const reading = () => read(kind, payload);
    expect(reading).toThrow(UnreadableEvent);
    expect(reading).toThrow(new RegExp(`^The journal's event 9 of the kind “${kind}” can't be read: [^]*${field}`));
  });

  it.each(["nonsense", "toString", "constructor"])("of an unknown kind throws with the kind: %s", (kind) => {
    expect(() => read(kind, {})).toThrow(`The journal's event 9 is of the unknown kind “${kind}”`);
  });
});
