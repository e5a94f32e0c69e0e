/** How much one sender, thread or channel may cause before the bot stops, and how much of files is kept. */

/** Of one kind, within windows that begin with the first and end after their time. */
export interface Pace {
  minute: number;
  hour: number;
  day: number;
}

export type PaceWindow = keyof Pace;

export const PACE_WINDOWS = ["day", "hour", "minute"] as const satisfies readonly PaceWindow[];

export const PACE_MS: Readonly<Record<PaceWindow, number>> = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };

export interface Limits {
  /** Messages of one address, over all its conversations; with one more the bot stops answering. */
  sender: Pace;
  /** Parts that the bot sends in one conversation; with them the bot has said enough. */
  thread: Pace;
  /** Parts a day (UTC) that leave on one channel; beyond, the bot's replies are not sent. */
  channel: { perDay: number; of: Readonly<Record<string, number>> };
  loop: LoopLimits;
  files: FileLimits;
}

export interface LoopLimits {
  /** So often may both sides have said what they had said before, within `withinMs`. */
  exchanges: number;
  withinMs: number;
  /** So often in a row may an answer to the bot come faster than people read, with the bot saying nothing new. */
  rapid: number;
}

/** Bytes. */
export interface FileLimits {
  perMessage: number;
  perConversation: number;
  perSenderDay: number;
  store: number;
}

const MB = 1024 * 1024;

/**
 * Ours. Far above what people do (the fastest typists of chats send a dozen messages a minute), and low enough that a
 * night of an automatic reply costs less than a working hour: 500 parts of SMS are about 4 US dollars (Twilio's price list).
 */
export const DEFAULT_LIMITS: Limits = {
  sender: { minute: 30, hour: 300, day: 1_000 },
  thread: { minute: 30, hour: 200, day: 500 },
  channel: { perDay: 10_000, of: {} },
  loop: { exchanges: 6, withinMs: 3_600_000, rapid: 15 },
  files: { perMessage: 50 * MB, perConversation: 250 * MB, perSenderDay: 250 * MB, store: 10 * 1024 * MB },
};

/** What a channel may send a day. */
export const ceilingOf = ({ channel }: Pick<Limits, "channel">, name: string): number =>
  (Object.hasOwn(channel.of, name) ? channel.of[name] : undefined) ?? channel.perDay;

/** The widest window in which there were more than may be; null: none. */
export function exceededWindow(pace: Pace, limit: Pace): PaceWindow | null {
  return PACE_WINDOWS.find((window) => pace[window] > limit[window]) ?? null;
}
