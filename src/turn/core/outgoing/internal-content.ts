/**
 * Finds reasons why words of a case's holder may have been meant for a colleague; the holder is then asked before they
 * are sent.
 */
import type { Operator } from "../../../domain/case.ts";
import { isInternalHost } from "../../../lib/internal-host.ts";
import type { CaseState } from "../state.ts";
import { audienceOf } from "./note-mark.ts";

interface Written {
  operator: Operator;
  text: string;
  /** True when they mention a colleague. */
  mentions: boolean;
  /** Internal hosts (catalog.ts). */
  hosts: readonly string[];
}

/** Reason to hold the words, to follow "Not sent yet:"; null: they can be sent. */
export function holdReason(open: CaseState, { operator, text, mentions, hosts }: Written): string | null {
  if (mentions) return "it mentions a colleague";
  if (audienceOf(text) !== "customer") return "it looks like a note for colleagues";
  const link = internalLink(text, hosts);
  if (link !== null) return `it links to ${link}, which only people inside can open`;
  if (open.lastSpeaker !== null && open.lastSpeaker !== operator.id) return "it follows a colleague's message";
  return null;
}

/** Host of a link, or a bare name that may be one; a whole word, never part of another. */
const HOST =
  /(?<![\p{L}\p{N}_.-])(https?:\/\/)?((?:[\p{L}\p{N}_-]+\.)*[\p{L}\p{N}_-]+)(:\d+)?(?![\p{L}\p{N}_-]|\.[\p{L}\p{N}])/giu;
/** Names without a dot that count as hosts before a slash ("intranet/leave"). */
const BARE = /^(?:localhost|intranet)$/;

function internalLink(text: string, hosts: readonly string[]): string | null {
  for (const match of text.matchAll(HOST)) {
    const [whole, scheme = "", name = "", port = ""] = match;
    const host = name.toLowerCase();
    if (hosts.some((one) => (one.startsWith(".") ? host.endsWith(one) : host === one))) return host;
    // A name without a dot resolves only inside.
    if (scheme !== "" && !host.includes(".")) return host;
    const linked = scheme !== "" || port !== "" || text[match.index + whole.length] === "/";
    if (linked && (host.includes(".") ? isInternalHost(host) : BARE.test(host))) return host;
  }
  return null;
}
