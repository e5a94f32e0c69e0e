/** The shop: orders, reports of damaged goods, and what is done about them. */
import { z } from "zod";
import { type Answer, type Call, conflict, created, missing, ok, readData, type System, withBody } from "./request.ts";

const Orders = z.array(
  z.object({
    number: z.string(),
    customer_id: z.string(),
    status: z.enum(["processing", "shipped", "delivered", "cancelled"]),
    placed_on: z.string(),
    delivered_on: z.string().nullable(),
    items: z.array(z.object({ sku: z.string(), name: z.string(), quantity: z.number(), price_usd: z.number() })),
  }),
);
type Order = z.infer<typeof Orders>[number];

const customer_id = z.string();
const Damage = z.object({
  customer_id,
  sku: z.string(),
  description: z.string().min(1).max(2_000),
  /** Reference of a photo, as whoever reports has it. */
  photo: z.string().min(1).max(500),
});
const Replacement = z.object({ customer_id });
const Refund = z.object({ customer_id, amount_usd: z.number().positive() });

interface Report {
  id: string;
  order: string;
  customer_id: string;
  sku: string;
  description: string;
  photo: string;
  /** What the item cost, all of its pieces together. */
  value_usd: number;
  remedy: "none" | "replacement" | "refund";
  refunded_usd: number;
}

interface Memory {
  orders: readonly Order[];
  reports: Report[];
}

/**
 * `GET /orders`, `GET /orders/{number}`, `POST /orders/{number}/damage-reports`, `GET /damage-reports/{id}`, and
 * `POST /damage-reports/{id}/replacement` and `/refund`. Reads have `?customer_id=`, writes have it in the body: nobody
 * sees or changes what is another customer's.
 */
export function createShop(): System {
  const memory: Memory = { orders: readData("orders", Orders), reports: [] };
  return (call) => {
    const [root, id, rest, more] = call.path;
    if (more !== undefined) return null;
    const customer = call.query.get("customer_id") ?? "";
    const route = `${call.method} ${root}/${id === undefined ? "" : "*"}/${rest ?? ""}`;
    if (route === "GET orders//") return listed(memory, customer);
    if (route === "GET orders/*/") return shown(ownOrder(memory, id, customer));
    if (route === "POST orders/*/damage-reports") return report(memory, id, call);
    if (route === "GET damage-reports/*/") return ownReport(memory, id, customer, ok);
    if (route === "POST damage-reports/*/replacement") return replace(memory, id, call);
    return route === "POST damage-reports/*/refund" ? refund(memory, id, call) : null;
  };
}

const totalOf = ({ items }: Order): number => items.reduce((sum, one) => sum + one.quantity * one.price_usd, 0);

function listed({ orders }: Memory, customer: string): Answer {
  const own = orders.filter(({ customer_id }) => customer_id === customer);
  return ok({ orders: own.map((one) => ({ ...one, total_usd: totalOf(one) })) });
}

const ownOrder = ({ orders }: Memory, number: string | undefined, customer: string): Order | undefined =>
  orders.find((one) => one.number === number?.toUpperCase() && one.customer_id === customer);

const shown = (order: Order | undefined): Answer =>
  order === undefined ? missing("no_order") : ok({ ...order, total_usd: totalOf(order) });

/** One report for each item of an order that has arrived. */
function report(memory: Memory, number: string | undefined, call: Call): Answer {
  return withBody(call, Damage, ({ customer_id, ...damage }) => {
    const order = ownOrder(memory, number, customer_id);
    const item = order?.items.find(({ sku }) => sku === damage.sku);
    if (order === undefined) return missing("no_order");
    if (item === undefined) return missing("no_item");
    if (order.status !== "delivered") return conflict("not_delivered");
    const known = memory.reports.some((one) => one.order === order.number && one.sku === item.sku);
    if (known) return conflict("report_exists");
    const id = `dmg-${memory.reports.length + 1}`;
    const value_usd = item.quantity * item.price_usd;
    const made: Report = {
      id,
      order: order.number,
      customer_id,
      ...damage,
      value_usd,
      remedy: "none",
      refunded_usd: 0,
    };
    memory.reports.push(made);
    return created(made);
  });
}

function ownReport(
  { reports }: Memory,
  id: string | undefined,
  customer: string,
  answer: (report: Report) => Answer,
): Answer {
  const found = reports.find((one) => one.id === id && one.customer_id === customer);
  return found === undefined ? missing("no_report") : answer(found);
}

function replace(memory: Memory, id: string | undefined, call: Call): Answer {
  return withBody(call, Replacement, (body) =>
    ownReport(memory, id, body.customer_id, (found) => {
      if (found.remedy !== "none") return conflict("remedied");
      found.remedy = "replacement";
      return created(found);
    }),
  );
}

function refund(memory: Memory, id: string | undefined, call: Call): Answer {
  return withBody(call, Refund, (body) =>
    ownReport(memory, id, body.customer_id, (found) => {
      if (found.remedy !== "none") return conflict("remedied");
      if (body.amount_usd > found.value_usd) return conflict("too_much");
      Object.assign(found, { remedy: "refund", refunded_usd: body.amount_usd });
      return created(found);
    }),
  );
}
