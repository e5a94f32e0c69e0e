import type { Flight } from "../adapter/flight.ts";
import type { RemoteId } from "../domain/ids.ts";
import type { ClaimedPart } from "../store/claim-parts.ts";

/** Sends claimed parts to one destination: a platform, or the desk. */
export interface Sender {
  /** Returns the platform's id. Throws SendError. */
  send(part: ClaimedPart, flight: Flight): Promise<RemoteId>;
  /** True when `reconcile` can find out; false: a part with an unknown outcome is parked. */
  canReconcile: boolean;
  /** True when a receipt may settle a part with an unknown outcome, so that it waits for one before it is parked. */
  awaitsReceipts?: boolean;
  /** Asks the platform if an attempt whose answer was lost arrived. */
  reconcile(part: ClaimedPart, signal: AbortSignal): Promise<RemoteId | "not-sent" | "unknown">;
}
