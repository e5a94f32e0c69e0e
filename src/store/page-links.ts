/** One-time links that open the playground from another machine, and the visits (sessions) they are exchanged for. */

import { randomBytes } from "node:crypto";
import { sha256 } from "../lib/digest.ts";
import type { Db, Statement } from "./db.ts";

/** Our choice: long enough to walk to another machine, short enough that a logged link soon expires. */
export const PAGE_LINK_LASTS_S = 3_600;
/** Our choice: a day, then another link. */
export const PAGE_VISIT_LASTS_S = 86_400;
/** 256 bits, unguessable (OWASP Session Management Cheat Sheet: at least 64 bits of entropy). */
const SECRET_BYTES = 32;
const SECRET = /^[A-Za-z0-9_-]{43}$/;

const FORGET: Statement = {
  name: "forget_page_links",
  text: `delete from page_link where coalesce(visit_ends_at, expires_at) < now()`,
};

const MAKE: Statement = {
  name: "make_page_link",
  text: `insert into page_link (token, expires_at) values ($1, now() + make_interval(secs => $2))`,
};

// One statement, so that only one of two concurrent browsers can use a link.
const EXCHANGE: Statement = {
  name: "exchange_page_link",
  text: `update page_link set visit = $2, visit_ends_at = now() + make_interval(secs => $3)
    where token = $1 and visit is null and expires_at > now() returning visit_ends_at as "endsAt"`,
};

const VISIT: Statement = {
  name: "page_visit",
  text: `select visit_ends_at as "endsAt" from page_link where visit = $1 and visit_ends_at > now()`,
};

/** Creates a link's token, valid once and for one hour. */
export async function makePageLink(db: Db): Promise<string> {
  await db.run(FORGET, []);
  const token = randomBytes(SECRET_BYTES).toString("base64url");
  await db.run(MAKE, [sha256(token), PAGE_LINK_LASTS_S]);
  return token;
}

/** Exchanges a link for a visit. Returns its secret; null when the link is used, expired or unknown. */
export async function exchangePageLink(db: Db, token: string): Promise<{ secret: string; endsAt: Date } | null> {
  if (!SECRET.test(token)) return null;
  const secret = randomBytes(SECRET_BYTES).toString("base64url");
  const [row] = await db.run<{ endsAt: Date }>(EXCHANGE, [sha256(token), sha256(secret), PAGE_VISIT_LASTS_S]);
  return row === undefined ? null : { secret, endsAt: row.endsAt };
}

/** Returns the end of a visit; null when it is unknown or has ended. */
export async function pageVisit(db: Db, secret: string): Promise<Date | null> {
  if (!SECRET.test(secret)) return null;
  const [row] = await db.run<{ endsAt: Date }>(VISIT, [sha256(secret)]);
  return row?.endsAt ?? null;
}
