/** Records refused requests to private pages: counts all, logs some. */
import { createLogThrottle } from "../lib/log-throttle.ts";
import type { ServerDeps } from "./deps.ts";
import type { RemoteReason } from "./direct.ts";

/** Pages behind the gate. */
export type PrivatePage = "playground" | "metrics" | "ready";
/** Reasons: the request may be remote, its link is not valid, or its conversation is not on the page's channels. */
export type RefusalReason = RemoteReason | "link" | "channel";

export type RecordRefusal = (what: PrivatePage, why: RefusalReason) => void;

/** Creates a recorder that counts all refusals and logs one of each kind per minute, since strangers cause them. */
export function createRefusalRecorder({
  log,
  clock,
  meter,
}: Pick<ServerDeps, "log" | "clock" | "meter">): RecordRefusal {
  const throttle = createLogThrottle({ clock, perMinute: 1 });
  return (what, why) => {
    meter.countPageRefused(what, why);
    const fields = throttle(`${what} ${why}`);
    if (fields !== null) log.warn({ what, why, ...fields }, "private page refused a request");
  };
}
