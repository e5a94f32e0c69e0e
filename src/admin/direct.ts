/**
 * Recognises requests that come directly from a program on this machine. A proxy on this machine makes every remote
 * connection look local, and one that rewrites the Host header and adds none (nginx from 1.30 on by default) leaves no
 * trace: on a listener with a public name no request counts as direct.
 */
import type { IncomingMessage } from "node:http";

/** Reason why a request may not come directly from this machine. */
export type RemoteReason = "peer" | "proxied" | "host" | "published";

/**
 * Headers that proxies and tunnels add: RFC 7239 (Forwarded), RFC 9110 (Via), and those of nginx, Envoy, Cloudflare, Akamai,
 * Fastly, Fly, Azure, AWS, WebLogic, Varnish and Tailscale.
 */
const FORWARDING_HEADER =
  /^(?:forwarded|via|x-forwarded|x-forwarded-.+|x-real-ip|x-client-ip|x-cluster-client-ip|x-original-.+|x-envoy-.+|true-client-ip|cf-.+|fastly-client-ip|x-azure-.+|x-arr-.+|x-appengine-.+|client-ip|cdn-loop|fly-.+|wl-proxy-.+|proxy-client-ip|x-varnish|x-amzn-.+|x-amz-cf-.+|tailscale-.+|x_forwarded_.+|x-originating-ip|x-remote-.+)$/;
/** All of 127.0.0.0/8 (RFC 1122, 3.2.1.3), also IPv4-mapped, and ::1 (RFC 4291, 2.5.3). */
const LOOPBACK_PEER = /^(?:(?:::ffff:)?127(?:\.\d{1,3}){3}|::1)$/i;
/** Host names that no site can point at us: addresses, and localhost (RFC 6761, 6.3). Others may be DNS rebinding. */
const LOOPBACK_HOST = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d{1,5})?$/i;

/** Exposure of a listener: a `published` one has a public name, so a proxy may forward to it. */
export type Exposure = "local" | "published";

/** Returns the exposure for a public URL; one with a loopback host is local. */
export const exposureOf = (publicUrl: string | null): Exposure =>
  publicUrl === null || LOOPBACK_HOST.test(new URL(publicUrl).host) ? "local" : "published";

/** Returns why `incoming` may be remote; null when it comes directly from this machine to one of its own names. */
export function remoteReason(incoming: IncomingMessage, listener: Exposure): RemoteReason | null {
  if (!isFromThisMachine(incoming)) return "peer";
  if (isForwarded(incoming)) return "proxied";
  const { host = "" } = incoming.headers;
  if (!LOOPBACK_HOST.test(host) || countHostHeaders(incoming) !== 1) return "host";
  return listener === "published" ? "published" : null;
}

/** True when the connection comes from this machine, also through a proxy on it. */
export const isFromThisMachine = ({ socket }: IncomingMessage): boolean =>
  LOOPBACK_PEER.test(socket.remoteAddress ?? "");

/** True with a proxy's headers, or with HTTP/1.0, the default of nginx before 1.30, which browsers and curl never use. */
function isForwarded({ headers, httpVersion, url = "" }: IncomingMessage): boolean {
  if (httpVersion === "1.0" || !url.startsWith("/")) return true;
  return Object.keys(headers).some((name) => FORWARDING_HEADER.test(name));
}

/** Counts Host headers: Node keeps only the first. */
const countHostHeaders = ({ rawHeaders }: IncomingMessage): number =>
  rawHeaders.filter((name, at) => at % 2 === 0 && name.toLowerCase() === "host").length;
