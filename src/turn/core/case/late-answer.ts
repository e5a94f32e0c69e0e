/** Answers that no run waits for any more. The outcome of a write is always told (E4). */
import type { CallResult } from "../../../domain/call.ts";
import { isHeld } from "../bot-policy.ts";
import { change, line, type TransitionContext, tellSystem } from "../context.ts";
import type { Event } from "../event.ts";
import { openCase, SILENT_HANDOFF } from "./open.ts";

/** Handles an answer that nothing waits for: people are told what a write did, and a read changes nothing. */
export function onLateAnswer(
  context: TransitionContext,
  { ask, result, effect }: Extract<Event, { kind: "answer" }>,
): void {
  const off = context.state.calledOff.find((one) => one.ask === ask);
  if (off !== undefined) change(context, { calledOff: context.state.calledOff.filter((one) => one !== off) });
  const operation = off?.operation ?? (effect?.write === true ? effect.operation : null);
  if (operation === null) return line(context, "answer.late", "Nothing waits for this answer any more");
  tellOutcome(context, outcomeWords(operation, result, sinceWords(context)));
}

/** Tells people what came of writes whose runs were stopped between the answer and its reading. */
export function tellUnheard(context: TransitionContext): void {
  for (let one = context.unheard.shift(); one !== undefined; one = context.unheard.shift())
    tellOutcome(context, outcomeWords(one.operation, one.result, "before its workflow was stopped"));
}

/**
 * Sees to it that a person learns of writes of unknown outcome that `on_error:` steps took up: after these steps, which
 * may have handed over themselves.
 */
export function tellUnsure(context: TransitionContext): void {
  for (let says = context.unsure.shift(); says !== undefined; says = context.unsure.shift()) {
    const message = says.replace(/\.$/, "");
    line(context, "write.unknown", message);
    if (isHeld(context.state)) tellSystem(context, `${message}.`);
    else openCase(context, { ...SILENT_HANDOFF, escalation: "failure", queue: null, reason: message });
  }
}

function tellOutcome(context: TransitionContext, { code, message }: OutcomeWords): void {
  line(context, code, message);
  if (context.state.case !== null) return tellSystem(context, `${message}.`);
  // A write that certainly did not happen needs nobody.
  if (code !== "write.unmade") openCase(context, { ...SILENT_HANDOFF, queue: null, reason: message });
}

function sinceWords({ state }: TransitionContext): string {
  if (!isHeld(state)) return "after its workflow had been stopped";
  const holder = state.case?.holder?.name;
  return holder === undefined ? "after people took over" : `after ${holder} took over`;
}

interface OutcomeWords {
  code: string;
  message: string;
}

function outcomeWords(operation: string, result: CallResult, since: string): OutcomeWords {
  if (result.ok) return { code: "write.made", message: `${operation} was made ${since}` };
  switch (result.error.reason) {
    case "ambiguous":
    case "timeout":
    // It was accepted, or failed half-way.
    case "bad_answer":
    case "server_error":
      return { code: "write.unknown", message: `It is unknown whether ${operation} was made, ${since}` };
    case "cancelled":
      return { code: "write.unmade", message: `${operation} was not made: it was called off before it left` };
    case "unreachable":
    case "refused":
    case "not_found":
    case "bad_input":
      return { code: "write.unmade", message: `${operation} was not made: ${result.error.message.replace(/\.$/, "")}` };
  }
}
