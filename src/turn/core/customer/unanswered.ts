import { openCase, UNTOLD } from "../case/open.ts";
import { change, type TransitionContext } from "../context.ts";

/** Whoever opted out can't be answered here, by nobody: people get what they wrote, and may find another way. */
export function toPeopleUnanswered(draft: TransitionContext, reason: string): void {
  openCase(draft, { ...UNTOLD, queue: draft.state.case?.queue ?? null, reason });
  const { optedOut } = draft.state;
  if (optedOut !== null) change(draft, { optedOut: { ...optedOut, opened: true } });
}
