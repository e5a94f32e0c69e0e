import type { Inbound, RawInbound, StoredInbound } from "../adapter/inbound.ts";
import type { Address, ThreadId } from "../domain/ids.ts";
import type { Queue } from "../domain/queue.ts";
import type { Membership } from "../domain/reach.ts";
import type { Lanes } from "../jobs/lanes.ts";
import type { Clock } from "../lib/clock.ts";
import type { Db } from "../store/db.ts";

export interface DeskStoreOptions {
  db: Db;
  lanes: Pick<Lanes, "wake">;
  /** Stores inbound items (inbound/receive.ts). */
  receive: (channel: string, raw: RawInbound, items: readonly Inbound[]) => Promise<StoredInbound[]>;
  /** The desk's channel. */
  channel: string;
  /** Rule for who works at it. */
  membership: Membership;
  /** The live queues. */
  queues: () => readonly Queue[];
  /** The queue whose place shows the cases of queues without a place; left out: none does. */
  defaultQueue?: () => string | null;
  /** Live workflows with the trigger `manual`. */
  manual: () => readonly { id: string; title: string }[];
  /** Resolves what people call someone on a channel; null: nobody found, or no such channel. */
  reach: (channel: string, to: string) => { thread: ThreadId; address: Address } | null;
  /** Channels whose adapter can write to someone first. */
  reachable: () => readonly string[];
  clock: Clock;
}
