import { isHeld } from "./bot-policy.ts";
import { onLateAnswer, tellUnheard } from "./case/late-answer.ts";
import { openCase } from "./case/open.ts";
import { endSuspended } from "./case/suspend.ts";
import { beginTransition, line, tellSystem } from "./context.ts";
import type { Event } from "./event.ts";
import { finish } from "./finish.ts";
import type { TransitionOutcome } from "./outcome.ts";
import type { State } from "./state.ts";
import type { TransitionOptions } from "./transition.ts";

/** An event that could not be handled, as far as it can be read. */
export interface QuarantinedEvent {
  id: number;
  at: Date;
  kind: string;
  /** The answer that it is, if it can be read. */
  answer: Extract<Event, { kind: "answer" }> | null;
}

/**
 * Outcome for an event whose transition failed: the event is set aside and people get the conversation (T12). They are told
 * what a write did, also where its answer is what could not be handled (E4).
 */
export function quarantine(
  state: State,
  { id, at, kind, answer }: QuarantinedEvent,
  options: TransitionOptions,
): TransitionOutcome {
  const context = beginTransition(state, { id, at, kind: "dropped", outbox: 0, reason: "" }, options);
  line(context, "event.quarantined", "This event could not be handled, so it was set aside and a person looks at it");
  const fromCustomer = ["message", "choice", "opt_out", "opt_in", "help"].includes(kind);
  if (isHeld(state)) {
    // Else the bot might go on without what was set aside.
    endSuspended(context);
    const text = fromCustomer ? "A customer's message could not be handled" : "Something could not be handled";
    tellSystem(context, `${text}; the transcript has it.`);
  } else if (state.phase !== "closed" || fromCustomer) {
    const facts = { queue: null, priority: "high", escalation: "failure", summary: null, say: null } as const;
    openCase(context, { ...facts, reason: "Something went wrong with a message", known: {}, words: "say" });
  }
  if (answer !== null) onLateAnswer(context, answer);
  tellUnheard(context);
  return finish(context);
}
