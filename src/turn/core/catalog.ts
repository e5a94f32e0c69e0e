import type { Capabilities } from "../../adapter/capabilities.ts";
import type { Limits } from "../../domain/limits.ts";
import type { StoredFile } from "../../domain/message.ts";
import type { Queue } from "../../domain/queue.ts";
import type { Workflow } from "../../workflow/definition.ts";

/** One checked content folder, compiled: what a running conversation is pinned to (T7). */
export interface Release {
  id: number;
  /** By priority, then file name: the order in which they are offered an event. */
  workflows: readonly Workflow[];
  queues: Readonly<Record<string, Queue>>;
  defaultQueue: string;
  limits: Limits;
}

/** How a configured channel shows things. */
export interface ChannelShape {
  can: Capabilities;
  measure: (text: string) => number;
}

/** All that a transition may look up. Releases that running workflows are pinned to are in it beside the live one. */
export interface Catalog {
  live: Release;
  release(id: number): Release | null;
  channel(name: string): ChannelShape | null;
  /** The channel whose adapter shows the desk. */
  deskChannel: string;
  /** How long an operator may change or take back what they wrote before it leaves, milliseconds; 0: not at all. */
  undoMs: number;
  /** Hosts that only people inside know ("wiki.acme.example"); ".acme.example" is all of them below it. */
  internalHosts: readonly string[];
  /** The place where a file of ours is read, for platforms that fetch it and for people; null where we can't be reached. */
  fileUrl(file: StoredFile): string | null;
  /** The place where an admin finds a conversation; "" where there is no such page. */
  link(conversation: number): string;
}
