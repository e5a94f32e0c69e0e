/**
 * Who may use the playground: pages of this server, on this machine's name. The playground has no login, so another
 * site open in the same browser must not be able to write through it or read from it.
 */
import { isIP } from "node:net";

type Headers = Readonly<Record<string, string>>;

/**
 * Why a request may not use the playground at all, or null. A site can point its own host name at our address (DNS
 * rebinding), and would then count as the same origin; it can't do that with an IP address, localhost or our public name.
 */
export function foreignHost(headers: Headers, publicUrl: string | null): string | null {
  const host = hostName(headers.host ?? "");
  if (host === "localhost" || host.endsWith(".localhost") || isIP(host) !== 0) return null;
  if (publicUrl !== null && host === new URL(publicUrl).hostname) return null;
  return `The playground does not answer under the name "${host}". Open it at http://localhost, or set PUBLIC_URL to that name.`;
}

/**
 * Why a request that writes is refused, or null. Every browser names the origin of a cross-site POST, so a request
 * that names none was not made by a page. Source: Fetch standard, https://fetch.spec.whatwg.org/#origin-header
 */
export function foreignOrigin(headers: Headers, publicUrl: string | null): string | null {
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

function hostName(host: string): string {
  const url = `http://${host}`;
  if (!URL.canParse(url)) return host;
  return new URL(url).hostname.replace(/^\[(.*)\]$/, "$1");
}
