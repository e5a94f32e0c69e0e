import type { Capabilities } from "../../adapter/capabilities.ts";
import type { Limits } from "../../domain/limits.ts";
import type { StoredFile } from "../../domain/message.ts";
import type { Queue } from "../../domain/queue.ts";
import type { Procedure } from "../../procedure/definition.ts";
import type { Operation } from "../../procedure/run.ts";
import type { Workflow } from "../../workflow/definition.ts";

/** One checked content folder, compiled. Runs are pinned to it (T7). */
export interface Release {
  id: number;
  /** In the order in which an event is offered to them: by priority, then file name. */
  workflows: readonly Workflow[];
  procedures: readonly Procedure[];
  /** Operations of its connectors, by full name ("billing.get_subscription"). */
  operations: ReadonlyMap<string, Operation>;
  /** True where its settings name models. */
  models: boolean;
  queues: Readonly<Record<string, Queue>>;
  defaultQueue: string;
  limits: Limits;
  /** Operations that change something outside ("crm.refund"). */
  writes: ReadonlySet<string>;
}

/** The capabilities of a configured channel, and the measure of its texts. */
export interface ChannelShape {
  can: Capabilities;
  measure: (text: string) => number;
  /** Set for our own page, whose conversations are trials: their calls change nothing outside a sandbox. */
  trial?: true;
}

/** Everything a transition may look up, including the releases to which runs are pinned. */
export interface Catalog {
  live: Release;
  release(id: number): Release | null;
  channel(name: string): ChannelShape | null;
  /** The channel whose adapter shows the desk. */
  deskChannel: string;
  /** Time in which an operator can change or take back a reply before it leaves, milliseconds; 0: none. */
  undoMs: number;
  /** Internal hosts ("wiki.acme.example"); ".acme.example" includes all below it. */
  internalHosts: readonly string[];
  /** URL of a stored file, for platforms and people; null where this server has no public URL. */
  fileUrl(file: StoredFile): string | null;
  /** URL of a conversation for admins; "" where there is no such page. */
  link(conversation: number): string;
}
