/** What came of a connector call: plain JSON, as it stands in the journal. */
export type CallResult = { ok: true; value: unknown } | { ok: false; error: CallError };

/** How a connector call failed. `ambiguous`: a write may have happened, so it is never repeated without its key. */
export interface CallError {
  reason:
    | "timeout"
    | "unreachable"
    | "refused"
    | "not_found"
    | "bad_answer"
    | "server_error"
    | "bad_input"
    | "ambiguous";
  /** What the manifest's `errors:` calls it ("no_account"). */
  name?: string;
  /** One plain sentence for the journal and the operator; no secrets. */
  message: string;
  retryable: boolean;
}
