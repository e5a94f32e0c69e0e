/** What a desk brings to the conformance suite. */

import type { Desk } from "../../src/desk/desk.ts";
import type { ThreadId } from "../../src/domain/ids.ts";
import type { DoesNotApply } from "./subject.ts";

export interface DeskSubject {
  /** A desk of its own, with nothing shown yet, and people in the queues “support” and “billing”. */
  open(): Promise<DeskAtWork>;
  /** Whether its answers can be lost on the way, and the whole of it be gone. */
  network: true | DoesNotApply;
  /** Whether each queue has a place of its own. */
  places: true | DoesNotApply;
}

export interface DeskAtWork extends AsyncDisposable {
  desk: Desk;
  /** Everything that stands in a case's thread, its card first. */
  shows(thread: ThreadId): Promise<Line[]>;
  /** Everything that stands anywhere. */
  all(): Promise<Line[]>;
  /** Two people who work there. */
  operators: readonly [string, string];
  /** What one of them was told that nobody else sees. */
  hints(operator: string): Promise<string[]>;
  /** Takes effect, but nobody hears of it: the next thing shown. */
  lose(): void;
  /** Nothing reaches the desk. */
  down(on: boolean): void;
  /** What broke a rule of the platform, and whatever an outsider wrote that is more than text. */
  wrong(): string[];
}

/** One thing in a thread, as people see it. */
export interface Line {
  text: string;
  /** What can be pressed or chosen. */
  buttons: readonly string[];
}

/** One named expectation. Rejects where the desk does not meet it. */
export interface DeskCheck {
  name: string;
  /** Why it says nothing about this subject, or null. */
  waived?(subject: DeskSubject): string | null;
  run(at: DeskAtWork): Promise<void>;
}
