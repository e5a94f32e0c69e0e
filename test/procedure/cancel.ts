/** A procedure that cancels a subscription, with a retention offer that code chooses. */
import { done, type Setting } from "./scene.ts";

export const BILLING = `
id: billing
base_url: https://billing.example
operations:
  get_subscription:
    kind: read
    request: GET /subscriptions/mine
    returns: { Subscription: { id: string, plan: string, status: string, renews_on: date } }
    errors: { 404: no_subscription }
  cancel_subscription:
    kind: write
    description: Cancel the subscription
    request: POST /subscriptions/{id}/cancel
    input: { id: string, reason: string }
    idempotency: header Idempotency-Key
  apply_offer:
    kind: write
    description: Apply an offer
    request: POST /subscriptions/{id}/offers
    input: { id: string, percent: number }
    idempotency: header Idempotency-Key
`;

export const CANCEL = `---
id: cancel
title: Cancel a subscription
trigger:
  when: The customer wants to cancel their subscription.
  examples: [please cancel my plan, stop my subscription]
fields:
  reason: { type: enum, values: [too_expensive, switching, other], ask: Ask why., question: Why would you like to leave? }
  sub: { type: billing.Subscription, from: billing.get_subscription }
  offer: { type: Offer, from: choose-offer }
types:
  Offer: { percent: number }
connectors:
  billing.get_subscription: read
  billing.apply_offer: { with: { id: sub.id, percent: offer.percent }, only_if: offer.percent > 0, confirm: customer }
  billing.cancel_subscription:
    { with: { id: sub.id, reason: reason }, only_if: sub.status == "active", confirm: customer, once_per: sub.id }
escalate:
  - { if: 'reason == "switching"', to: billing }
---

# Cancel a subscription

## Understand

Find out \`@ask reason\`.

## Look up the plan

Call \`@use billing.get_subscription\`.

- **If** \`sub.status != "active"\`: tell them "You have no active plan." and \`@end no_subscription\`.

## Offer

\`\`\`js choose-offer (sub, reason) -> Offer
return { percent: reason === "too_expensive" ? 20 : 0 };
\`\`\`

- **If** \`offer.percent > 0\`: say "I can offer {{ offer.percent }} % off." Then \`@use billing.apply_offer\` and \`@end retained\`.

## Cancel

\`@use billing.cancel_subscription\`

- **If** \`billing.cancel_subscription.done\`: say "Your {{ sub.plan }} plan ends on {{ sub.renews_on }}.", \`@tag churned\` and \`@end cancelled\`.
- **Else**: tell them "Nothing was changed." and \`@end kept\`.
`;

export const SUB = { id: "sub_1", plan: "Pro", status: "active", renews_on: "2026-12-31" };

export const shop = (more: Partial<Setting> = {}): Setting => ({
  procedures: { cancel: CANCEL },
  connectors: { billing: BILLING },
  ...more,
  stubs: {
    "billing.get_subscription": done(SUB),
    "billing.cancel_subscription": done({}),
    "billing.apply_offer": done({}),
    "code choose-offer": (request) => {
      const reason = request.kind === "code" ? request.inputs.reason : "";
      return done({ percent: reason === "too_expensive" ? 20 : 0 });
    },
    ...more.stubs,
  },
});
