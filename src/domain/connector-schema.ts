/** A connector as its manifest declares it. Workflows are checked against it and calls are made from it. */
import { own } from "../lib/own.ts";

export const SCALAR_TYPES = ["string", "number", "boolean", "date"] as const;
export type ScalarType = (typeof SCALAR_TYPES)[number];

/** A type in `input:` and `returns:`. A trailing `?` makes a field optional. */
export type ValueType =
  | { type: ScalarType }
  | { type: "enum"; values: readonly string[] }
  | { type: "list"; of: ValueType }
  | { type: "object"; fields: Readonly<Record<string, FieldSchema>> };

export interface FieldSchema {
  value: ValueType;
  optional: boolean;
}

export type FieldSchemas = Readonly<Record<string, FieldSchema>>;

/** The source of a secret; never the secret itself. */
export type SecretRef = { from: "env"; name: string } | { from: "file"; path: string };

/** Formats a reference as files write it: "env:NAME", "file:/path". */
export const secretName = (ref: SecretRef): string => (ref.from === "env" ? `env:${ref.name}` : `file:${ref.path}`);

/** A URL, written out or in a variable. */
export type Endpoint = { from: "env"; name: string } | { from: "text"; url: string };

export type ConnectorAuth =
  | { kind: "none" }
  | { kind: "bearer"; token: SecretRef }
  | { kind: "api_key"; header: string; value: SecretRef }
  /** `password`: null where the system takes a key as user name alone. */
  | { kind: "basic"; user: SecretRef; password: SecretRef | null }
  | OAuthClient
  /** Every request is signed; connectors/README.md says how. */
  | { kind: "hmac"; header: string; timestampHeader: string; secret: SecretRef };

/** The client credentials grant (RFC 6749, section 4.4). */
export interface OAuthClient {
  kind: "oauth2";
  tokenUrl: Endpoint;
  clientId: SecretRef;
  clientSecret: SecretRef;
  /** "": none is asked for. */
  scope: string;
  /** The part of the token request that carries the credentials. */
  sendIn: "header" | "body";
}

export type HttpMethod = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

/** Names of inputs that the engine fills, each with its path in the contact ("attributes.billing_id"). */
export type IdentityPaths = Readonly<Record<string, string>>;

/** How to find out what came of a write whose answer was lost. */
export interface ReadBack {
  /** A read of the same connector. */
  operation: string;
  /** Inputs of the read, each with its source in the write. */
  with: Readonly<Record<string, ReadBackSource>>;
  /**
   * CEL over `answer` (of the read) and `input` (of the write): true if the write was made. null: it was made if the read
   * finds something.
   */
  doneIf: string | null;
  /** A write that is not seen this long after its answer was lost was not made. */
  withinMs: number;
}

export type ReadBackSource = { from: "input"; name: string } | { from: "idempotency_key" };

export interface ConnectorOperation {
  name: string;
  /** A write changes the outside system, so it is never repeated without an idempotency key. */
  kind: "read" | "write";
  description: string;
  /** Inputs that the caller gives. */
  input: FieldSchemas;
  /** Inputs that only the engine gives, from the contact. */
  identity: IdentityPaths;
  /** The fields of the answer that are kept; null: none. */
  returns: ValueType | null;
  /** The name that `returns:` gives to its fields ("Subscription"); null: none. */
  returnsName: string | null;
  timeoutMs: number;
  retry: { times: number; waitMs: number } | null;
  /** False for a write that carries no idempotency key: after it left it is never made again. */
  repeatable: boolean;
  /** Age up to which an earlier answer to the same read will do; null: none will. */
  cacheMs: number | null;
  /** Liquid text of the question before a write, by language; "" holds one without a language. null: none. */
  confirm: Readonly<Record<string, string>> | null;
  readBack: ReadBack | null;
}

export interface HttpOperation extends ConnectorOperation {
  method: HttpMethod;
  /** Begins with "/"; `{id}` is filled from the input or the identity, and percent-encoded. */
  path: string;
  /** The header that carries the idempotency key. */
  idempotencyHeader: string | null;
  /** Maps HTTP status to the error name that workflows see. */
  errors: Readonly<Record<number, string>>;
}

export interface ModuleOperation extends ConnectorOperation {
  /** Codes of errors by which the function says that it did nothing; workflows see them as names. */
  errors: readonly string[];
}

interface Manifest<Operation extends ConnectorOperation> {
  id: string;
  description: string;
  operations: Readonly<Record<string, Operation>>;
  file: string;
}

export interface HttpManifest extends Manifest<HttpOperation> {
  kind: "http";
  baseUrl: Endpoint;
  /** Takes the place of `baseUrl` in trials; null: writes are not made in trials. */
  sandboxUrl: Endpoint | null;
  auth: ConnectorAuth;
}

/** Functions of a file in the home folder. */
export interface ModuleManifest extends Manifest<ModuleOperation> {
  kind: "module";
  /** Path in the home folder, right in `connectors/` ("connectors/rates.mjs"). */
  module: string;
  /** Secrets that its functions are given, by the names they know them under. */
  secrets: Readonly<Record<string, SecretRef>>;
}

export type ConnectorManifest = HttpManifest | ModuleManifest;

/** The operation of that name; undefined: the connector has none. */
export const operationOf = (
  { operations }: Pick<ConnectorManifest, "operations">,
  name: string,
): ConnectorOperation | undefined => own<ConnectorOperation>(operations, name);

/** Lists the secrets that a manifest names, each with the path of its key in the file. */
export function secretsOf(manifest: ConnectorManifest): NamedSecret[] {
  switch (manifest.kind) {
    case "module":
      return Object.entries(manifest.secrets).map(([name, ref]) => ({ at: `secrets.${name}`, ref }));
    case "http":
      return [
        ...endpointSecrets("base_url", manifest.baseUrl),
        ...endpointSecrets("sandbox_url", manifest.sandboxUrl),
        ...authSecrets(manifest.auth),
      ];
  }
}

function authSecrets(auth: ConnectorAuth): NamedSecret[] {
  switch (auth.kind) {
    case "none":
      return [];
    case "bearer":
      return [{ at: "auth.bearer", ref: auth.token }];
    case "api_key":
      return [{ at: "auth.api_key.value", ref: auth.value }];
    case "basic":
      return [
        { at: "auth.basic.user", ref: auth.user },
        ...(auth.password === null ? [] : [{ at: "auth.basic.password", ref: auth.password }]),
      ];
    case "oauth2":
      return [
        ...endpointSecrets("auth.oauth2.token_url", auth.tokenUrl),
        { at: "auth.oauth2.client_id", ref: auth.clientId },
        { at: "auth.oauth2.client_secret", ref: auth.clientSecret },
      ];
    case "hmac":
      return [{ at: "auth.hmac.secret", ref: auth.secret }];
  }
}

const endpointSecrets = (at: string, endpoint: Endpoint | null): NamedSecret[] =>
  endpoint === null || endpoint.from === "text" ? [] : [{ at, ref: endpoint }];

export interface NamedSecret {
  at: string;
  ref: SecretRef;
}
