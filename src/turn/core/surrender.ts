import { beginDraft, finish, line } from "./draft.ts";
import type { Event } from "./event.ts";
import { openCase } from "./handoff.ts";
import type { Outcome } from "./outcome.ts";
import type { State } from "./state.ts";
import type { TransitionOptions } from "./transition.ts";

/** What is done where a transition could not decide: its event is set aside, and people get the conversation (T12). */
export function surrender(state: State, event: Pick<Event, "id" | "at">, options: TransitionOptions): Outcome {
  const draft = beginDraft(state, { ...event, kind: "dropped", outbox: 0, says: "" }, options);
  line(draft, "event.quarantined", "This event could not be handled, so it was set aside and a person looks at it");
  if (state.phase === "closed") return finish(draft);
  const facts = { queue: null, priority: "high", because: "failure", summary: null, say: null } as const;
  openCase(draft, { ...facts, reason: "Something went wrong with a message", known: {}, words: "say" });
  return finish(draft);
}
