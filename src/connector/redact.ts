/** Shorter secrets are not hidden, since they may be ordinary words. */
const MIN_SECRET_LENGTH = 4;

/** Removes secrets from all texts of an answer: a system may echo its request, and people see the answer. */
export function redactValue(value: unknown, secrets: readonly string[]): unknown {
  if (typeof value === "string") return redactText(value, secrets);
  if (Array.isArray(value)) return value.map((item) => redactValue(item, secrets));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, redactValue(item, secrets)]));
}

/** Removes secrets from a text, also URL-encoded and as base64. */
export function redactText(text: string, secrets: readonly string[]): string {
  const shapes = secrets
    .filter((secret) => secret.length >= MIN_SECRET_LENGTH)
    .flatMap((secret) => [secret, encodeURIComponent(secret), Buffer.from(secret).toString("base64")])
    .sort((a, b) => b.length - a.length);
  return shapes.reduce((clean, shape) => clean.replaceAll(shape, "[secret]"), text);
}
