/** Records connections that end before a complete request: counts all, logs some per minute. */

import { createLogThrottle } from "../lib/log-throttle.ts";
import type { DropKind } from "../lib/meter.ts";
import type { ServerDeps } from "./deps.ts";

export type RecordDrop = (why: DropKind) => void;

/** Creates the recorder of one listener. */
export function createDropRecorder({ log, clock, meter }: Pick<ServerDeps, "log" | "clock" | "meter">): RecordDrop {
  const throttle = createLogThrottle({ clock });
  return (why) => {
    meter.countDropped(why);
    const more = throttle(why);
    if (more !== null) log.warn({ why, ...more }, "connection dropped");
  };
}
