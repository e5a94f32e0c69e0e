import type { RemoteId } from "../domain/ids.ts";
import type { ClaimedPart } from "../store/claim-parts.ts";

/** Sends claimed parts to one destination: a platform, or the desk. */
export interface Sender {
  /** Returns the platform's id. Throws SendError. */
  send(part: ClaimedPart, signal: AbortSignal): Promise<RemoteId>;
  /** True when `reconcile` can find out; false: a part with an unknown outcome is parked at once. */
  canReconcile: boolean;
  /** Asks the platform if an attempt whose answer was lost arrived. */
  reconcile(part: ClaimedPart, signal: AbortSignal): Promise<RemoteId | "not-sent" | "unknown">;
}
