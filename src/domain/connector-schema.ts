/** A connector as its manifest declares it. Workflows are checked against it and calls are made from it. */

export type ScalarType = "string" | "number" | "boolean" | "date";

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

export type ConnectorAuth =
  | { kind: "bearer"; token: SecretRef }
  | { kind: "api_key"; header: string; value: SecretRef }
  | { kind: "none" };

export type HttpMethod = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

export interface ConnectorOperation {
  name: string;
  /** A write changes the outside system, so it is never repeated without an idempotency key. */
  kind: "read" | "write";
  description: string;
  method: HttpMethod;
  /** Begins with "/"; `{id}` is filled from the input and percent-encoded. */
  path: string;
  /** Includes the values of the path. */
  input: FieldSchemas;
  /** The fields of the answer that are kept; null: none. */
  returns: ValueType | null;
  /** Name of that type ("Subscription"), by which procedures know it as "billing.Subscription"; null: it has none. */
  returnsName: string | null;
  /** Maps HTTP status to the error name that workflows see. */
  errors: Readonly<Record<number, string>>;
  timeoutMs: number;
  retry: { times: number; waitMs: number } | null;
  /** The header that carries the idempotency key. */
  idempotencyHeader: string | null;
}

export interface ConnectorManifest {
  id: string;
  description: string;
  baseUrl: { from: "env"; name: string } | { from: "text"; url: string };
  auth: ConnectorAuth;
  operations: Readonly<Record<string, ConnectorOperation>>;
  file: string;
}

/** Lists the secrets that a manifest names, each with the path of its key in the file. */
export function secretsOf({ baseUrl, auth }: Pick<ConnectorManifest, "baseUrl" | "auth">): NamedSecret[] {
  const base: NamedSecret[] = baseUrl.from === "text" ? [] : [{ at: "base_url", ref: baseUrl }];
  switch (auth.kind) {
    case "none":
      return base;
    case "bearer":
      return [...base, { at: "auth.bearer", ref: auth.token }];
    case "api_key":
      return [...base, { at: "auth.api_key.value", ref: auth.value }];
  }
}

export interface NamedSecret {
  at: string;
  ref: SecretRef;
}
