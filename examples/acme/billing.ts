/** The billing system: subscriptions and the offers made on them. */
import { z } from "zod";
import { type Answer, type Call, conflict, created, missing, ok, readData, type System, withBody } from "./request.ts";

const Subscriptions = z.array(
  z.object({
    id: z.string(),
    customer_id: z.string(),
    plan: z.enum(["pro", "enterprise"]),
    status: z.enum(["active", "paused", "cancelled"]),
    mrr_usd: z.number(),
    seats: z.number(),
    started_at: z.string(),
    /** null: it does not renew. */
    renews_on: z.string().nullable(),
  }),
);
type Subscription = z.infer<typeof Subscriptions>[number] & { ends_on?: string };

const Cancel = z.object({ customer_id: z.string(), reason: z.string().max(200).default("") });
const Offer = z
  .object({
    customer_id: z.string(),
    kind: z.enum(["discount", "pause"]),
    percent: z.number().int().min(1).max(50).optional(),
    months: z.number().int().min(1).max(12),
  })
  .refine(({ kind, percent }) => kind === "pause" || percent !== undefined, {
    path: ["percent"],
    message: "a discount needs it",
  });

interface MadeOffer {
  id: string;
  subscription: string;
  kind: "discount" | "pause";
  percent?: number | undefined;
  months: number;
}

interface Memory {
  subscriptions: readonly Subscription[];
  offers: MadeOffer[];
  /** Offers by the idempotency key that they were made with. */
  byKey: Map<string, MadeOffer>;
}

/**
 * `GET /customers/{id}/subscription`, `POST /subscriptions/{id}/cancel`, `POST /subscriptions/{id}/offers` and
 * `GET /offers/{idempotency key}`. Nobody sees or changes the subscription of another customer.
 */
export function createBilling(): System {
  const memory: Memory = { subscriptions: readData("subscriptions", Subscriptions), offers: [], byKey: new Map() };
  return (call) => {
    const [root, id = "", rest, more] = call.path;
    if (more !== undefined) return null;
    const route = `${call.method} ${root}/${rest ?? ""}`;
    if (route === "GET customers/subscription") return current(memory, id);
    if (route === "GET offers/") return offerOf(memory, id);
    if (route === "POST subscriptions/cancel") return cancel(memory, id, call);
    return route === "POST subscriptions/offers" ? makeOffer(memory, id, call) : null;
  };
}

function current({ subscriptions }: Memory, customer: string): Answer {
  const found = subscriptions.find(({ customer_id }) => customer_id === customer);
  return found === undefined ? missing("no_subscription") : ok(found);
}

function offerOf({ byKey }: Memory, key: string): Answer {
  const offer = byKey.get(key);
  return offer === undefined ? missing("no_offer") : ok(offer);
}

const owned = ({ subscriptions }: Memory, id: string, customer: string): Subscription | undefined =>
  subscriptions.find((one) => one.id === id && one.customer_id === customer);

/** It stays usable until the day on which it would have renewed. */
function cancel(memory: Memory, id: string, call: Call): Answer {
  return withBody(call, Cancel, ({ customer_id }) => {
    const found = owned(memory, id, customer_id);
    if (found === undefined) return missing("no_subscription");
    if (found.status === "cancelled") return conflict("not_active");
    const { renews_on } = found;
    Object.assign(found, {
      status: "cancelled",
      renews_on: null,
      ...(renews_on === null ? {} : { ends_on: renews_on }),
    });
    return ok(found);
  });
}

function makeOffer(memory: Memory, id: string, call: Call): Answer {
  return withBody(call, Offer, ({ customer_id, ...offer }) => {
    const found = owned(memory, id, customer_id);
    if (found === undefined) return missing("no_subscription");
    if (found.status !== "active") return conflict("not_active");
    if (memory.offers.some(({ subscription }) => subscription === id)) return conflict("offer_exists");
    const made: MadeOffer = { id: `off_${memory.offers.length + 1}`, subscription: id, ...offer };
    memory.offers.push(made);
    if (call.key !== null) memory.byKey.set(call.key, made);
    if (offer.kind === "pause") found.status = "paused";
    return created(made);
  });
}
