/** Notes who was turned away from what is not for everybody: counted each time, logged now and then. */
import { createLogThrottle } from "../lib/log-throttle.ts";
import type { ServerDeps } from "./deps.ts";
import type { RemoteReason } from "./direct.ts";

/** The pages that are kept from strangers. */
export type PrivatePage = "playground" | "metrics" | "ready";
/** Reasons: where they came from, that their link opens nothing, or that a conversation is on a channel that is none of the page's. */
export type RefusalReason = RemoteReason | "link" | "channel";

export type RecordRefusal = (what: PrivatePage, why: RefusalReason) => void;

/** Counts every refusal, and logs at most one line a minute of each kind: whoever is refused decides how often they ask. */
export function createRefusalRecorder({
  log,
  clock,
  meter,
}: Pick<ServerDeps, "log" | "clock" | "meter">): RecordRefusal {
  const throttle = createLogThrottle({ clock, perMinute: 1 });
  return (what, why) => {
    meter.countPageRefused(what, why);
    const fields = throttle(`${what} ${why}`);
    if (fields !== null) log.warn({ what, why, ...fields }, "request to a private page was refused");
  };
}
