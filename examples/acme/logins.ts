/** The logins of customers: their status, unlocking, tickets for the team behind, and mails to the address on file. */
import { z } from "zod";
import { type Answer, type Call, conflict, created, missing, ok, readData, type System, withBody } from "./request.ts";

const Logins = z.array(
  z.object({
    email: z.string(),
    customer_id: z.string(),
    status: z.enum(["active", "locked", "suspended"]),
    two_factor: z.boolean(),
    /** Left out where it is active. */
    reason: z.string().optional(),
  }),
);
type Login = z.infer<typeof Logins>[number];

const Unlock = z.object({ customer_id: z.string() });
const Mail = z.object({ template: z.enum(["reset_link", "unlocked", "ticket_opened"]) });
const Ticket = z.object({
  subject: z.string().min(1).max(200),
  text: z.string().min(1).max(4_000),
  email: z.string().optional(),
  priority: z.enum(["normal", "high"]).default("normal"),
});

interface Memory {
  logins: readonly Login[];
  tickets: { id: string; subject: string }[];
  mails: { id: string; to: string; template: string }[];
}

/**
 * `GET /accounts/{email}`, `POST /accounts/{email}/unlock`, `POST /accounts/{email}/mails`, `POST /tickets` and
 * `GET /tickets/{id}`. A mail goes to the address on file only, so that whoever asks learns nothing from it.
 */
export function createLogins(): System {
  const memory: Memory = { logins: readData("logins", Logins), tickets: [], mails: [] };
  return (call) => {
    const [root, id, rest, more] = call.path;
    if (more !== undefined) return null;
    const route = `${call.method} ${root}/${id === undefined ? "" : "*"}/${rest ?? ""}`;
    if (route === "POST tickets//") return openTicket(memory, call);
    if (route === "GET tickets/*/") return ticketOf(memory, id);
    const login = memory.logins.find(({ email }) => email === id?.trim().toLowerCase());
    if (root !== "accounts" || id === undefined) return null;
    if (login === undefined) return missing("no_account");
    if (route === "GET accounts/*/") return ok(login);
    if (route === "POST accounts/*/unlock") return unlock(login, call);
    return route === "POST accounts/*/mails" ? mail(memory, login, call) : null;
  };
}

/** What is suspended stays so: people decide on that. */
function unlock(login: Login, call: Call): Answer {
  return withBody(call, Unlock, ({ customer_id }) => {
    if (customer_id !== login.customer_id) return missing("no_account");
    if (login.status === "suspended") return conflict("suspended");
    if (login.status === "active") return conflict("not_locked");
    login.status = "active";
    delete login.reason;
    return ok(login);
  });
}

function mail({ mails }: Memory, { email }: Login, call: Call): Answer {
  return withBody(call, Mail, ({ template }) => {
    const id = `mail-${mails.length + 1}`;
    mails.push({ id, to: email, template });
    return { status: 202, body: { id } };
  });
}

function openTicket({ tickets }: Memory, call: Call): Answer {
  return withBody(call, Ticket, ({ subject }) => {
    const ticket = { id: `T-${1_000 + tickets.length}`, subject };
    tickets.push(ticket);
    return created(ticket);
  });
}

function ticketOf({ tickets }: Memory, id: string | undefined): Answer {
  const found = tickets.find((one) => one.id === id);
  return found === undefined ? missing("no_ticket") : ok(found);
}
