/** Recent traffic of a conversation, for its brakes (brake.ts). */
import { PACE_MS, PACE_WINDOWS, type Pace, type PaceWindow } from "../../domain/limits.ts";
import { type LoopState, NO_LOOP } from "./loop.ts";

export interface Traffic {
  /** Parts sent by the bot, counted in windows that begin with the first part. */
  sent: Readonly<Record<PaceWindow, { since: string; n: number }>> | null;
  loop: LoopState;
  /** Number of the customer's messages kept unread since their sender wrote too many. */
  unread: number;
  /** The day (UTC) on which people were last told that the channel may send no more; null: never. */
  overOn: string | null;
}

export const NO_TRAFFIC: Traffic = { sent: null, loop: NO_LOOP, unread: 0, overOn: null };

/** Counts `parts` more from the bot. */
export function countSent(traffic: Traffic, parts: number, at: Date): Traffic {
  const window = (name: PaceWindow) => {
    const before = traffic.sent?.[name];
    const over = before === undefined || at.getTime() - Date.parse(before.since) >= PACE_MS[name];
    return over ? { since: at.toISOString(), n: parts } : { since: before.since, n: before.n + parts };
  };
  return { ...traffic, sent: { minute: window("minute"), hour: window("hour"), day: window("day") } };
}

/** The widest current window in which the bot has reached its limit; null: none. */
export function spentWindow({ sent }: Traffic, limit: Pace, at: Date): PaceWindow | null {
  if (sent === null) return null;
  const lasts = (window: PaceWindow): boolean => at.getTime() - Date.parse(sent[window].since) < PACE_MS[window];
  return PACE_WINDOWS.find((window) => lasts(window) && sent[window].n >= limit[window]) ?? null;
}
