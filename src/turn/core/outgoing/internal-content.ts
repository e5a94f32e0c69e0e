/** Why words of a case's holder may have been meant for a colleague, so that they are asked before the customer reads them. */
import type { Operator } from "../../../domain/case.ts";
import type { CaseState } from "../state.ts";
import { audienceOf } from "./note-mark.ts";

interface Written {
  operator: Operator;
  text: string;
  /** They name a colleague. */
  mentions: boolean;
  /** Hosts that only people inside know. */
  hosts: readonly string[];
}

/** The reason, in words that follow "Not sent yet:"; null: nothing speaks against sending. */
export function heldBack(open: CaseState, { operator, text, mentions, hosts }: Written): string | null {
  if (mentions) return "it mentions a colleague";
  if (audienceOf(text) !== "customer") return "it looks like a note for colleagues";
  const link = internalLink(text, hosts);
  if (link !== null) return `it links to ${link}, which only people inside can open`;
  if (open.lastSpeaker !== null && open.lastSpeaker !== operator.id) return "it follows a colleague's message";
  return null;
}

/** The host of a link, or a bare name that may be one; a whole word, so that it is never taken for a part of another. */
const HOST =
  /(?<![\p{L}\p{N}_.-])(https?:\/\/)?((?:[\p{L}\p{N}_-]+\.)*[\p{L}\p{N}_-]+)(:\d+)?(?![\p{L}\p{N}_-]|\.[\p{L}\p{N}])/giu;
/** RFC 6761, 6762 and 8375, and what companies use inside; "internal/external" is no address, but "intranet/leave" is. */
const INSIDE = /^(localhost|intranet)$|\.(localhost|local|internal|intranet|corp|lan|home\.arpa)$/i;
/** RFC 1918 and RFC 1122: whole addresses, so that prices, dates and versions are none. */
const PRIVATE = /^(?:(?:10|127)\.\d{1,3}|192\.168|172\.(?:1[6-9]|2\d|3[01]))(?:\.\d{1,3}){2}$/;

function internalLink(text: string, hosts: readonly string[]): string | null {
  for (const match of text.matchAll(HOST)) {
    const [whole, scheme = "", name = "", port = ""] = match;
    const host = name.toLowerCase();
    if (hosts.some((one) => (one.startsWith(".") ? host.endsWith(one) : host === one))) return host;
    // A name without a dot is found only inside.
    if (scheme !== "" && !host.includes(".")) return host;
    const linked = scheme !== "" || port !== "" || text[match.index + whole.length] === "/";
    if (linked && (INSIDE.test(host) || PRIVATE.test(host))) return host;
  }
  return null;
}
