/** Who was turned away from what is not for everybody: counted each time, logged now and then. */
import type { ServerDeps } from "./deps.ts";
import type { Stranger } from "./direct.ts";
import { REFUSAL_LINE_MS } from "./limits.ts";

/** What is kept from strangers. */
export type Private = "playground" | "metrics" | "ready";
/** Where they came from, that their link opens nothing, or that a conversation is on a channel that is none of the page's. */
export type TurnedAway = Stranger | "link" | "channel";

export type NoteRefusal = (what: Private, why: TurnedAway) => void;

/** Counts every refusal, and logs at most one line a minute of each kind: whoever is refused decides how often they ask. */
export function noteRefusals({ log, clock, meter }: Pick<ServerDeps, "log" | "clock" | "meter">): NoteRefusal {
  const told = new Map<string, { at: number; since: number }>();
  return (what, why) => {
    meter.turnedAway(what, why);
    const now = clock().getTime();
    const before = told.get(`${what} ${why}`) ?? { at: Number.NEGATIVE_INFINITY, since: 0 };
    const since = before.since + 1;
    const quiet = now - before.at < REFUSAL_LINE_MS;
    told.set(`${what} ${why}`, quiet ? { at: before.at, since } : { at: now, since: 0 });
    if (!quiet) log.warn({ what, why, times: since }, "request to a private page was refused");
  };
}
