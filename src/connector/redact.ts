/** Shorter than this, a "secret" would black out ordinary words. */
const MIN_SECRET_LENGTH = 4;

/** The text without the secrets in it, also as they stand in a URL or in Basic and Bearer headers. */
export function redacted(text: string, secrets: readonly string[]): string {
  const shapes = secrets
    .filter((secret) => secret.length >= MIN_SECRET_LENGTH)
    .flatMap((secret) => [secret, encodeURIComponent(secret), Buffer.from(secret).toString("base64")])
    .sort((a, b) => b.length - a.length);
  return shapes.reduce((clean, shape) => clean.replaceAll(shape, "[secret]"), text);
}
