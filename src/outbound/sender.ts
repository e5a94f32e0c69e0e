import type { RemoteId } from "../domain/ids.ts";
import type { ClaimedPart } from "../store/claim-parts.ts";

/** Sends claimed parts to one place: a platform, or the desk. */
export interface Sender {
  /** Answers with the platform's id. Throws SendError. */
  send(part: ClaimedPart, signal: AbortSignal): Promise<RemoteId>;
  /** Whether `reconcile` can ever say; where it can't, an unknown outcome is parked at once. */
  canReconcile: boolean;
  /** Asks whether an attempt whose answer was lost arrived. */
  reconcile(part: ClaimedPart, signal: AbortSignal): Promise<RemoteId | "not-sent" | "unknown">;
}
