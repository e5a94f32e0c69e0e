/** Limits per sender, thread and channel after which the bot stops, and quotas for stored files and for models. */
import { DEFAULT_MODEL_LIMITS, type ModelLimits } from "./model-settings.ts";

/** Counts per window; a window begins with its first item. */
export interface Pace {
  minute: number;
  hour: number;
  day: number;
}

export type PaceWindow = keyof Pace;

export const PACE_WINDOWS = ["day", "hour", "minute"] as const satisfies readonly PaceWindow[];

export const PACE_MS: Readonly<Record<PaceWindow, number>> = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };

export interface Limits {
  /** Messages from one address, over all its conversations; at one more the bot stops answering. */
  sender: Pace;
  /** Parts that the bot sends in one conversation; at this number it stops answering. */
  thread: Pace;
  /** Parts sent per day (UTC) on one channel; beyond it the bot's replies are not sent. */
  channel: { perDay: number; of: Readonly<Record<string, number>> };
  loop: LoopLimits;
  files: FileLimits;
  models: ModelLimits;
}

export interface LoopLimits {
  /** Repeated exchanges allowed within `withinMs`: both sides repeat earlier texts. */
  exchanges: number;
  withinMs: number;
  /** Answers in a row that may come faster than people read while the bot repeats itself. */
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
 * Our choice. Far above what people do (the fastest chat typists send a dozen messages a minute), and low enough that an
 * automatic reply running all night costs less than a working hour: 500 SMS parts cost about 4 US dollars (Twilio's
 * price list).
 */
export const DEFAULT_LIMITS: Limits = {
  sender: { minute: 30, hour: 300, day: 1_000 },
  thread: { minute: 30, hour: 200, day: 500 },
  channel: { perDay: 10_000, of: {} },
  loop: { exchanges: 6, withinMs: 3_600_000, rapid: 15 },
  files: { perMessage: 50 * MB, perConversation: 250 * MB, perSenderDay: 250 * MB, store: 10 * 1024 * MB },
  models: DEFAULT_MODEL_LIMITS,
};

/** Parts that a channel may send per day. */
export const ceilingOf = ({ channel }: Pick<Limits, "channel">, name: string): number =>
  (Object.hasOwn(channel.of, name) ? channel.of[name] : undefined) ?? channel.perDay;

/** Returns the widest window whose limit is exceeded; null when none is. */
export function exceededWindow(pace: Pace, limit: Pace): PaceWindow | null {
  return PACE_WINDOWS.find((window) => pace[window] > limit[window]) ?? null;
}
