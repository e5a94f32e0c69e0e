import type { RemoteId } from "../domain/ids.ts";
import type { ClaimedPart } from "../store/claim-parts.ts";

/** Sends claimed parts to one place: a platform, or the desk. */
export interface Sender {
  /** Answers with the platform's id. Throws SendError. */
  send(part: ClaimedPart, signal: AbortSignal): Promise<RemoteId>;
  /** Asks whether an attempt whose answer was lost arrived; absent where the platform can't be asked. */
  reconcile?(part: ClaimedPart): Promise<RemoteId | "not-sent" | "unknown">;
}
