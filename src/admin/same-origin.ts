/**
 * Refuses writes by pages of other sites: gate.ts admits a browser, and another site open in it must not use that.
 */
type Headers = Readonly<Record<string, string>>;

/**
 * Returns a message when a write comes from another origin, else null. Browsers send the origin of a cross-site POST, so a
 * request without one was not made by a page. Source: Fetch standard, https://fetch.spec.whatwg.org/#origin-header
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
