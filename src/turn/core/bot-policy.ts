/** Rules on whether the bot may answer a customer. Whoever wants to say, ask or start something for the bot asks here. */
import type { State } from "./state.ts";

/** The reason why the bot says nothing. */
export type Silence =
  /** People hold the conversation (T8). */
  | "people"
  /** The case is about a message that was not written to us, and no operator has replied to its author. */
  | "unaddressed"
  /** The customer opted out: nothing of ours may reach them. */
  | "opted_out";

type Held = Pick<State, "case">;

/** The reason why the bot may not answer; null: it may. */
export function botSilence(state: Held & Pick<State, "optedOut">): Silence | null {
  if (isHeld(state)) return "people";
  if (isUnaddressed(state)) return "unaddressed";
  return state.optedOut === null ? null : "opted_out";
}

/** True while people hold the conversation. */
export const isHeld = ({ case: open }: Held): boolean => open?.held === true;

/** True for a case about somebody's message to whose author nobody has written yet. */
export const isUnaddressed = ({ case: open }: Held): boolean => open?.about?.told === false;

/** True where the bot may open a prompt: it may answer, and no run and no prompt holds the dialogue. */
export const mayBotAsk = ({ state, busy }: { state: State; busy: boolean }): boolean =>
  !isHeld(state) && !busy && state.prompt === null;
