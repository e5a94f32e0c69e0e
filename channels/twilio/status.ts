import type { DeliveryStatus } from "../../src/channel/inbound.ts";

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

/**
 * How far along a status is. Callbacks come late, twice and out of order, so a status only moves up. The two failures
 * stand above "sent" and below "delivered": a phone that got it after all overrules a carrier that gave up.
 */
const RANK: Record<DeliveryStatus, number> = {
  accepted: 0,
  sending: 1,
  sent: 2,
  failed: 3,
  undelivered: 3,
  delivered: 4,
  read: 5,
};

/** Which of two statuses of one message stands, whichever came first (O3). */
export const furthest = (known: DeliveryStatus, told: DeliveryStatus): DeliveryStatus =>
  RANK[told] > RANK[known] ? told : known;
