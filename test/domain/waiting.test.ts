import { expect, it } from "vitest";
import { type AnswererKind, nextAnswerer, type WaitingFacts } from "../../src/domain/waiting.ts";

// U4: who answers next in an open conversation.

const since = "2026-01-01T10:00:00Z";
const QUIET = "2026-01-02T10:00:00Z";
const nothing: WaitingFacts = {
  held: null,
  eventSince: null,
  ask: null,
  part: null,
  alarm: null,
  prompt: false,
  runs: 0,
  quietSince: QUIET,
};
const held = { queue: "billing", holder: null, since };
const ask = { of: "call:crm", since };
const part = { channel: "sms", since };
const alarm = { id: "e1.0.1", dueAt: since };

it.each<[what: string, facts: Partial<WaitingFacts>, kind: AnswererKind, since: string]>([
  ["nothing was begun: the customer may write", {}, "customer", QUIET],
  ["they are asked something", { prompt: true, runs: 1, alarm }, "customer", QUIET],
  ["a question without a give-up time", { prompt: true, runs: 1 }, "customer", QUIET],
  ["a run without anything to wait for", { runs: 1 }, "nobody", QUIET],
  ["a run that waits for a time", { runs: 1, alarm }, "bot", QUIET],
  ["an idle workflow's alarm alone", { alarm }, "customer", QUIET],
  ["an event that no turn has handled", { eventSince: since, runs: 1 }, "bot", since],
  ["a call under way", { ask, runs: 1 }, "bot", since],
  ["a part that has not left", { part, prompt: true, runs: 1 }, "platform", since],
  ["people hold it, whatever else waits", { held, ask, part, eventSince: since, runs: 1 }, "people", since],
])("%s", (_, facts, kind, from) => {
  expect(nextAnswerer({ ...nothing, ...facts })).toMatchObject({ kind, since: from });
});
