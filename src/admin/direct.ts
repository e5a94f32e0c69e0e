/**
 * Tells requests that come straight from a program on this machine from all others. A proxy beside us makes every
 * stranger's connection look local, and one that rewrites the name and adds no header (nginx from 1.30 on, told nothing)
 * leaves no trace: a listener with a public name takes no request for a direct one.
 */
import type { IncomingMessage } from "node:http";

/** Why a request can't be known to come straight from this machine. */
export type RemoteReason = "peer" | "proxied" | "host" | "published";

/**
 * What proxies and tunnels add: RFC 7239 (Forwarded), RFC 9110 (Via), and the names in use before and beside them at nginx,
 * Envoy, Cloudflare, Akamai, Fastly, Fly, Azure, AWS, WebLogic, Varnish and Tailscale.
 */
const FORWARDING_HEADER =
  /^(?:forwarded|via|x-forwarded|x-forwarded-.+|x-real-ip|x-client-ip|x-cluster-client-ip|x-original-.+|x-envoy-.+|true-client-ip|cf-.+|fastly-client-ip|x-azure-.+|x-arr-.+|x-appengine-.+|client-ip|cdn-loop|fly-.+|wl-proxy-.+|proxy-client-ip|x-varnish|x-amzn-.+|x-amz-cf-.+|tailscale-.+|x_forwarded_.+|x-originating-ip|x-remote-.+)$/;
/** All of 127.0.0.0/8 (RFC 1122, 3.2.1.3), also as IPv6 shows it, and ::1 (RFC 4291, 2.5.3). */
const LOOPBACK_PEER = /^(?:(?:::ffff:)?127(?:\.\d{1,3}){3}|::1)$/i;
/** Names that no site can point at us: an address, and localhost (RFC 6761, 6.3). Anything else may be DNS rebinding. */
const LOOPBACK_HOST = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d{1,5})?$/i;

/** Listeners by who can be behind a connection to them: `published` ones have a public name, so a proxy leads to them. */
export type Exposure = "local" | "published";

/** A public URL that names this machine itself leads nobody else here. */
export const exposureOf = (publicUrl: string | null): Exposure =>
  publicUrl === null || LOOPBACK_HOST.test(new URL(publicUrl).host) ? "local" : "published";

/** Why `incoming` is not known to come straight from this machine to one of its own names; null where it is. */
export function remoteReason(incoming: IncomingMessage, listener: Exposure): RemoteReason | null {
  if (!isFromThisMachine(incoming)) return "peer";
  if (isForwarded(incoming)) return "proxied";
  const { host = "" } = incoming.headers;
  if (!LOOPBACK_HOST.test(host) || countHostHeaders(incoming) !== 1) return "host";
  return listener === "published" ? "published" : null;
}

/** Whether the connection comes from this machine, whoever it is made for. */
export const isFromThisMachine = ({ socket }: IncomingMessage): boolean =>
  LOOPBACK_PEER.test(socket.remoteAddress ?? "");

/** HTTP/1.0 is what nginx before 1.30 asks in, told nothing else; no browser and no curl does. */
function isForwarded({ headers, httpVersion, url = "" }: IncomingMessage): boolean {
  if (httpVersion === "1.0" || !url.startsWith("/")) return true;
  return Object.keys(headers).some((name) => FORWARDING_HEADER.test(name));
}

/** Node keeps the first of several and says nothing of the others. */
const countHostHeaders = ({ rawHeaders }: IncomingMessage): number =>
  rawHeaders.filter((name, at) => at % 2 === 0 && name.toLowerCase() === "host").length;
