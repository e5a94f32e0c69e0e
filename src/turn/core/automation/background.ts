/** Background workflows that wait until the customer writes. */
import { isHeld } from "../bot-policy.ts";
import type { TransitionContext } from "../context.ts";
import type { Event } from "../event.ts";
import { replyToRun } from "./triage.ts";

/** Ends such waits: the customer wrote. The words themselves are for whoever holds the dialogue. */
export function tellBackground(
  context: TransitionContext,
  event: Extract<Event, { kind: "message" | "choice" }>,
): void {
  if (isHeld(context.state)) return;
  const choice = { option: null, why: "no_prompt" } as const;
  for (const run of context.state.runs) {
    if (run.ground !== "background" || !run.waits.some(({ kind }) => kind === "words")) continue;
    if (context.state.prompt?.run === run.id) continue;
    replyToRun(context, run, { reply: { kind: "reply", text: event.text, choice, attachments: [] }, forgiving: false });
  }
}
