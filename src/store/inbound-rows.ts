/** Rows that inbound hands over to be stored, and as the parameters of its one statement (store-inbound.ts). */

import type { Membership } from "../domain/reach.ts";

/** One raw inbound and what its adapter made of it. */
export interface InboundRow {
  channel: string;
  contentType: string;
  body: Uint8Array;
  receivedAt: Date;
  /** Of the desk, for what operators do. */
  membership: Membership;
  items: readonly InboundItem[];
}

export type InboundItem =
  | {
      kind: "message" | "choice" | "opt_out" | "opt_in" | "help";
      keys: readonly string[];
      thread: string;
      sender: string;
      externalId: string;
      name: string;
      profile: { phone?: string; email?: string; language?: string };
      text: string;
      attachments: readonly unknown[];
      /** The container of the thread; nobody who writes where a queue works is a customer. */
      site: string | null;
      /** Counts only in a thread that is a conversation already. */
      joinsOnly: boolean;
      /** Goes into the event as it is: what `turn/journal.ts` reads back. */
      said: unknown;
    }
  | { kind: "action"; keys: readonly string[]; conversation: number; sender: string; said: unknown }
  /** Of a message that was stored before; `target` is what its platform calls it. */
  | {
      kind: "edit" | "delete";
      keys: readonly string[];
      thread: string;
      sender: string;
      target: string;
      said: unknown;
    }
  | { kind: "ignored"; keys: readonly string[]; reason: string };

/**
 * Numbered over the whole batch; `twins`: items that repeat a key of an earlier one, which is what they are answered
 * with.
 */
export function flatten(rows: readonly InboundRow[]) {
  const raws: unknown[] = [];
  const items: unknown[] = [];
  const keys: { n: number; key: string }[] = [];
  const firstWith = new Map<string, number>();
  const twins = new Map<number, number>();
  let n = 0;
  for (const [r, row] of rows.entries()) {
    raws.push(rawParameter(r, row));
    for (const item of row.items) {
      const at = n++;
      const names = item.keys.map((key) => `${row.channel}\n${key}`);
      const first = names.map((name) => firstWith.get(name)).find((seen) => seen !== undefined);
      if (first !== undefined) {
        twins.set(at, first);
        continue;
      }
      for (const name of new Set(names)) firstWith.set(name, at);
      for (const key of new Set(item.keys)) keys.push({ n: at, key });
      items.push(itemParameter(at, r, item));
    }
  }
  return { raws, items, keys, twins };
}

function rawParameter(r: number, row: InboundRow) {
  const body = Buffer.from(row.body.buffer, row.body.byteOffset, row.body.byteLength).toString("base64");
  const { channel, contentType, receivedAt, membership } = row;
  return { r, channel, content_type: contentType, body, received_at: receivedAt, membership };
}

function itemParameter(n: number, r: number, item: InboundItem) {
  switch (item.kind) {
    case "ignored":
      return { n, r, kind: item.kind, reason: item.reason };
    case "action":
      return { n, r, kind: item.kind, about: item.conversation, sender: item.sender, said: item.said };
    case "edit":
    case "delete": {
      const { kind, thread, sender, target, said } = item;
      return { n, r, kind, thread, sender, target, said };
    }
    case "message":
    case "choice":
    case "opt_out":
    case "opt_in":
    case "help":
      return {
        n,
        r,
        kind: item.kind,
        spoken: true,
        site: item.site,
        joins: item.joinsOnly,
        thread: item.thread,
        sender: item.sender,
        external_id: item.externalId,
        name: item.name,
        phone: item.profile.phone ?? "",
        email: item.profile.email ?? "",
        language: item.profile.language ?? "",
        body_text: item.text,
        attachments: item.attachments,
        said: item.said,
      };
  }
}
