/** The next answerer of an open conversation, and the time since which they are waited for (U4). */

/** Facts stored about an open conversation; times are ISO 8601. */
export interface WaitingFacts {
  /** The case that people hold; null where they hold none. */
  held: { queue: string; holder: string | null; since: string } | null;
  /** Arrival of the first event that no turn has handled. */
  eventSince: string | null;
  /** The oldest effect whose result is awaited; `of` names what runs it ("call:crm"). */
  ask: { of: string; since: string } | null;
  /** The oldest part for the customer that has not left. */
  part: { channel: string; since: string } | null;
  /** The next alarm that a run waits for. */
  alarm: { id: string; dueAt: string } | null;
  /** True where a question is open. */
  prompt: boolean;
  /** Runs that are under way or wait for their start, and messages that wait to be read by one. */
  runs: number;
  /** The latest message from or to the customer. */
  quietSince: string;
}

export type NextAnswerer =
  /** `holder`: null where nobody has claimed the case. */
  | { kind: "people"; queue: string; holder: string | null; since: string }
  /** `by`: the thing that goes on by itself: a turn, the named effect, or an alarm. */
  | { kind: "bot"; by: string; since: string }
  | { kind: "platform"; channel: string; since: string }
  /** `prompt`: they were asked something; else they may write, or are silent until the conversation is closed. */
  | { kind: "customer"; prompt: boolean; since: string }
  /** Something was begun, and nothing would ever go on with it. */
  | { kind: "nobody"; since: string };

export type AnswererKind = NextAnswerer["kind"];
export const ANSWERER_KINDS: readonly AnswererKind[] = ["people", "bot", "platform", "customer", "nobody"];

/** Names the next answerer. What goes on by itself comes before what the customer may do. */
export function nextAnswerer(facts: WaitingFacts): NextAnswerer {
  const { held, eventSince, ask, part, alarm, prompt, runs, quietSince: since } = facts;
  if (held !== null) return { kind: "people", ...held };
  if (eventSince !== null) return { kind: "bot", by: "turn", since: eventSince };
  if (ask !== null) return { kind: "bot", by: ask.of, since: ask.since };
  if (part !== null) return { kind: "platform", ...part };
  // Its give-up time, or the close after a long silence, ends a question that is never answered.
  if (prompt) return { kind: "customer", prompt: true, since };
  if (runs > 0) return alarm === null ? { kind: "nobody", since } : { kind: "bot", by: "alarm", since };
  return { kind: "customer", prompt: false, since };
}
