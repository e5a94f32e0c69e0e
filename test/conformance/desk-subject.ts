/** Interface of a desk in the conformance suite. */

import type { Desk } from "../../src/desk/desk.ts";
import type { ThreadId } from "../../src/domain/ids.ts";
import type { DoesNotApply } from "./subject.ts";

export interface DeskSubject {
  /** Opens a new desk with nothing shown yet, and people in the queues “support” and “billing”. */
  open(): Promise<DeskAtWork>;
  /** Its answers can be lost, and it can be unreachable. */
  network: true | DoesNotApply;
  /** Each queue has its own place. */
  places: true | DoesNotApply;
}

export interface DeskAtWork extends AsyncDisposable {
  desk: Desk;
  /** Returns the lines of a case's thread, its card first. */
  shows(thread: ThreadId): Promise<Line[]>;
  /** Returns the lines of all threads. */
  all(): Promise<Line[]>;
  /** Two operators. */
  operators: readonly [string, string];
  /** Returns the hints that an operator got. */
  hints(operator: string): Promise<string[]>;
  /** Loses the answer of the next call, which still takes effect. */
  lose(): void;
  /** Makes the desk unreachable. */
  down(on: boolean): void;
  /** Returns broken rules of the platform, and links or mentions made of text from outside. */
  wrong(): string[];
}

/** A line of a thread, as people see it. */
export interface Line {
  text: string;
  /** Buttons and options. */
  buttons: readonly string[];
}

/** A named check. Rejects if the desk fails it. */
export interface DeskCheck {
  name: string;
  /** Returns the reason why it does not apply to this subject, or null. */
  waived?(subject: DeskSubject): string | null;
  run(at: DeskAtWork): Promise<void>;
}
