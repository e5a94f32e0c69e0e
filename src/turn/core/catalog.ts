import type { Capabilities } from "../../channel/capabilities.ts";
import type { Queue } from "../../domain/queue.ts";
import type { Workflow } from "../../workflow/definition.ts";

/** One checked content folder, compiled: what a running conversation is pinned to (T7). */
export interface Release {
  id: number;
  /** By priority, then file name: the order in which they are offered an event. */
  workflows: readonly Workflow[];
  queues: Readonly<Record<string, Queue>>;
  defaultQueue: string;
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
  /** Where an admin finds a conversation; "" where there is no such page. */
  link(conversation: number): string;
}
