/**
 * The port that every desk implements: where operators see cases and act on them. What they do comes back as inbound
 * (`action`, or a message in a case's thread), so a desk only shows.
 */
import type { ChannelAdapter, Connection, Deps } from "../adapter/adapter.ts";
import type { RawInbound, StoredInbound } from "../adapter/inbound.ts";
import type { CaseCard, DeskEntry, DeskQuestion } from "../domain/case.ts";
import type { RemoteId, ThreadId } from "../domain/ids.ts";
import type { StoredFile } from "../domain/message.ts";
import type { Membership } from "../domain/reach.ts";
import type { DeskStore } from "./desk-store.ts";

export interface DeskOptions {
  /** The same for every try of the same part: a desk that knows it shows nothing twice. */
  key: string;
  signal: AbortSignal;
}

/** Code of a SendError: nothing may be shown in this thread any more, so its card is shown anew, and the case goes on there. */
export const PLACE_CLOSED = "place_closed";

/** What became of an operator's words. */
export interface ShownDeliveryStatus {
  conversation: number;
  /** Names the words. */
  ref: string;
  /** "→ Dana, SMS, delivered". */
  message: string;
  question: DeskQuestion | null;
  /** What shows it so far, to be changed in place; null: nothing does. */
  earlier: RemoteId | null;
  /** The entry that `earlier` is, where it shows the words too; null where it is a mark alone. */
  entry: DeskEntry | null;
}

export interface Desk {
  /**
   * Shows the case's card, new where `thread` is null, else updated in place; answers with the case's thread, which is
   * another one where the case went to a queue that works elsewhere.
   */
  card(thread: ThreadId | null, card: CaseCard, o: DeskOptions): Promise<ThreadId>;
  /** Shows entries in the case's thread, in order. Throws SendError. */
  post(thread: ThreadId, entries: readonly DeskEntry[], o: DeskOptions): Promise<RemoteId>;
  /** Shows, or changes, what became of an operator's words; answers with the id to change it by. */
  deliveryStatus(thread: ThreadId, mark: ShownDeliveryStatus, o: DeskOptions): Promise<RemoteId>;
  /** Shows a file that was said to come, or that an operator sent. `url`: where operators may read it; null: nowhere. */
  file(thread: ThreadId, file: ShownFile, o: DeskOptions): Promise<RemoteId>;
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
  /** Looks after what the desk stands on (places, members) until called off. */
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

/** The side of a desk that answers people while they wait: dialogs, home pages, commands. */
export interface DeskInteractions {
  /**
   * Called when what came has been stored; answers with the body that the platform is to get at once (JSON), null for
   * none. Never throws: whatever goes wrong is said to the person.
   */
  interact(raw: RawInbound, stored: readonly StoredInbound[]): Promise<string | null>;
  /** Asked before anything is stored, whether it is to be taken; null: it is. Never throws. */
  refuse?(raw: RawInbound): Promise<Refused | null>;
  close(): Promise<void>;
}

/** What came is not taken: it acts on nothing, and a row says why. */
export interface Refused {
  reason: string;
  /** What the platform is answered at once, as one that keeps a dialog open with its errors; null: nothing. */
  answer: string | null;
}

export type OpenInteractions = (o: OpenOptions) => Promise<DeskInteractions>;

export interface DeskKind {
  membership: Membership;
  open: OpenDesk;
  interactions?: OpenInteractions;
}

/** Which adapters can be a desk, loaded when one is configured. */
export type DeskRegistry = Readonly<Record<string, () => Promise<DeskKind>>>;
