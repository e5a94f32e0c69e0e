import type { CallResult } from "../domain/call.ts";
import type { Requested } from "./request.ts";
import type { Tokens } from "./tokens.ts";

/** Everything that one attempt of a call is made with. */
export interface AttemptOptions extends Requested {
  tokens: Tokens;
  /** A clock that nobody sets. */
  nowMs: () => number;
  /** Time-out of one attempt, set by the step; overrides the manifest. */
  timeoutMs?: number | null;
  /** Asked right before anything of this attempt leaves; where it says false nothing does (E1). */
  mayLeave?: () => boolean;
  signal?: AbortSignal;
}

export interface AttemptOutcome {
  result: CallResult;
  /** HTTP status; null: there was no answer, or it is no HTTP. */
  status: number | null;
  /** True when something left and nobody knows what came of it. */
  uncertain: boolean;
  /** Input of the breaker; null: the outcome tells nothing about the system. */
  answered: boolean | null;
}
