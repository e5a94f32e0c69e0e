/** Bounds of the web server. A limit without another source named is ours. */

/**
 * Held at once by webhook bodies that nobody has verified yet, all requests of this process together: anybody may send them.
 * Room for 500 of Twilio's largest, or for thousands as they are, and a thirtieth of a small server.
 */
export const MAX_UNVERIFIED_BYTES = 32 * 1024 * 1024;
/** The first piece of memory for a body; most are smaller, and a larger one doubles it. */
export const FIRST_BODY_BYTES = 4_096;
/** Of what is refused this much is still read, so that its sender gets to our answer; then the connection is closed. */
export const MAX_DISCARDED_BYTES = 4 * 1024 * 1024;
/** How long a sender is asked to wait where there is no room for its body; Slack and Twilio try again within a minute. */
export const NO_ROOM_RETRY_S = 2;
/** A playground request: the longest text a person types, as JSON. */
export const MAX_PLAYGROUND_BYTES = 65_536;
/** A text typed in the playground, in characters; longer than any channel takes in one part, so that splitting can be seen. */
export const MAX_TYPED_CHARACTERS = 20_000;
/**
 * A whole request must have come within this: Twilio itself gives up after 15 s, Slack after 3 s. Node's own default of five
 * minutes invites slow senders.
 */
export const REQUEST_TIMEOUT_MS = 15_000;
/** Its headers within this, counted from the connection, so that one that says nothing is closed too. */
export const HEADERS_TIMEOUT_MS = 10_000;
/** How often connections that are over those times are looked for. Node's own default is half a minute. */
export const TIMEOUT_LOOK_MS = 1_000;
/**
 * Connections at once; then the one that has waited longest makes room. Each costs about 20 kB; a proxy opens some dozen, and
 * the soft limit of open files is often 1,024.
 */
export const MAX_CONNECTIONS = 900;
/** Requests on one connection; then a new one is asked for, so that a load balancer spreads them anew. */
export const MAX_REQUESTS_PER_CONNECTION = 10_000;
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
