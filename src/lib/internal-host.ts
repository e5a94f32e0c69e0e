/** Recognises internal hosts by their names and addresses. Pure: nothing is resolved. */

/**
 * Suffixes that no public name has: RFC 6761 (localhost, test), 6762 (local), 8375 (home.arpa), ICANN's `.internal`, and
 * those of companies, home routers and clusters.
 */
const INTERNAL_ENDINGS = [
  ".localhost",
  ".local",
  ".internal",
  ".intranet",
  ".corp",
  ".lan",
  ".home.arpa",
  ".svc",
  ".test",
];

/** True for a name without a dot, or with an internal suffix. Not for addresses. */
export function isInternalName(name: string): boolean {
  return !name.includes(".") || INTERNAL_ENDINGS.some((ending) => name.endsWith(ending));
}

/** Loopback, private and link-local IPv4 (RFC 1122, 1918, 6598, 3927, 2544): whole addresses, so a version is none. */
const INTERNAL_V4 =
  /^(?:(?:10|127)\.\d{1,3}|192\.168|169\.254|198\.1[89]|100\.(?:6[4-9]|[7-9]\d|1[01]\d|12[0-7])|172\.(?:1[6-9]|2\d|3[01]))(?:\.\d{1,3}){2}$/;
/** Loopback, link-local and unique local IPv6 (RFC 4291, 4193), with or without its brackets. */
const INTERNAL_V6 = /^\[?(?:::1|fe[89ab][0-9a-f]:.*|f[cd][0-9a-f]{2}:.*)\]?$/;

/** True for a URL's host ("crm", "10.0.0.4", "[::1]") that is unreachable from outside. */
export function isInternalHost(host: string): boolean {
  const bare = host.replace(/\.$/, "").toLowerCase();
  if (/^[\d.]+$/.test(bare)) return INTERNAL_V4.test(bare);
  return bare.includes(":") ? INTERNAL_V6.test(bare) : isInternalName(bare);
}
