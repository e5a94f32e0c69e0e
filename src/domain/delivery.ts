/** What a platform says became of a part it accepted. */
export type DeliveryStatus = "accepted" | "sending" | "sent" | "delivered" | "read" | "undelivered" | "failed";

/**
 * The order in which a delivery may move (O3). A platform may report `undelivered` and, later, `delivered`; a failure
 * outranks what came before it, a proof of delivery outranks a failure (Twilio, outbound message status).
 */
export const DELIVERY_RANK: Readonly<Record<DeliveryStatus, number>> = {
  accepted: 0,
  sending: 1,
  sent: 2,
  failed: 3,
  undelivered: 3,
  delivered: 4,
  read: 5,
};
