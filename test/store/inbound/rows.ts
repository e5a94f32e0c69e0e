/** Rows as inbound hands them to the store, for tests of the statement alone. */
import type { InboundItem, InboundRow } from "../../../src/store/inbound/item.ts";

type Spoken = Extract<InboundItem, { kind: "message" | "opt_out" | "opt_in" | "help" }>;

let serial = 0;

/** Something that a customer wrote, with an id that nothing else has. */
export function written(
  thread: string,
  { kind = "message", from = thread, text = kind }: { kind?: Spoken["kind"]; from?: string; text?: string } = {},
): Spoken {
  const externalId = `w${++serial}`;
  const content = { text, attachments: [], from: { address: from, displayName: "Dana", trust: "asserted" } };
  const common = { thread, from, displayName: "Dana", dedupeKeys: [externalId], externalId, text, attachments: [] };
  if (kind === "message") return { kind, ...common, content: { ...content, ref: externalId } };
  const ours = "+15550100";
  return { kind, ...common, ours, content: { ...content, ours } };
}

/** One raw inbound with these items. */
export const rowOf = (...items: InboundItem[]): InboundRow => ({
  channel: "chat",
  contentType: "text/plain",
  body: Buffer.from("x"),
  receivedAt: new Date(),
  membership: "everyone",
  items,
});
