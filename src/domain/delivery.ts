/** Delivery status that a platform reports for a part it accepted. */
export type DeliveryStatus = "accepted" | "sending" | "sent" | "delivered" | "read" | "undelivered" | "failed";

/**
 * Ranks statuses: a delivery only moves to a higher rank (O3). A platform may report `undelivered` and later
 * `delivered`, so a failure outranks what came before it, and proof of delivery outranks a failure (Twilio, outbound
 * message status).
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
