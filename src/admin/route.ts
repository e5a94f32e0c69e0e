import type { HttpBindings } from "@hono/node-server";
import type { Context } from "hono";

/** What every route sees: Node's own request and answer beside hono's. */
export type Env = {
  Bindings: HttpBindings;
  Variables: {
    /** When the visit that this request belongs to ends; null: it came from this machine. */
    visitEnds: Date | null;
  };
};

/**
 * What a listener carries: everything; what the internet may see (webhooks, files by their link, that the process lives); or
 * what is for the people who run it.
 */
export type ListenerScope = "everything" | "public" | "admin";

/** 405 in clear words; `allowed` is the one method this path knows. */
export function wrongMethod(c: Context<Env>, allowed: string): Response {
  return c.text(`${c.req.method} does not work here; use ${allowed}.\n`, 405, { allow: allowed });
}
