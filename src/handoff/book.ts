/**
 * What a desk may look up and write down: the cases, who works where, and acts of operators that come by another way than
 * a button of a known case. The platform's own facts (places, members) are kept here, so that every process knows them.
 */
import type { DeskCommand } from "../channel/desk-command.ts";
import type { CaseCard, Operator } from "../domain/case.ts";
import type { Address, PlaceId, ThreadId } from "../domain/ids.ts";
import type { Queue } from "../domain/queue.ts";

export interface ShownCase {
  card: CaseCard;
  /** null until the desk has shown it. */
  thread: ThreadId | null;
}

/** Where a queue's cases are shown. */
export interface Place {
  queue: string;
  place: PlaceId;
  /** Why nothing may be shown there ("it is shared with another organisation"); null: all is well. */
  refused: string | null;
}

export interface DeskBook {
  /** The live queues. */
  queues(): readonly Queue[];
  /** The queue whose place shows the cases of a queue that has none of its own; left out: none does. */
  defaultQueue?(): string | null;
  /** Workflows that an operator may start by hand. */
  manual(): readonly { id: string; title: string }[];
  /** Channels in which someone can be written to first. */
  reachable(): readonly string[];

  case(conversation: number): Promise<ShownCase | null>;
  /** Open cases with people, those who wait longest first. */
  cases(o: { holder?: string; queues?: readonly string[]; unclaimed?: true; limit: number }): Promise<ShownCase[]>;
  /** Cases whose customer, channel or number has this text in it, newest first; then conversations that the bot holds. */
  find(text: string, limit: number): Promise<ShownCase[]>;
  /** The latest conversation of a thread; null: none. */
  conversation(channel: string, thread: ThreadId): Promise<number | null>;

  /** Stores what an operator asked for, once per key, and wakes its turn; resolves when committed. */
  act(o: { operator: Operator; conversation: number; command: DeskCommand; key: string }): Promise<void>;
  /** Opens a conversation of ours, once per key: it begins as a case that this operator holds. null: `to` can't be reached. */
  start(o: StartConversation): Promise<{ conversation: number } | { fault: string }>;

  onDuty(operator: string): Promise<boolean>;
  setDuty(operator: string, on: boolean): Promise<void>;
  /** Queues that this operator works in, as far as is known. */
  queuesOf(operator: string): Promise<string[]>;

  /** What was last found out about each queue. */
  places(): Promise<Place[]>;
  savePlace(place: Place): Promise<void>;
  /** Everyone who works in a queue, whole: who is not named any more is let go, and gives back what they hold there. */
  saveMembers(queue: string, operators: readonly string[]): Promise<void>;
  /** A place has a new id: every thread in it follows. */
  movePlace(from: PlaceId, to: PlaceId): Promise<void>;
  /** True for one caller per period over all processes: it is the one to look now. */
  mayLook(what: string, everyMs: number): Promise<boolean>;
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
