/** Resolves what a request needs to prove who makes it. */
import { createHmac } from "node:crypto";
import type { ConnectorAuth, Endpoint, OAuthClient } from "../domain/connector-schema.ts";
import { fail, ok, type Result } from "../lib/result.ts";
import type { Secrets } from "./secret.ts";

export type Credentials =
  | { kind: "headers"; headers: Readonly<Record<string, string>> }
  | TokenClient
  | { kind: "signature"; header: string; timestampHeader: string; secret: string };

/** A client that gets its tokens at a token endpoint. */
export interface TokenClient {
  kind: "client";
  tokenUrl: URL;
  id: string;
  secret: string;
  scope: string;
  sendIn: OAuthClient["sendIn"];
}

export interface Resolved {
  credentials: Credentials;
  /** Secrets to remove from every message. */
  secrets: readonly string[];
}

type Resolution = Result<Resolved, string>;

/** Resolves the secrets of `auth:`; a fault is one sentence with what is missing. */
export function credentialsOf(auth: ConnectorAuth, secrets: Secrets): Resolution {
  switch (auth.kind) {
    case "none":
      return headers({}, []);
    case "bearer": {
      const token = secrets(auth.token);
      return token.ok ? headers({ authorization: `Bearer ${token.value}` }, [token.value]) : token;
    }
    case "api_key": {
      const value = secrets(auth.value);
      return value.ok ? headers({ [auth.header.toLowerCase()]: value.value }, [value.value]) : value;
    }
    case "basic":
      return basic(auth, secrets);
    case "oauth2":
      return client(auth, secrets);
    case "hmac": {
      const secret = secrets(auth.secret);
      if (!secret.ok) return secret;
      const { header, timestampHeader } = auth;
      const credentials = { kind: "signature", header, timestampHeader, secret: secret.value } as const;
      return ok({ credentials, secrets: [secret.value] });
    }
  }
}

const headers = (given: Readonly<Record<string, string>>, secrets: readonly string[]): Resolution =>
  ok({ credentials: { kind: "headers", headers: given }, secrets });

function basic(auth: Extract<ConnectorAuth, { kind: "basic" }>, secrets: Secrets): Resolution {
  const user = secrets(auth.user);
  if (!user.ok) return user;
  const password = auth.password === null ? ok("") : secrets(auth.password);
  if (!password.ok) return password;
  // RFC 7617: the first colon ends the name.
  if (user.value.includes(":")) return fail("The user name of basic: contains a colon, which it can't. Correct it.");
  return headers({ authorization: basicHeader(user.value, password.value) }, [user.value, password.value]);
}

/** The header of RFC 7617. */
export const basicHeader = (user: string, password: string): string =>
  `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}`;

function client(auth: OAuthClient, secrets: Secrets): Resolution {
  const tokenUrl = resolveEndpoint(auth.tokenUrl, { secrets, name: "token_url" });
  if (!tokenUrl.ok) return tokenUrl;
  const id = secrets(auth.clientId);
  if (!id.ok) return id;
  const secret = secrets(auth.clientSecret);
  if (!secret.ok) return secret;
  const { scope, sendIn } = auth;
  const found = {
    kind: "client",
    tokenUrl: tokenUrl.value,
    id: id.value,
    secret: secret.value,
    scope,
    sendIn,
  } as const;
  return ok({ credentials: found, secrets: [secret.value] });
}

/** Resolves an address of the manifest. */
export function resolveEndpoint(endpoint: Endpoint, o: { secrets: Secrets; name: string }): Result<URL, string> {
  const text = endpoint.from === "text" ? ok(endpoint.url) : o.secrets(endpoint);
  if (!text.ok) return text;
  if (URL.canParse(text.value)) return ok(new URL(text.value));
  return fail(`The connector's ${o.name} is not a URL. Correct it in its manifest or variable.`);
}

export interface Signed {
  method: string;
  url: URL;
  body: string | null;
  /** Seconds since 1970, UTC. */
  timestamp: number;
}

/**
 * Signs a request: HMAC-SHA256 over four lines, which are the timestamp, the method, the path with its query, and the
 * body. Hexadecimal, after "sha256=".
 */
export function signatureOf({ method, url, body, timestamp }: Signed, secret: string): string {
  const text = [timestamp, method, `${url.pathname}${url.search}`, body ?? ""].join("\n");
  return `sha256=${createHmac("sha256", secret).update(text).digest("hex")}`;
}
