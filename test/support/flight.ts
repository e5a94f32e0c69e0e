import type { Flight } from "../../src/adapter/flight.ts";
import { SendError } from "../../src/adapter/send-error.ts";

/** For sends whose claim holds all the while. */
export const leaving: Flight["leaving"] = () => {};

/** A flight whose claim holds all the while. */
export const flight = (signal = new AbortController().signal): Flight => ({ signal, leaving });

/** A flight whose claim has lapsed. */
export const lapsedFlight = (): Flight => ({
  signal: new AbortController().signal,
  leaving() {
    throw new SendError("The claim has lapsed", { outcome: "not-sent", retry: { afterMs: 0 }, code: "lapsed" });
  },
});
