/** One kind of ask, as its handler provides it. */
import type { CallError } from "../../domain/call.ts";
import type { Fence } from "../../lib/fence.ts";
import type { AskAnswer, AskKind, AskRequest } from "../core/ask.ts";
import type { OutsideEffect } from "../core/event.ts";

/** Makes asks of one kind ready to run. */
export interface AskHandler<Kind extends AskKind> {
  /**
   * Loads what the ask needs before it is claimed. The claim records that the effect may have taken place, so nothing
   * else may fail after it.
   */
  prepare(request: AskRequest<Kind>, release: number): Promise<PreparedAsk<Kind>>;
}

export interface PreparedAsk<Kind extends AskKind = AskKind> {
  /** The operation that it performs in an outside system; null: none, or nothing is known of it. */
  effect: OutsideEffect | null;
  /** Time for which one request may be in flight once it left; null where repeating it is harmless. */
  inFlightMs: number | null;
  /**
   * Finds out what came of a write of unknown outcome; null: nobody can tell. Left out where nothing can be asked. The
   * signal is aborted when this process stops.
   */
  settle?(signal: AbortSignal): Promise<AskAnswer<Kind> | null>;
  /** Performs it once; a request leaves only while the claim holds. Never throws but on bugs. */
  run(attempt: AskAttempt): Promise<AttemptEnd<Kind>>;
  /** Called before an answer that says why it was given up. */
  beforeGivenUp?(ask: string, message: string): Promise<void>;
}

/** An attempt that holds the claim of its ask. */
export interface AskAttempt {
  ask: string;
  conversation: number;
  fence: Fence;
  /** Aborted when this process stops, or nobody wants the ask any more. */
  signal: AbortSignal;
}

export interface AttemptEnd<Kind extends AskKind = AskKind> {
  result: AskAnswer<Kind>;
  /** True when something may have been done outside, and nobody knows. */
  uncertain: boolean;
}

/** Time in which bytes leave after the claim was checked, far above what that takes. */
const LEAVES_WITHIN_MS = 100;

/** True while a request of this attempt may leave (E1). Asked right before its bytes do. */
export const mayLeave = ({ fence, signal }: Pick<AskAttempt, "fence" | "signal">): boolean =>
  !signal.aborted && fence.holds(LEAVES_WITHIN_MS);

/** A failed answer that nobody tries again. */
export const failedAnswer = (reason: CallError["reason"], message: string): AskAnswer<AskKind> & { ok: false } => ({
  ok: false,
  error: { reason, message, retryable: false },
});
