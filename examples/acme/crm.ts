/** The customer database. */
import { z } from "zod";
import { created, missing, ok, readData, type System, withBody } from "./request.ts";

const Customers = z.array(
  z.object({
    id: z.string(),
    name: z.string(),
    company: z.string(),
    email: z.string(),
    phone: z.string(),
    tier: z.enum(["free", "pro", "enterprise"]),
    plan: z.string(),
    seats: z.number(),
    renews_on: z.string().nullable(),
  }),
);
type Customer = z.infer<typeof Customers>[number];

const Note = z.object({ text: z.string().min(1).max(4_000) });

/** `GET /accounts/{key}` and `POST /accounts/{key}/notes`. */
export function createCrm(): System {
  const customers = readData("customers", Customers);
  const notes: { id: string; customer: string; text: string }[] = [];
  return (call) => {
    const [root, key = "", rest, more] = call.path;
    if (root !== "accounts" || more !== undefined) return null;
    const customer = find(customers, key);
    if (customer === undefined) return missing("no_account");
    if (call.method === "GET" && rest === undefined) return ok(customer);
    if (call.method !== "POST" || rest !== "notes") return null;
    return withBody(call, Note, ({ text }) => {
      const id = `note-${notes.length + 1}`;
      notes.push({ id, customer: customer.id, text });
      return created({ id });
    });
  };
}

/** Finds a customer by id, e-mail address or phone number. Not by name, which no channel verifies. */
function find(customers: readonly Customer[], key: string): Customer | undefined {
  const wanted = key.trim().toLowerCase();
  if (wanted === "") return undefined;
  return customers.find(({ id, email, phone }) => [id, email, phone].some((one) => one.toLowerCase() === wanted));
}
