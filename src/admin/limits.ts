/** Bounds of the web server. A limit without a named source is our choice. */

/**
 * Memory of all unverified webhook bodies of this process together, which anybody may send. Room for 500 of Twilio's
 * largest, or thousands of usual ones, and a thirtieth of a small server.
 */
export const MAX_UNVERIFIED_BYTES = 32 * 1024 * 1024;
/** Initial buffer for a body; most are smaller, and the buffer doubles for larger ones. */
export const FIRST_BODY_BYTES = 4_096;
/** Bytes of a refused body that are still read, so that its sender can read our answer; then the connection is closed. */
export const MAX_DISCARDED_BYTES = 4 * 1024 * 1024;
/** Retry-After when there is no room for a body; Slack and Twilio retry within a minute. */
export const NO_ROOM_RETRY_S = 2;
/** Body of a playground request: the longest text a person types, as JSON. */
export const MAX_PLAYGROUND_BYTES = 65_536;
/** Characters of a text typed in the playground; more than any channel takes in one part, so that splitting can be tried. */
export const MAX_TYPED_CHARACTERS = 20_000;
/**
 * Time for a complete request: Twilio gives up after 15 s, Slack after 3 s. Node's default of five minutes would let slow
 * senders hold connections.
 */
export const REQUEST_TIMEOUT_MS = 15_000;
/** Time for its headers, counted from the connection, so that silent ones are closed too. */
export const HEADERS_TIMEOUT_MS = 10_000;
/** Interval at which connections over those times are closed. Node's default is half a minute. */
export const TIMEOUT_LOOK_MS = 1_000;
/**
 * Concurrent connections; beyond it the one that has waited longest is closed. Each costs about 20 kB; a proxy opens some
 * dozen, and the soft limit of open files is often 1,024.
 */
export const MAX_CONNECTIONS = 900;
/** Requests on one connection, which is then closed so that a load balancer redistributes. */
export const MAX_REQUESTS_PER_CONNECTION = 10_000;
/** Time for requests in flight to finish while closing. */
export const CLOSE_GRACE_MS = 5_000;
/** Interval at which idle connections are closed while closing. */
export const IDLE_LOOK_MS = 50;
/** Ports above a taken one that are tried in search of a free one. */
export const PORTS_TRIED = 100;
/** Concurrent live pages; each polls PostgreSQL every `LIVE_POLL_MS`. */
export const MAX_LIVE_STREAMS = 64;
export const LIVE_POLL_MS = 250;
/** Interval of comments on an idle stream, so that proxies (nginx: 60 s) keep it and a dead one is noticed. */
export const LIVE_HEARTBEAT_MS = 15_000;
/** Wait after a failed poll. */
export const LIVE_TROUBLE_MS = 2_000;
