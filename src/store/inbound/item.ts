/**
 * Rows that inbound hands over, and the fragment of the statement that reads them. An item has the fields of the adapter's
 * `Inbound` (adapter/inbound.ts) under the same names; the statement spells them in snake case.
 */
import type { Membership } from "../../domain/reach.ts";
import type { LongId } from "../long-id.ts";

/** One raw inbound and the items that its adapter read from it. */
export interface InboundRow {
  channel: string;
  contentType: string;
  body: Uint8Array;
  receivedAt: Date;
  /** Of the desk; says what is noted about an operator (operator-facts.ts). */
  membership: Membership;
  items: readonly InboundItem[];
  /** Originals of the ids among them that are digests (long-id.ts). */
  longIds?: readonly LongId[];
}

interface Keyed {
  dedupeKeys: readonly string[];
}

interface FromSomeone extends Keyed {
  thread: string;
  from: string;
  displayName?: string;
  profile?: { phone?: string; email?: string; language?: string; attributes?: Readonly<Record<string, string>> };
  /** Goes into the event as it is; `turn/journal.ts` reads it back. */
  content: unknown;
}

interface Written extends FromSomeone {
  externalId: string;
  text: string;
}

export type InboundItem =
  | (Written & { kind: "message"; attachments: readonly unknown[]; place?: string; joinsOnly?: true })
  | (Written & { kind: "opt_out" | "opt_in" | "help"; attachments: readonly unknown[]; ours: string })
  | (Written & { kind: "choice" })
  /** `target`: the platform's name for the message that is changed or taken back. */
  | (FromSomeone & { kind: "edit" | "delete"; target: string })
  | (FromSomeone & { kind: "action"; conversation: number })
  | (Keyed & { kind: "ignored"; reason: string });

/**
 * Makes `raw` and `item` from the first two parameters, which are JSON; `r` numbers the raw inbounds, `n` the items of
 * the whole batch. Decides nothing, but for `spoken`: the kinds of items that are a customer's unless the desk claims
 * them (author.ts). `thread_key` and `address_key` join the channel to the thread and to the sender, so that joins go over
 * one column: over two, the planner expects no rows and compares each with each.
 */
export const ITEMS = `
raw as materialized (
  select r, nextval('raw_inbound_id_seq') as id, channel, "contentType" as content_type, decode(body, 'base64') as body,
         "receivedAt" as received_at, membership
  from json_to_recordset($1::json) as given(
    r int, channel text, "contentType" text, body text, "receivedAt" timestamptz, membership text)
), item as materialized (
  select i.n, raw.id as raw, raw.channel, raw.membership, i.kind,
         i.kind in ('message', 'choice', 'opt_out', 'opt_in', 'help') as spoken,
         i."dedupeKeys" as dedupe_keys, i."externalId" as external_id,
         i.thread, raw.channel || E'\\n' || i.thread as thread_key, i.place,
         i."from", raw.channel || E'\\n' || i."from" as address_key,
         coalesce(i."displayName", '') as display_name, i.profile,
         i.text, coalesce(i.attachments, '[]') as attachments, i."joinsOnly" as joins_only, i.ours, i.target,
         i.conversation, i.content, i.reason
  from json_to_recordset($2::json) as i(
    n int, r int, kind text, "dedupeKeys" text[], "externalId" text, thread text, place text, "from" text, "displayName" text,
    profile json, text text, attachments jsonb, "joinsOnly" boolean, ours text, target text, conversation bigint,
    content json, reason text)
  join raw using (r) order by i.n
)`;

/** Writes `long_id` from the fourth parameter. */
export const LONG_IDS = `
kept_long_id as (
  insert into long_id (digest, value)
  select distinct on (digest) digest, value from json_to_recordset($4::json) as l(digest text, value text) order by digest
  on conflict (digest) do nothing
)`;
