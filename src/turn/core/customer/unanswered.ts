import { openCase, SILENT_HANDOFF } from "../case/open.ts";
import { change, type TransitionContext } from "../context.ts";

/** Opens a case for a customer who opted out: nobody can answer them here, but people may find another way. */
export function openUnanswered(context: TransitionContext, reason: string): void {
  openCase(context, { ...SILENT_HANDOFF, queue: context.state.case?.queue ?? null, reason });
  const { optedOut } = context.state;
  if (optedOut !== null) change(context, { optedOut: { ...optedOut, opened: true } });
}
