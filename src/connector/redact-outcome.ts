import type { AttemptOutcome } from "./attempt.ts";
import { redactText, redactValue } from "./redact.ts";

/** The outcome without secrets, which a system may echo. */
export function redactOutcome(outcome: AttemptOutcome, secrets: readonly string[]): AttemptOutcome {
  const { result } = outcome;
  if (result.ok) return { ...outcome, result: { ok: true, value: redactValue(result.value, secrets) } };
  const message = redactText(result.error.message, secrets);
  return { ...outcome, result: { ok: false, error: { ...result.error, message } } };
}
