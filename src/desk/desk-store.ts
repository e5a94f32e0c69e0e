/**
 * The data that a desk may read and write: cases, members of queues, and acts of operators that do not come from a button
 * of a known case. The platform's own facts (places, members) are stored here too, so that every process knows them.
 */
import type { DeskCommand, Quote } from "../adapter/desk-command.ts";
import type { CaseCard, Operator } from "../domain/case.ts";
import type { Address, RemoteChannelId, ThreadId } from "../domain/ids.ts";
import type { Queue } from "../domain/queue.ts";

export interface ShownCase {
  card: CaseCard;
  /** null until the desk has shown it. */
  thread: ThreadId | null;
  /** The contact's id: cases with the same id are of one person. */
  contact: number;
}

/** Knowledge about the members of a queue. */
export interface Roster {
  queue: string;
  /** Reason why nobody can work there ("#support is public …"); null: its members are known. */
  closed: string | null;
}

/** The place that shows a queue's cases. */
export interface QueuePlace {
  queue: string;
  place: RemoteChannelId;
  /** Reason why nothing may be shown there ("it is shared with another organisation"); null: it can be used. */
  refused: string | null;
}

export interface DeskStore {
  /** The live queues. */
  queues(): readonly Queue[];
  /** The queue whose place shows the cases of queues without a place; left out: none does. */
  defaultQueue?(): string | null;
  /** Workflows that an operator may start by hand. */
  manual(): readonly { id: string; title: string }[];
  /** Channels on which we can write to someone first. */
  reachable(): readonly string[];

  /**
   * Reads a case. This and the next two see only cases within the reach of the operator `by` (domain/reach.ts). Frontdesk
   * itself, which gives back the cases of people who leave, sees all.
   */
  case(by: Operator, conversation: number): Promise<ShownCase | null>;
  /** Lists open cases held by people, the longest waiting first. */
  cases(by: Operator, o: Wanted): Promise<ShownCase[]>;
  /** Finds cases whose customer, channel or number contains this text, newest first; then conversations with the bot. */
  find(by: Operator, text: string, limit: number): Promise<ShownCase[]>;
  /** Returns the latest conversation of a thread; null: none. */
  conversation(channel: string, thread: ThreadId): Promise<number | null>;

  /** Stores an operator's command, once per key, and wakes its turn; resolves when committed. */
  act(o: { operator: Operator; conversation: number; command: DeskCommand; key: string }): Promise<void>;
  /** Starts a conversation of ours, once per key, as a case that this operator holds. `fault` tells why it can't start. */
  start(o: StartConversation): Promise<{ conversation: number } | { fault: string }>;
  /**
   * Opens a case about a message that was not written to us, once per key, held by this operator. Nothing is sent to the
   * author before a person replies. Returns the conversation.
   */
  open(o: OpenAbout): Promise<number>;

  onDuty(operator: string): Promise<boolean>;
  setDuty(operator: string, on: boolean): Promise<void>;
  /** Lists the live queues in which this operator is known to work. */
  queuesOf(by: Operator): Promise<Queue[]>;
  /** Lists the known rosters; nothing is known yet about a queue that is not listed. */
  rosters(): Promise<Roster[]>;

  /** Lists the last known place of each queue. */
  places(): Promise<QueuePlace[]>;
  savePlace(place: QueuePlace): Promise<void>;
  /** Replaces the members of a queue; the cases of those who are no longer members go back to it. */
  saveMembers(queue: string, operators: readonly string[]): Promise<void>;
  /** Closes a queue to everyone from now on, for this reason; a second call in a row gives back the cases held there. */
  closeQueue(queue: string, reason: string): Promise<void>;
  /** Replaces the id of a place, and of every thread in it. */
  movePlace(from: RemoteChannelId, to: RemoteChannelId): Promise<void>;
  /** True for one caller per period over all processes: that one looks now. */
  mayLook(what: string, everyMs: number): Promise<boolean>;
}

interface Wanted {
  holder?: string;
  queues?: readonly string[];
  unclaimed?: true;
  limit: number;
}

export interface OpenAbout {
  operator: Operator;
  key: string;
  /** The channel and thread of the message, to which a reply goes. */
  channel: string;
  thread: ThreadId;
  author: { address: Address; name: string };
  quote: Quote;
}

export interface StartConversation {
  operator: Operator;
  key: string;
  channel: string;
  /** Recipient as people write it ("+1 555 0100"), or a thread that the desk has resolved itself. */
  to: string | { thread: ThreadId; address: Address; name: string };
  queue: string;
  text: string;
}
