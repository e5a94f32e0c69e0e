/**
 * Rules on whether the bot may answer a customer. Code that lets the bot say, ask or start something checks here first.
 */
import type { State } from "./state.ts";

/** Reason why the bot says nothing. */
export type Silence =
  /** People hold the conversation (T8). */
  | "people"
  /** The case is about a message that was not written to us, and no operator has replied to its author. */
  | "unaddressed"
  /** The customer opted out: nothing of ours may reach them. */
  | "opted_out";

type Held = Pick<State, "case">;

/** Reason why the bot may not answer; null: it may. */
export function botSilence(state: Held & Pick<State, "optedOut">): Silence | null {
  if (isHeld(state)) return "people";
  if (isUnaddressed(state)) return "unaddressed";
  return state.optedOut === null ? null : "opted_out";
}

/** True while people hold the conversation. */
export const isHeld = ({ case: open }: Held): boolean => open?.held === true;

/** True for a case about a message whose author nobody has written to yet. */
export const isUnaddressed = ({ case: open }: Held): boolean => open?.about?.told === false;

/** True when the bot may open a prompt: people do not hold the conversation, and no run and no prompt is open. */
export const mayBotAsk = ({ state, busy }: { state: State; busy: boolean }): boolean =>
  !isHeld(state) && !busy && state.prompt === null;
