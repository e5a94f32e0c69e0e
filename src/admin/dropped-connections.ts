/** Connections that end before they brought a request: counted each time, logged some times a minute. */

import { createLogThrottle } from "../lib/log-throttle.ts";
import type { DropKind } from "../lib/meter.ts";
import type { ServerDeps } from "./deps.ts";

export type RecordDrop = (why: DropKind) => void;

/** Counts and logs for one listener. */
export function createDropRecorder({ log, clock, meter }: Pick<ServerDeps, "log" | "clock" | "meter">): RecordDrop {
  const throttle = createLogThrottle({ clock });
  return (why) => {
    meter.countDropped(why);
    const more = throttle(why);
    if (more !== null) log.warn({ why, ...more }, "connection was dropped");
  };
}
