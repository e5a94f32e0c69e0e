/**
 * Thrown when a part was not accepted. Two facts decide what happens next: whether it certainly did not arrive, and
 * whether a retry can help. A part with an `unknown` outcome is never sent again before the platform was asked (O2).
 */
export class SendError extends Error {
  readonly outcome: "not-sent" | "unknown";
  readonly retry: { afterMs: number } | "never";
  /** The platform's own code, for the journal and the counters. */
  readonly code: string | undefined;
  /** The platform blocks our messages to this recipient because they opted out. */
  readonly optedOut: boolean;

  constructor(
    message: string,
    facts: {
      outcome: "not-sent" | "unknown";
      retry: { afterMs: number } | "never";
      code?: string;
      optedOut?: true;
      cause?: unknown;
    },
  ) {
    super(message, facts.cause === undefined ? {} : { cause: facts.cause });
    this.name = "SendError";
    this.outcome = facts.outcome;
    this.retry = facts.retry;
    this.code = facts.code;
    this.optedOut = facts.optedOut === true;
  }
}

/** Reads or writes data of our own before anything is sent: a failure, worded by `message`, is certainly not sent. */
export async function asNotSent<Value>(
  read: () => Promise<Value>,
  message: (cause: unknown) => string,
): Promise<Value> {
  try {
    return await read();
  } catch (cause) {
    if (cause instanceof SendError) throw cause;
    throw new SendError(message(cause), { outcome: "not-sent", retry: { afterMs: 0 }, cause });
  }
}

/** Reads a stored part: one that can't be read certainly was not sent, and never can be. Throws SendError. */
export function readOrFail<Part>(read: () => Part): Part {
  try {
    return read();
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new SendError(message, { outcome: "not-sent", retry: "never", cause });
  }
}
