/**
 * Guards the pages without a signature or a token of their own: admits programs on this machine, and browsers with a visit.
 * A link starts a visit, once; the visit's cookie is sent only to this server and is hidden from scripts.
 */
import type { Context, MiddlewareHandler } from "hono";
import { getCookie, setCookie } from "hono/cookie";
import { PAGE_VISIT_LASTS_S } from "../store/page-links.ts";
import type { ServerDeps } from "./deps.ts";
import { type Exposure, exposureOf, isFromThisMachine, remoteReason } from "./direct.ts";
import type { PrivatePage, RecordRefusal, RefusalReason } from "./refusals.ts";
import type { Env, ListenerScope } from "./route.ts";

export interface Gate {
  /** Admits users of the page; `c.get("visitEnds")` is the end of their visit, null: no end. */
  page: MiddlewareHandler<Env>;
  /** Admits readers of metrics and readiness; on an admin listener every machine that reaches its address. */
  monitoring(what: "metrics" | "ready"): MiddlewareHandler<Env>;
  /** True when `page` would admit this request; records nothing. */
  admits(c: Context<Env>): Promise<boolean>;
}

const COOKIE = "frontdesk-page";
const CLOSED =
  "This page is only available on its own machine. Open it there, under http://localhost, or through a one-time link:";
const USED = "This link was already used or has expired. To get another one,";
const ANOTHER = "run `frontdesk link` on the server, or restart it.";
const PUBLISHED = "PUBLIC_URL is set, so local requests can't be recognised. Open the page through a one-time link:";
const MONITORING =
  "This is only available on its own machine. To read it from another one, set ADMIN_PORT and ADMIN_HOST.";
const MONITORING_PUBLISHED = "PUBLIC_URL is set, so this is only available on a port of its own; set ADMIN_PORT.";

const PAGE_MESSAGES: Partial<Record<RefusalReason, string>> = { link: USED, published: PUBLISHED };
const MONITORING_MESSAGES: Partial<Record<RefusalReason, string>> = { published: MONITORING_PUBLISHED };

/** Creates the gate of a listener with this scope. */
export function createGate(
  deps: Pick<ServerDeps, "publicUrl" | "visits">,
  { recordRefusal, scope }: { recordRefusal: RecordRefusal; scope: ListenerScope },
): Gate {
  const isAdmin = scope === "admin";
  const exposure: Exposure = isAdmin ? "local" : exposureOf(deps.publicUrl);
  const visitOf = async (c: Context<Env>): Promise<Date | null> => {
    const secret = getCookie(c, COOKIE, "host") ?? getCookie(c, COOKIE);
    return secret === undefined ? null : deps.visits.endOf(secret);
  };
  /** Starts a visit with a link; returns its end, null when the link is not valid. */
  const begin = async (c: Context<Env>, token: string): Promise<Date | null> => {
    const visit = await deps.visits.begin(token);
    if (visit === null) return null;
    const secure = isHttps(c, deps.publicUrl);
    const cookie = { httpOnly: true, sameSite: "Strict", path: "/", maxAge: PAGE_VISIT_LASTS_S, secure } as const;
    setCookie(c, COOKIE, visit.secret, secure ? { ...cookie, prefix: "host" } : cookie);
    c.header("cache-control", "no-store");
    return visit.endsAt;
  };
  const refuse = (c: Context<Env>, { what, why }: { what: PrivatePage; why: RefusalReason }): Response => {
    recordRefusal(what, why);
    const message =
      what === "playground" ? `${PAGE_MESSAGES[why] ?? CLOSED} ${ANOTHER}` : (MONITORING_MESSAGES[why] ?? MONITORING);
    return c.req.path.startsWith("/playground/api/") ? c.json({ message }, 403) : c.text(`${message}\n`, 403);
  };
  return {
    async page(c, next) {
      const ends = await visitOf(c);
      const token = ends === null ? tokenOf(c) : null;
      if (token !== null) {
        const begun = await begin(c, token);
        if (begun === null) return refuse(c, { what: "playground", why: "link" });
        c.set("visitEnds", begun);
        return next();
      }
      const why = ends === null ? remoteReason(c.env.incoming, exposure) : null;
      if (why !== null) return refuse(c, { what: "playground", why });
      c.set("visitEnds", ends);
      return next();
    },
    monitoring: (what) => async (c, next) => {
      const why = isAdmin && !isFromThisMachine(c.env.incoming) ? null : remoteReason(c.env.incoming, exposure);
      if (why !== null && (await visitOf(c)) === null) return refuse(c, { what, why });
      return next();
    },
    admits: async (c) => remoteReason(c.env.incoming, exposure) === null || (await visitOf(c)) !== null,
  };
}

/** Reads a link's token; only from a GET of the page, since link previews send HEAD. */
function tokenOf(c: Context<Env>): string | null {
  const isPage = c.env.incoming.method === "GET" && /^\/playground\/?$/.test(c.req.path);
  return isPage ? (c.req.query("token") ?? null) : null;
}

function isHttps(c: Context<Env>, publicUrl: string | null): boolean {
  if (c.req.header("x-forwarded-proto")?.toLowerCase() === "https") return true;
  const known = publicUrl === null ? null : new URL(publicUrl);
  return known?.protocol === "https:" && known.host === c.req.header("host");
}
