/** Shorter than this, a "secret" would black out ordinary words. */
const MIN_SECRET_LENGTH = 4;

/** An answer without the secrets in its texts: a system may send back what it was sent, and an answer goes on to people. */
export function redactValue(value: unknown, secrets: readonly string[]): unknown {
  if (typeof value === "string") return redactText(value, secrets);
  if (Array.isArray(value)) return value.map((item) => redactValue(item, secrets));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, redactValue(item, secrets)]));
}

/** The text without the secrets in it, also as they stand in a URL or in Basic and Bearer headers. */
export function redactText(text: string, secrets: readonly string[]): string {
  const shapes = secrets
    .filter((secret) => secret.length >= MIN_SECRET_LENGTH)
    .flatMap((secret) => [secret, encodeURIComponent(secret), Buffer.from(secret).toString("base64")])
    .sort((a, b) => b.length - a.length);
  return shapes.reduce((clean, shape) => clean.replaceAll(shape, "[secret]"), text);
}
