/** Decides what becomes of an ask after an attempt, or instead of one (E3, E4). */
import type { CallError } from "../../domain/call.ts";
import type { AskOutcome, AskVerdict, ClaimedAsk } from "../../store/asks.ts";
import type { AskAnswer, AskKind, AskRules } from "../core/ask.ts";
import { type AttemptEnd, failedAnswer, type PreparedAsk } from "./kind.ts";

/** An ask's answer; or it is handed back, for any process to run. */
export type AskEnding =
  | { kind: "answer"; result: AskAnswer<AskKind>; outcome: AskOutcome }
  | { kind: "hand_back"; mayHaveLeft: boolean };

export interface AttemptFacts {
  effect: PreparedAsk["effect"];
  /** True when nobody wants it any more. */
  cancelled: boolean;
  /** True when this process stops, or its claim has lapsed. */
  interrupted: boolean;
  /** True when an earlier attempt was never answered. */
  attempted: boolean;
  /** True when the system can be asked what came of it. */
  settles: boolean;
}

const MAY_HAVE = "it may or may not have taken effect.";

/** The ending of an attempt. What is known is told, whoever still wants it. */
export function endingOf({ result, uncertain }: AttemptEnd, facts: AttemptFacts): AskEnding {
  if (result.ok) return { kind: "answer", result, outcome: "succeeded" };
  const { effect, cancelled, interrupted, attempted, settles } = facts;
  const { reason, retryable } = result.error;
  const unknown = reason === "ambiguous" || ((uncertain || attempted) && retryable && effect?.write === true);
  if (cancelled && unknown && reason !== "ambiguous")
    return answered(failedAnswer("ambiguous", `It was called off after it had left, so ${MAY_HAVE}`), "unknown");
  if (cancelled && retryable) return answered(failedAnswer("cancelled", CALLED_OFF), "cancelled");
  if (interrupted && (retryable || (unknown && settles)))
    return { kind: "hand_back", mayHaveLeft: unknown || uncertain || attempted };
  return unknown ? answered(ambiguousOf(result.error), "unknown") : answered(result, "failed");
}

/** Every write of unknown outcome ends with the same reason, whatever kept its answer away. */
const ambiguousOf = (error: CallError): AskAnswer<AskKind> =>
  error.reason === "ambiguous"
    ? { ok: false, error }
    : { ok: false, error: { ...error, reason: "ambiguous", message: `${error.message} So ${MAY_HAVE}` } };

const CALLED_OFF = "It was called off, since nothing waits for it any more.";

const answered = (result: AskAnswer<AskKind>, outcome: AskOutcome): AskEnding & { kind: "answer" } => ({
  kind: "answer",
  result,
  outcome,
});

interface GivenUp {
  verdict: Exclude<AskVerdict, "run">;
  attempted: ClaimedAsk["attempted"];
  effect: PreparedAsk["effect"];
  rules: Pick<AskRules, "attempts" | "deadlineMs">;
}

/** The ending of an ask that is not run any more. A write that was attempted is told as ambiguous. */
export function givenUp({ verdict, attempted, effect, rules }: GivenUp): AskEnding & { kind: "answer" } {
  const write = attempted && effect?.write === true;
  if (verdict === "unknown" || write)
    return answered(failedAnswer("ambiguous", `The process that made this call died; ${MAY_HAVE}`), "unknown");
  switch (verdict) {
    case "cancelled":
      return answered(failedAnswer("cancelled", CALLED_OFF), "cancelled");
    case "expired": {
      const minutes = Math.round(rules.deadlineMs / 60_000);
      return answered(
        failedAnswer("timeout", `It was given up, since it took more than ${minutes} minutes.`),
        "expired",
      );
    }
    case "spent": {
      const message = `It was given up after ${rules.attempts} attempts, each by a process that died.`;
      return answered(failedAnswer("timeout", message), "failed");
    }
  }
}
