/**
 * What a desk may look up and write down: the cases, who works where, and acts of operators that come by another way than
 * a button of a known case. The platform's own facts (places, members) are kept here, so that every process knows them.
 */
import type { DeskCommand, Quote } from "../adapter/desk-command.ts";
import type { CaseCard, Operator } from "../domain/case.ts";
import type { Address, RemoteChannelId, ThreadId } from "../domain/ids.ts";
import type { Queue } from "../domain/queue.ts";

export interface ShownCase {
  card: CaseCard;
  /** null until the desk has shown it. */
  thread: ThreadId | null;
  /** The contact's id: two cases of one contact are of one person. */
  contact: number;
}

/** What is known of who works in a queue. */
export interface Roster {
  queue: string;
  /** Why nobody works there ("#support is public …"); null: its members are known. */
  closed: string | null;
}

/** Where a queue's cases are shown. */
export interface QueuePlace {
  queue: string;
  place: RemoteChannelId;
  /** Why nothing may be shown there ("it is shared with another organisation"); null: all is well. */
  refused: string | null;
}

export interface DeskStore {
  /** The live queues. */
  queues(): readonly Queue[];
  /** The queue whose place shows the cases of a queue that has none of its own; left out: none does. */
  defaultQueue?(): string | null;
  /** Workflows that an operator may start by hand. */
  manual(): readonly { id: string; title: string }[];
  /** Channels in which someone can be written to first. */
  reachable(): readonly string[];

  /**
   * Cases are looked up for somebody (`by`), and only those within their reach are there (domain/reach.ts). Frontdesk
   * itself, which tidies up after people, sees all.
   */
  case(by: Operator, conversation: number): Promise<ShownCase | null>;
  /** Open cases with people, those who wait longest first. */
  cases(by: Operator, o: Wanted): Promise<ShownCase[]>;
  /** Cases whose customer, channel or number has this text in it, newest first; then conversations that the bot holds. */
  find(by: Operator, text: string, limit: number): Promise<ShownCase[]>;
  /** The latest conversation of a thread; null: none. */
  conversation(channel: string, thread: ThreadId): Promise<number | null>;

  /** Stores what an operator asked for, once per key, and wakes its turn; resolves when committed. */
  act(o: { operator: Operator; conversation: number; command: DeskCommand; key: string }): Promise<void>;
  /** Opens a conversation of ours, once per key: it begins as a case that this operator holds. null: `to` can't be reached. */
  start(o: StartConversation): Promise<{ conversation: number } | { fault: string }>;
  /**
   * Opens a case about a message that was not written to us, once per key: whoever asks holds it, and its author is written
   * to by nobody before a person replies. Answers with its conversation.
   */
  open(o: OpenAbout): Promise<number>;

  onDuty(operator: string): Promise<boolean>;
  setDuty(operator: string, on: boolean): Promise<void>;
  /** Queues that this operator works in: live ones, and none of which that is not known. */
  queuesOf(by: Operator): Promise<Queue[]>;
  /** What is known of who works where; of a queue that is not in it, nothing is known yet. */
  rosters(): Promise<Roster[]>;

  /** What was last found out about each queue. */
  places(): Promise<QueuePlace[]>;
  savePlace(place: QueuePlace): Promise<void>;
  /** Everyone who works in a queue, whole: who is not named any more is let go, and gives back what they hold there. */
  saveMembers(queue: string, operators: readonly string[]): Promise<void>;
  /** Nobody works in a queue, from this moment, for this reason; said again, cases that are held there go back. */
  closeQueue(queue: string, reason: string): Promise<void>;
  /** A place has a new id: every thread in it follows. */
  movePlace(from: RemoteChannelId, to: RemoteChannelId): Promise<void>;
  /** True for one caller per period over all processes: it is the one to look now. */
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
  /** Where a reply goes: the thread that the message is in. */
  channel: string;
  thread: ThreadId;
  author: { address: Address; name: string };
  quote: Quote;
}

export interface StartConversation {
  operator: Operator;
  key: string;
  channel: string;
  /** As people write it ("+1 555 0100"), or a thread that the desk has found out itself. */
  to: string | { thread: ThreadId; address: Address; name: string };
  queue: string;
  text: string;
}
