/** Connections that end before they brought a request: counted each time, logged some times a minute. */
import type { DropKind } from "../lib/meter.ts";
import { createSparing } from "../lib/sparing.ts";
import type { ServerDeps } from "./deps.ts";

export type NoteDropped = (why: DropKind) => void;

/** Counts and logs for one listener. */
export function noteDropped({ log, clock, meter }: Pick<ServerDeps, "log" | "clock" | "meter">): NoteDropped {
  const spare = createSparing({ clock });
  return (why) => {
    meter.dropped(why);
    const more = spare(why);
    if (more !== null) log.warn({ why, ...more }, "connection was dropped");
  };
}
