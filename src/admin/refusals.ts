/** Notes who was turned away from what is not for everybody: counted each time, logged now and then. */
import { createSparing } from "../lib/sparing.ts";
import type { ServerDeps } from "./deps.ts";
import type { Stranger } from "./direct.ts";

/** The pages that are kept from strangers. */
export type Private = "playground" | "metrics" | "ready";
/** Reasons: where they came from, that their link opens nothing, or that a conversation is on a channel that is none of the page's. */
export type TurnedAway = Stranger | "link" | "channel";

export type NoteRefusal = (what: Private, why: TurnedAway) => void;

/** Counts every refusal, and logs at most one line a minute of each kind: whoever is refused decides how often they ask. */
export function noteRefusals({ log, clock, meter }: Pick<ServerDeps, "log" | "clock" | "meter">): NoteRefusal {
  const spare = createSparing({ clock, perMinute: 1 });
  return (what, why) => {
    meter.turnedAway(what, why);
    const spared = spare(`${what} ${why}`);
    if (spared !== null) log.warn({ what, why, ...spared }, "request to a private page was refused");
  };
}
