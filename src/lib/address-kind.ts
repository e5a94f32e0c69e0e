/** Classifies IP addresses, so that a request made on behalf of a customer never reaches an internal host. */
import { BlockList, isIPv4, isIPv6 } from "node:net";
import { isInternalName } from "./internal-host.ts";

/**
 * `public`: the internet. `private`: our own machine or network, allowed only when an admin named the host.
 * `never`: metadata, link-local, multicast and reserved addresses, never allowed.
 */
export type AddressKind = "public" | "private" | "never";

/** IANA special-purpose registries for IPv4 and IPv6 (RFC 6890 and its updates), as of 2025. */
const NEVER_V4 = [
  "0.0.0.0/8",
  "169.254.0.0/16",
  "192.0.0.0/24",
  "192.0.2.0/24",
  "192.88.99.0/24",
  "198.51.100.0/24",
  "203.0.113.0/24",
  "224.0.0.0/4",
  "240.0.0.0/4",
];
const PRIVATE_V4 = ["10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "198.18.0.0/15"];
const PRIVATE_V6 = ["::1/128", "fc00::/7"];
const PUBLIC_V6 = ["2000::/3"];
/** Protocol assignments with Teredo, documentation, 6to4 (embeds an arbitrary IPv4 address). */
const NEVER_V6 = ["2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20"];
/** Cloud metadata services inside otherwise private ranges: Alibaba, and AWS over IPv6. */
const METADATA_V4 = "100.100.100.200/32";
const METADATA_V6 = "fd00:ec2::254/128";

const neverV4 = listOf([...NEVER_V4, METADATA_V4], "ipv4");
const privateV4 = listOf(PRIVATE_V4, "ipv4");
const neverV6 = listOf([...NEVER_V6, METADATA_V6], "ipv6");
const privateV6 = listOf(PRIVATE_V6, "ipv6");
const publicV6 = listOf(PUBLIC_V6, "ipv6");

/** Returns the kind of an address as a resolver prints it; "never" for anything else. */
export function addressKind(ip: string): AddressKind {
  if (isIPv4(ip)) return neverV4.check(ip, "ipv4") ? "never" : privateV4.check(ip, "ipv4") ? "private" : "public";
  // A zone ("%eth0") is only meaningful on link-local addresses.
  if (!isIPv6(ip) || ip.includes("%")) return "never";
  const mapped = mappedV4(ip);
  if (mapped !== null) return addressKind(mapped);
  if (neverV6.check(ip, "ipv6")) return "never";
  if (privateV6.check(ip, "ipv6")) return "private";
  return publicV6.check(ip, "ipv6") ? "public" : "never";
}

/** Returns the IPv4 address inside an IPv4-mapped (RFC 4291) or NAT64 (RFC 6052) one, else null. */
function mappedV4(ip: string): string | null {
  const canonical = new URL(`http://[${ip}]`).hostname;
  const match = /^\[(?:::ffff|64:ff9b:):([0-9a-f]{1,4}):([0-9a-f]{1,4})\]$/.exec(canonical);
  if (match === null) return null;
  const [high, low] = [Number.parseInt(match[1] ?? "", 16), Number.parseInt(match[2] ?? "", 16)];
  return [high >> 8, high & 255, low >> 8, low & 255].join(".");
}

/** True when a host as an admin wrote it is internal: a private address, `localhost`, `crm`, `crm.internal`. */
export function isPrivateHost(hostname: string): boolean {
  const bare = hostname
    .replace(/^\[(.*)\]$/, "$1")
    .replace(/\.$/, "")
    .toLowerCase();
  if (isIPv4(bare) || isIPv6(bare)) return addressKind(bare) === "private";
  return isInternalName(bare);
}

function listOf(ranges: readonly string[], family: "ipv4" | "ipv6"): BlockList {
  const list = new BlockList();
  for (const range of ranges) {
    const [net = "", prefix = ""] = range.split("/");
    list.addSubnet(net, Number(prefix), family);
  }
  return list;
}
