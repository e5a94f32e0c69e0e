/** Why words of a case's holder may have been meant for a colleague, so that they are asked before the customer reads them. */
import type { Operator } from "../../../domain/case.ts";
import { isInternalHost } from "../../../lib/internal-host.ts";
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
export function holdReason(open: CaseState, { operator, text, mentions, hosts }: Written): string | null {
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
/** Names without a dot that people write as addresses ("intranet/leave"); any other word before a slash is none. */
const BARE = /^(?:localhost|intranet)$/;

function internalLink(text: string, hosts: readonly string[]): string | null {
  for (const match of text.matchAll(HOST)) {
    const [whole, scheme = "", name = "", port = ""] = match;
    const host = name.toLowerCase();
    if (hosts.some((one) => (one.startsWith(".") ? host.endsWith(one) : host === one))) return host;
    // A name without a dot is found only inside.
    if (scheme !== "" && !host.includes(".")) return host;
    const linked = scheme !== "" || port !== "" || text[match.index + whole.length] === "/";
    if (linked && (host.includes(".") ? isInternalHost(host) : BARE.test(host))) return host;
  }
  return null;
}
