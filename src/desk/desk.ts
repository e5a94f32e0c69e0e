/**
 * The port that every desk implements. Operators see cases there and act on them; their acts come back as inbound
 * (`action`, or a message in a case's thread), so a desk only shows.
 */
import type { ChannelAdapter, Connection, Deps, Reconciling } from "../adapter/adapter.ts";
import type { Flight } from "../adapter/flight.ts";
import type { RawInbound, StoredInbound } from "../adapter/inbound.ts";
import type { CaseCard, DeskEntry, DeskQuestion } from "../domain/case.ts";
import type { RemoteId, ThreadId } from "../domain/ids.ts";
import type { StoredFile } from "../domain/message.ts";
import type { Membership } from "../domain/reach.ts";
import type { DeskStore } from "./desk-store.ts";

export interface DeskOptions extends Flight {
  /** Idempotency key, the same for every try of the same part: a desk that supports it shows nothing twice. */
  key: string;
}

/** A part about which a desk is asked, also by another process than the one that showed it. */
export interface DeskReconciling extends Reconciling {
  /** The file that the part shows; null: none. A platform may keep no key with it. */
  file: StoredFile | null;
}

/** Code of a SendError: nothing may be shown in this thread any more, so the case continues under a new card. */
export const PLACE_CLOSED = "place_closed";

/** Delivery status of an operator's words. */
export interface ShownDeliveryStatus {
  conversation: number;
  /** Id of the words. */
  ref: string;
  /** "→ Dana, SMS, delivered". */
  message: string;
  question: DeskQuestion | null;
  /** The post that shows it so far, to be changed in place; null: none. */
  earlier: RemoteId | null;
  /** The entry in `earlier`, if that post shows the words too; null if it shows the status alone. */
  entry: DeskEntry | null;
}

export interface Desk {
  /**
   * Shows the case's card: a new one if `thread` is null, else updated in place. Returns the case's thread, which is a new
   * one if the case went to a queue with another place.
   */
  card(thread: ThreadId | null, card: CaseCard, o: DeskOptions): Promise<ThreadId>;
  /** Shows entries in the case's thread, in order. Throws SendError. */
  post(thread: ThreadId, entries: readonly DeskEntry[], o: DeskOptions): Promise<RemoteId>;
  /** Shows or updates the delivery status of an operator's words; returns the id by which to update it. */
  deliveryStatus(thread: ThreadId, mark: ShownDeliveryStatus, o: DeskOptions): Promise<RemoteId>;
  /** Shows a file of a customer or an operator. `url`: address at which operators can read it; null: none. */
  file(thread: ThreadId, file: ShownFile, o: DeskOptions): Promise<RemoteId>;
  /** Shows a text to one operator only. */
  hint(thread: ThreadId, o: DeskOptions & { operator: string; text: string }): Promise<RemoteId>;
  /**
   * Asks if the part with this key was shown though its answer was lost. For a new card (`thread` is null) the id is
   * the case's thread. Settles when aborted.
   */
  reconcile?(thread: ThreadId | null, key: string, o: DeskReconciling): Promise<RemoteId | "not-sent" | "unknown">;
  /** Keeps the desk's places and members up to date until aborted. */
  sync?(signal: AbortSignal): Promise<void>;
}

export interface ShownFile {
  file: StoredFile;
  author: string;
  kind: "customer" | "reply";
  url: string | null;
  content(): Promise<Uint8Array>;
}

interface OpenOptions {
  /** The name of the desk's channel. */
  channel: string;
  config: unknown;
  deps: Deps;
  store: DeskStore;
}

/** Opens a desk over its channel's connection. */
export type OpenDesk = (o: OpenOptions & { adapter: ChannelAdapter; connection: Connection }) => Promise<Desk>;

/** The part of a desk that answers people while they wait: dialogs, home pages, commands. */
export interface DeskInteractions {
  /**
   * Handles an interaction after it was stored; returns the body with which to answer the platform at once (JSON), null
   * for none. Never throws: the person is told about a failure.
   */
  interact(raw: RawInbound, stored: readonly StoredInbound[]): Promise<string | null>;
  /** Decides before anything is stored whether to refuse it; null: it is accepted. Never throws. */
  refuse?(raw: RawInbound): Promise<RefusedInteraction | null>;
  close(): Promise<void>;
}

/** A refused interaction: it changes nothing, and a row records the reason. */
export interface RefusedInteraction {
  reason: string;
  /** Immediate answer to the platform, such as errors that keep a dialog open; null: none. */
  answer: string | null;
}

export type OpenInteractions = (o: OpenOptions) => Promise<DeskInteractions>;

export interface DeskKind {
  membership: Membership;
  open: OpenDesk;
  interactions?: OpenInteractions;
}

/** Adapters that can be a desk, loaded when one is configured. */
export type DeskRegistry = Readonly<Record<string, () => Promise<DeskKind>>>;
