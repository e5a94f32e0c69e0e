import type { DeliveryStatus } from "../../src/adapter/inbound.ts";

/**
 * Twilio's statuses of an outbound message as ours
 * (https://www.twilio.com/docs/messaging/guides/track-outbound-message-status). Twilio names two more that never
 * concern a message of ours ("receiving", "received") and one that it gives to groups ("partially_delivered").
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
