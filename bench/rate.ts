import type { Platform } from "./platform.ts";
import type { Subject } from "./subjects.ts";

/** Concurrent connections of a burst. */
export const CONNECTIONS = 128;

/** Posts a burst, each message in its own thread; returns messages a second from the first post to the last delivery. */
export async function burstRate(platform: Platform, { url }: Pick<Subject, "url">, messages: number): Promise<number> {
  const posting = { messages, threads: messages, connections: CONNECTIONS, perSecond: null };
  const { ms } = await platform.post({ target: url, ...posting });
  return (messages * 1_000) / ms;
}
