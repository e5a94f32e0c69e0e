/** Reads `auth:` of a manifest. Secrets are only named. */
import type { ConnectorAuth } from "../domain/connector-schema.ts";
import { type Entry, type Fields, fault, quoted, readFields, readOneOf, readText } from "../language/yaml-entry.ts";
import { readSecret } from "../language/yaml-secret.ts";
import { readEndpoint } from "./manifest-endpoint.ts";

type Method = Exclude<ConnectorAuth["kind"], "none">;

const READERS: Readonly<Record<Method, (entry: Entry) => ConnectorAuth | null>> = {
  bearer: readBearer,
  api_key: readApiKey,
  basic: readBasic,
  oauth2: readClient,
  hmac: readSignature,
};
const METHODS = Object.keys(READERS) as Method[];

/** RFC 9110, token. */
const HEADER = /^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,64}$/;
/** RFC 6749, appendix A.4: words of printable characters, without quotes and backslashes. */
const SCOPE = /^[\x21\x23-\x5b\x5d-\x7e]+(?: [\x21\x23-\x5b\x5d-\x7e]+)*$/;

/** Reads the one way in which requests prove who makes them. */
export function readAuth(entry: Entry): ConnectorAuth | null {
  const fields = readFields(entry, { what: "auth:", known: METHODS });
  if (fields === null) return null;
  const [method, second] = METHODS.filter((one) => fields.has(one));
  const known = METHODS.map((one) => `${one}:`).join(", ");
  if (method === undefined) return fields.size === 0 ? fault(entry, "006", `auth: needs one of ${known}`) : null;
  if (second !== undefined) return fault(fields.get(second) ?? entry, "016", `auth: is only one of ${known}`, "key");
  return READERS[method](fields.get(method) ?? entry);
}

function readBearer(entry: Entry): ConnectorAuth | null {
  const token = readSecret(entry);
  return token === null ? null : { kind: "bearer", token };
}

function readApiKey(entry: Entry): ConnectorAuth | null {
  const fields = readFields(entry, { what: "api_key:", known: ["header", "value"], required: ["header", "value"] });
  const header = read(fields, "header", readHeader);
  const value = read(fields, "value", readSecret);
  return header === null || value === null ? null : { kind: "api_key", header, value };
}

function readBasic(entry: Entry): ConnectorAuth | null {
  const fields = readFields(entry, { what: "basic:", known: ["user", "password"], required: ["user"] });
  const user = read(fields, "user", readSecret);
  return user === null ? null : { kind: "basic", user, password: read(fields, "password", readSecret) };
}

function readClient(entry: Entry): ConnectorAuth | null {
  const required = ["token_url", "client_id", "client_secret"];
  const fields = readFields(entry, { what: "oauth2:", known: [...required, "scope", "send_in"], required });
  const tokenUrl = read(fields, "token_url", readEndpoint);
  const clientId = read(fields, "client_id", readSecret);
  const clientSecret = read(fields, "client_secret", readSecret);
  const scope = read(fields, "scope", readScope) ?? "";
  const sendIn = read(fields, "send_in", (field) => readOneOf(field, ["header", "body"] as const)) ?? "header";
  if (tokenUrl === null || clientId === null || clientSecret === null) return null;
  return { kind: "oauth2", tokenUrl, clientId, clientSecret, scope, sendIn };
}

function readSignature(entry: Entry): ConnectorAuth | null {
  const fields = readFields(entry, { what: "hmac:", known: ["header", "timestamp", "secret"], required: ["secret"] });
  const header = read(fields, "header", readHeader) ?? "X-Signature";
  const timestampHeader = read(fields, "timestamp", readHeader) ?? "X-Timestamp";
  const secret = read(fields, "secret", readSecret);
  return secret === null ? null : { kind: "hmac", header, timestampHeader, secret };
}

function read<Value>(fields: Fields | null, key: string, how: (entry: Entry) => Value | null): Value | null {
  const entry = fields?.get(key);
  return entry === undefined ? null : how(entry);
}

function readHeader(entry: Entry): string | null {
  const text = readText(entry);
  if (text === null || HEADER.test(text)) return text;
  return fault(entry, "014", `${quoted(text)} is not an HTTP header name`);
}

function readScope(entry: Entry): string | null {
  const text = readText(entry);
  if (text === null || SCOPE.test(text)) return text;
  return fault(entry, "014", `scope: is words with single spaces between them; this is ${quoted(text)}`);
}
