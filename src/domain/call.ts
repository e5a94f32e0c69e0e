/** The result of a connector call: plain JSON, as stored in the journal. */
export type CallResult = { ok: true; value: unknown } | { ok: false; error: CallError };

/** A failed connector call. `ambiguous`: a write may have happened, so it is never repeated without its idempotency key. */
export interface CallError {
  reason:
    | "timeout"
    | "unreachable"
    | "refused"
    | "not_found"
    | "bad_answer"
    | "server_error"
    | "bad_input"
    | "ambiguous"
    /** It was called off; a write, before it left. */
    | "cancelled";
  /** Its name in the manifest's `errors:` ("no_account"); the kind of a code block's fault ("threw"). */
  name?: string;
  /** One sentence for the journal and the operator, without secrets. */
  message: string;
  retryable: boolean;
}
