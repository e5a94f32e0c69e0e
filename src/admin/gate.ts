/**
 * Who is let in where no signature and no link of its own decides: a program on this machine, and a browser on a visit.
 * A link makes a visit of it, once; the visit's cookie goes to this server's pages only and to no script.
 */
import type { Context, MiddlewareHandler } from "hono";
import { getCookie, setCookie } from "hono/cookie";
import { PAGE_VISIT_LASTS_S } from "../store/page-links.ts";
import type { ServerDeps } from "./deps.ts";
import { type Exposure, exposureOf, isFromThisMachine, remoteReason } from "./direct.ts";
import type { PrivatePage, RecordRefusal, RefusalReason } from "./refusals.ts";
import type { Env, ListenerScope } from "./route.ts";

export interface Gate {
  /** Lets pass who may use the page; `c.get("visitEnds")` says until when, null: for ever. */
  page: MiddlewareHandler<Env>;
  /** Lets pass who may read numbers; on a listener for admins its address says which machines may. */
  monitoring(what: "metrics" | "ready"): MiddlewareHandler<Env>;
  /** Whether this request would pass `page`; says nothing to anybody. */
  admits(c: Context<Env>): Promise<boolean>;
}

const COOKIE = "frontdesk-page";
const CLOSED =
  "This page answers its own machine only. Open it there, under http://localhost, or through a link that works once:";
const USED = "This link was used already, or its hour is over. For another one:";
const ANOTHER = "run `frontdesk link` on the server, or start it again.";
const PUBLISHED = "PUBLIC_URL is set, so nobody can tell here who asks. Open the page through a link that works once:";
const NUMBERS = "This answers its own machine only. To read it from another one, set ADMIN_PORT and ADMIN_HOST.";
const NUMBERS_ELSEWHERE = "PUBLIC_URL is set, so this is read on a port of its own: set ADMIN_PORT.";

const PAGE_SAYS: Partial<Record<RefusalReason, string>> = { link: USED, published: PUBLISHED };
const NUMBERS_SAY: Partial<Record<RefusalReason, string>> = { published: NUMBERS_ELSEWHERE };

/** `note` is told of everybody who is turned away; `serves` says what the listener is for. */
export function createGate(
  deps: Pick<ServerDeps, "publicUrl" | "visits">,
  { note, serves }: { note: RecordRefusal; serves: ListenerScope },
): Gate {
  const open = serves === "admin";
  const listener: Exposure = open ? "local" : exposureOf(deps.publicUrl);
  const visitOf = async (c: Context<Env>): Promise<Date | null> => {
    const secret = getCookie(c, COOKIE, "host") ?? getCookie(c, COOKIE);
    return secret === undefined ? null : deps.visits.endOf(secret);
  };
  /** The end of the visit that begins with this link; null where it opens nothing. */
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
    note(what, why);
    const message = what === "playground" ? `${PAGE_SAYS[why] ?? CLOSED} ${ANOTHER}` : (NUMBERS_SAY[why] ?? NUMBERS);
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
      const why = ends === null ? remoteReason(c.env.incoming, listener) : null;
      if (why !== null) return refuse(c, { what: "playground", why });
      c.set("visitEnds", ends);
      return next();
    },
    monitoring: (what) => async (c, next) => {
      const why = open && !isFromThisMachine(c.env.incoming) ? null : remoteReason(c.env.incoming, listener);
      if (why !== null && (await visitOf(c)) === null) return refuse(c, { what, why });
      return next();
    },
    admits: async (c) => remoteReason(c.env.incoming, listener) === null || (await visitOf(c)) !== null,
  };
}

/** A link leads to the page itself and is followed, not looked at in advance (HEAD). */
function tokenOf(c: Context<Env>): string | null {
  const isPage = c.env.incoming.method === "GET" && /^\/playground\/?$/.test(c.req.path);
  return isPage ? (c.req.query("token") ?? null) : null;
}

function isHttps(c: Context<Env>, publicUrl: string | null): boolean {
  if (c.req.header("x-forwarded-proto")?.toLowerCase() === "https") return true;
  const known = publicUrl === null ? null : new URL(publicUrl);
  return known?.protocol === "https:" && known.host === c.req.header("host");
}
