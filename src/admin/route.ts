import type { HttpBindings } from "@hono/node-server";
import type { Context } from "hono";

/** Environment of every route: Node's request and response beside Hono's. */
export type Env = {
  Bindings: HttpBindings;
  Variables: {
    /** End of the request's visit; null: it came from this machine. */
    visitEnds: Date | null;
  };
};

/**
 * Scope of a listener: everything; the public paths (webhooks, file links, liveness); or the admin paths.
 */
export type ListenerScope = "everything" | "public" | "admin";

/** Answers 405; `allowed` is the only method of this path. */
export function wrongMethod(c: Context<Env>, allowed: string): Response {
  return c.text(`${c.req.method} is not allowed here; use ${allowed}.\n`, 405, { allow: allowed });
}
