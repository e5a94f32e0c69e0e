/** Answers what a conversation asks for from its scenario. */
import type { CallResult } from "../domain/call.ts";
import type { Attachment } from "../domain/message.ts";
import { own } from "../lib/own.ts";
import type { ModelAnswer } from "../procedure/model-answer.ts";
import type { CallAsk } from "../turn/core/ask.ts";
import type { Release } from "../turn/core/catalog.ts";
import type { Scenario, ScriptedAnswer } from "./scenario.ts";

/** `fault`: the reason why the scenario fails; null: none. */
export interface Stubbed {
  result: CallResult;
  fault: string | null;
}

const refusedWith = (message: string): CallResult => ({
  ok: false,
  error: { reason: "unreachable", message, retryable: false },
});

/** The answer to a call or code block. `count`: number of its answers before; null: the scenario has none for a block. */
export function stubbed({ answers }: Scenario, { name, count }: { name: string; count: number }): Stubbed | null {
  const answer = own(answers, name);
  if (answer === undefined) return null;
  if (answer.kind === "forbidden")
    return {
      result: refusedWith("The scenario forbids this call."),
      fault: `${name} was called, and the scenario says fail_if_called`,
    };
  const result = answer.results[Math.min(count, answer.results.length - 1)];
  return result === undefined ? null : { result, fault: null };
}

/** The answer to a call for which the scenario has none. */
export const unanswered = (name: string): Stubbed => ({
  result: refusedWith("The scenario has no answer to this call."),
  fault: `${name} was called, and connectors: has no answer for it`,
});

/** As a real call, one without the contact's value fails before anything leaves. */
export function missingIdentity({ connector, operation, identity = {} }: CallAsk, release: Release): CallResult | null {
  const paths = release.operations.get(`${connector}.${operation}`)?.identity ?? {};
  const missing = Object.entries(paths).find(([name]) => !Object.hasOwn(identity, name));
  if (missing === undefined) return null;
  const message = `The contact has no ${missing[1]}, which is needed for ${missing[0]}.`;
  return { ok: false, error: { reason: "bad_input", message, retryable: false } };
}

/** A fetched file of the customer's. */
export function fetched({ name = "file", mediaType = "application/octet-stream" }: Attachment, id: number): CallResult {
  return { ok: true, value: { id, name, mediaType, bytes: 1_000, token: `scenario${id}` } };
}

/** The answer of a scripted model. It costs nothing. */
export function modelResult(answer: ScriptedAnswer): CallResult {
  if (answer.kind === "unavailable") return refusedWith("The scenario's model is unavailable.");
  const tokens = { input: 0, cached: 0, output: 0 };
  const value: ModelAnswer = { commands: answer.commands, model: "scripted", costUsd: 0, tokens };
  return { ok: true, value };
}
