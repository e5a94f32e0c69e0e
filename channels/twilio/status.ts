import type { DeliveryStatus } from "../../src/adapter/inbound.ts";

/**
 * Maps Twilio's statuses of an outbound message to ours
 * (https://www.twilio.com/docs/messaging/guides/track-outbound-message-status). Twilio has two more for
 * inbound messages ("receiving", "received") and one for groups ("partially_delivered").
 */
const STATUSES: ReadonlyMap<string, DeliveryStatus> = new Map([
  ["accepted", "accepted"],
  ["scheduled", "accepted"],
  ["queued", "accepted"],
  ["sending", "sending"],
  ["sent", "sent"],
  ["delivered", "delivered"],
  ["read", "read"],
  ["undelivered", "undelivered"],
  ["failed", "failed"],
  ["canceled", "failed"],
]);

export const deliveryStatus = (status: string): DeliveryStatus | undefined => STATUSES.get(status);
