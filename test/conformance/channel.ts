/** The conformance suite of channel adapters. `README.md` shows how to run it. */
import { describe, expect, it } from "vitest";
import { INBOUND_CHECKS } from "./inbound-checks.ts";
import { OUTBOUND_CHECKS } from "./outbound-checks.ts";
import { SENDING_CHECKS } from "./sending-checks.ts";
import type { ChannelSubject, Check } from "./subject.ts";

/** The suite as data, so that `channel-mutants.test.ts` can run each check on a broken adapter. */
export const CHANNEL_CHECKS: readonly Check[] = [...INBOUND_CHECKS, ...OUTBOUND_CHECKS, ...SENDING_CHECKS];

/** Defines one test per check; a check that does not apply is a passing test with the reason. */
export function channelConformance<Config, Body>(name: string, subject: ChannelSubject<Config, Body>): void {
  const plain = subject as unknown as ChannelSubject;
  describe(`${name} conforms`, () => {
    for (const check of CHANNEL_CHECKS) {
      const reason = check.waived?.(plain) ?? null;
      if (reason === null) it(check.name, () => check.run(plain));
      else it(`${check.name}: does not apply, because ${reason}`, () => expect(reason.trim()).not.toBe(""));
    }
  });
}
