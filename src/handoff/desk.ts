/**
 * The port that every desk implements: where operators see cases and act on them. What they do comes back as inbound
 * (`action`, or a message in a case's thread), so a desk only shows.
 */
import type { ChannelAdapter, Connection, Deps } from "../channel/adapter.ts";
import type { CaseCard, DeskEntry } from "../domain/case.ts";
import type { RemoteId, ThreadId } from "../domain/ids.ts";

export interface DeskOptions {
  /** The same for every try of the same part: a desk that knows it shows nothing twice. */
  key: string;
  signal: AbortSignal;
}

export interface Desk {
  /** Shows the case's card, new where `thread` is null, else updated in place; answers with the case's thread. */
  card(thread: ThreadId | null, card: CaseCard, o: DeskOptions): Promise<ThreadId>;
  /** Shows entries in the case's thread, in order. Throws SendError. */
  post(thread: ThreadId, entries: readonly DeskEntry[], o: DeskOptions): Promise<RemoteId>;
  /** A word to one operator, seen by nobody else. */
  hint(thread: ThreadId, o: DeskOptions & { operator: string; text: string }): Promise<RemoteId>;
  /**
   * Asks whether what has this key was shown, though the answer was lost; of a new card (`thread` is null) the id is the
   * case's thread. Settles when the signal calls it off.
   */
  reconcile?(
    thread: ThreadId | null,
    key: string,
    o: { since: Date; signal: AbortSignal },
  ): Promise<RemoteId | "not-sent" | "unknown">;
}

/** Opens a desk over its channel's connection. */
export type OpenDesk = (o: {
  adapter: ChannelAdapter;
  config: unknown;
  connection: Connection;
  deps: Deps;
}) => Promise<Desk>;

/** Which adapters can be a desk, loaded when one is configured. */
export type DeskRegistry = Readonly<Record<string, () => Promise<OpenDesk>>>;
