/**
 * One attempt to send, as the code that sends sees it (E1). A process may stand still at any moment, and another may take
 * its work over; so whoever sends asks immediately before each request leaves.
 */
export interface Flight {
  signal: AbortSignal;
  leaving: Leaving;
}

/**
 * Called immediately before each request: after any waiting, queueing, reading or connecting, and by each try of it. Throws
 * a SendError (not sent) where this process may not send any more; then the request must not be made. `preparation`: the
 * request shows nothing by itself (the bytes of a file that a later request shares).
 */
export type Leaving = (request?: "preparation") => void;
