/** Shorter than this, a "secret" would black out ordinary words. */
const MIN_SECRET_LENGTH = 4;

/** An answer without the secrets in its texts: a system may send back what it was sent, and an answer goes on to people. */
export function redactedValue(value: unknown, secrets: readonly string[]): unknown {
  if (typeof value === "string") return redacted(value, secrets);
  if (Array.isArray(value)) return value.map((item) => redactedValue(item, secrets));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, redactedValue(item, secrets)]));
}

/** The text without the secrets in it, also as they stand in a URL or in Basic and Bearer headers. */
export function redacted(text: string, secrets: readonly string[]): string {
  const shapes = secrets
    .filter((secret) => secret.length >= MIN_SECRET_LENGTH)
    .flatMap((secret) => [secret, encodeURIComponent(secret), Buffer.from(secret).toString("base64")])
    .sort((a, b) => b.length - a.length);
  return shapes.reduce((clean, shape) => clean.replaceAll(shape, "[secret]"), text);
}
