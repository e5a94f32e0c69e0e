/**
 * Which pages may write through the playground: its own. gate.ts lets a browser in, and another site open in the same
 * browser must not be able to use that.
 */
type Headers = Readonly<Record<string, string>>;

/**
 * Why a request that writes is refused, or null. Every browser names the origin of a cross-site POST, so a request
 * that names none was not made by a page. Source: Fetch standard, https://fetch.spec.whatwg.org/#origin-header
 */
export function crossOriginRefusal(headers: Headers, publicUrl: string | null): string | null {
  const refusal = "Only the playground's own page may do this. Reload it from this server and try again.";
  const site = headers["sec-fetch-site"];
  if (site !== undefined && site !== "same-origin") return refusal;
  const { origin } = headers;
  if (origin === undefined) return null;
  if (!URL.canParse(origin)) return refusal;
  const { host } = new URL(origin);
  if (host === headers.host) return null;
  return publicUrl !== null && host === new URL(publicUrl).host ? null : refusal;
}
