/** Bounds of the web server. A limit without another source named is ours. */

/** A webhook's body at most. Slack's and Twilio's are some kB; the largest a supported platform names is well below this. */
export const MAX_WEBHOOK_BYTES = 1_048_576;
/** A playground request: the longest text a person types, as JSON. */
export const MAX_PLAYGROUND_BYTES = 65_536;
/** A text typed in the playground, in characters; longer than any channel takes in one part, so that splitting can be seen. */
export const MAX_TYPED_CHARACTERS = 20_000;
/** A whole request must have come within this; Node's own default of five minutes invites slow senders. */
export const REQUEST_TIMEOUT_MS = 30_000;
/** How long requests in flight may take to finish while we close. */
export const CLOSE_GRACE_MS = 5_000;
/** How often connections that became idle meanwhile are closed. */
export const IDLE_LOOK_MS = 50;
/** Ports tried above one that is taken, before we give up naming a free one. */
export const PORTS_TRIED = 100;
/** Live pages at once; each asks Postgres for changes every `LIVE_POLL_MS`. */
export const MAX_LIVE_STREAMS = 64;
export const LIVE_POLL_MS = 250;
/** A word on a quiet stream, so that proxies (nginx: 60 s) keep it and a dead one is noticed. */
export const LIVE_HEARTBEAT_MS = 15_000;
/** Wait after a failed look at the database. */
export const LIVE_TROUBLE_MS = 2_000;
