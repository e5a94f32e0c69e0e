/** Why words of a case's holder may have been meant for a colleague, so that they are asked before the customer reads them. */
import type { Operator } from "../../domain/case.ts";
import type { CaseState } from "./state.ts";

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
  const link = internalLink(text, hosts);
  if (link !== null) return `it links to ${link}, which only people inside can open`;
  if (open.lastSpeaker !== null && open.lastSpeaker !== operator.id) return "it follows a colleague's message";
  return null;
}

/** Host of a link, or of a bare address with a path or a port. */
const HOST =
  /\b(?:https?:\/\/)?((?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)*[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)(:\d+)?(?=\/|\?|#|\s|$|[),.;!])/giu;
const SCHEME = /^https?:\/\//i;
/** RFC 6761, 6762 and 8375, and what companies use inside. */
const INSIDE =
  /(^|\.)(localhost|local|internal|intranet|corp|lan|home\.arpa)$|^(10|127|192\.168|172\.(1[6-9]|2\d|3[01]))\./i;

function internalLink(text: string, hosts: readonly string[]): string | null {
  for (const match of text.matchAll(HOST)) {
    const [whole, host = "", port = ""] = match;
    const linked = SCHEME.test(whole) || port !== "" || text[match.index + whole.length] === "/";
    const known = hosts.some((one) =>
      one.startsWith(".") ? host.toLowerCase().endsWith(one) : host.toLowerCase() === one,
    );
    if (known || (linked && (INSIDE.test(host) || (SCHEME.test(whole) && !host.includes("."))))) return host;
  }
  return null;
}
