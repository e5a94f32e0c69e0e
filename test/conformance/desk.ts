/** The conformance suite of desks. `README.md` shows how to run it. */
import { describe, expect, it } from "vitest";
import { CARD_CHECKS } from "./desk-card-checks.ts";
import { FAULT_CHECKS } from "./desk-fault-checks.ts";
import type { DeskCheck, DeskSubject } from "./desk-subject.ts";
import { WORDS_CHECKS } from "./desk-words-checks.ts";

/** The suite as data, so that `desk-mutants.test.ts` can run each check on a broken desk. */
export const DESK_CHECKS: readonly DeskCheck[] = [...CARD_CHECKS, ...WORDS_CHECKS, ...FAULT_CHECKS];

/** Defines one test per check; a check that does not apply is a passing test with the reason. */
export function deskConformance(name: string, subject: DeskSubject): void {
  describe(`${name} conforms`, () => {
    for (const check of DESK_CHECKS) {
      const reason = check.waived?.(subject) ?? null;
      if (reason === null) it(check.name, () => runCheck(check, subject));
      else it(`${check.name}: does not apply, because ${reason}`, () => expect(reason.trim()).not.toBe(""));
    }
  });
}

/** Runs a check on a new desk. */
export async function runCheck(check: DeskCheck, subject: DeskSubject): Promise<void> {
  await using at = await subject.open();
  await check.run(at);
}
