import { openCase, SILENT_HANDOFF } from "../case/open.ts";
import { change, type TransitionContext } from "../context.ts";

/** Whoever opted out can't be answered here, by nobody: people get what they wrote, and may find another way. */
export function openUnanswered(context: TransitionContext, reason: string): void {
  openCase(context, { ...SILENT_HANDOFF, queue: context.state.case?.queue ?? null, reason });
  const { optedOut } = context.state;
  if (optedOut !== null) change(context, { optedOut: { ...optedOut, opened: true } });
}
