import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Command } from "../../src/procedure/command.ts";
import { shop } from "./cancel.ts";
import { procedureScene } from "./scene.ts";

// Whatever a model asks for, and whatever the customer writes, the guards' invariants hold.

const WORDS = ["cancel", "too expensive", "yes", "sub_1", "sub_2", "666", "other", "because of the noise", ""];
const OPERATIONS = ["billing.get_subscription", "billing.cancel_subscription", "billing.apply_offer", "crm.refund"];
const word = fc.constantFrom(...WORDS);
const args = fc.dictionary(
  fc.constantFrom("id", "reason", "percent", "account"),
  fc.oneof(word, fc.constantFrom(20, 99)),
  { maxKeys: 3 },
);

/** Commands that a sane model gives, so that the random ones come at every stage of the procedure. */
const sane = fc.constantFrom<Command>(
  { kind: "use", operation: "billing.get_subscription", args: {} },
  { kind: "set_fields", fields: [{ field: "reason", value: "other", quote: "cancel" }] },
  { kind: "use", operation: "billing.cancel_subscription", args: {} },
  { kind: "use", operation: "billing.apply_offer", args: {} },
);
const wild: fc.Arbitrary<Command> = fc.oneof(
  fc.record({
    kind: fc.constant("reply" as const),
    text: fc.constantFrom("Hm.", "It was cancelled.", "You get 99 EUR.", "Why?"),
  }),
  fc.record({ kind: fc.constant("use" as const), operation: fc.constantFrom(...OPERATIONS), args }),
  fc.record({ kind: fc.constant("use" as const), operation: fc.constantFrom(...OPERATIONS), args: fc.constant({}) }),
  fc.record({ kind: fc.constant("go" as const), step: fc.constantFrom("understand", "offer", "cancel", "nowhere") }),
  fc.record({ kind: fc.constant("ask" as const), field: fc.constantFrom("reason", "sub", "nothing") }),
  fc.record({
    kind: fc.constant("set_fields" as const),
    fields: fc.array(fc.record({ field: fc.constantFrom("reason", "sub", "offer"), value: word, quote: word }), {
      maxLength: 3,
    }),
  }),
  fc.record({ kind: fc.constant("judge" as const), branch: word, holds: fc.boolean(), quote: word }),
  fc.record({ kind: fc.constant("start" as const), procedure: fc.constantFrom("cancel", "other") }),
  fc.record({ kind: fc.constant("switch" as const), procedure: fc.constantFrom("cancel", "other") }),
  fc.record({ kind: fc.constant("tag" as const), tag: fc.constantFrom("churned", "vip") }),
  fc.record({ kind: fc.constant("end" as const), outcome: fc.constantFrom("cancelled", "kept") }),
  fc.constant({ kind: "cancel" as const }),
);
const command = fc.oneof(sane, wild);
const turn = fc.oneof(
  fc.record({
    kind: fc.constant("writes" as const),
    text: fc.constantFrom("cancel", "too expensive", "yes", "no", "1", "hm?"),
  }),
  fc.record({ kind: fc.constant("presses" as const), option: fc.constantFrom("yes", "no", "other", "too_expensive") }),
);

describe("under random commands and words", () => {
  it("no write is made without agreement to exactly it, each is made once, with the file's arguments", () => {
    fc.assert(
      fc.property(
        fc.array(fc.array(command, { maxLength: 4 }), { maxLength: 12 }),
        fc.array(turn, { maxLength: 8 }),
        (script, turns) => {
          const model = [...script, ...Array.from({ length: 80 }, (): Command[] => [{ kind: "reply", text: "Hm." }])];
          const on = procedureScene(shop({ procedure: "cancel", model }));
          const given: string[] = [];
          const said = on.writes("please cancel my plan");
          for (const one of turns) {
            const question = on.run()?.pending;
            const before = on.calls.length;
            said.push(...(one.kind === "writes" ? on.writes(one.text) : on.presses(one.option)));
            if (question?.kind === "confirm" && on.journal().includes("confirm.given"))
              given.push(question.call.operation);
            const writes = on.calls.slice(before).filter(({ operation }) => operation !== "billing.get_subscription");
            for (const { operation } of writes)
              expect(on.journal().includes("confirm.given") && given.includes(operation)).toBe(true);
          }
          const writes = on.calls.filter(({ operation }) => operation !== "billing.get_subscription");
          expect(
            writes.filter(({ operation }) => operation === "billing.cancel_subscription").length,
          ).toBeLessThanOrEqual(1);
          for (const { input } of writes) expect(input).toMatchObject({ id: "sub_1" });
          expect(on.calls.every(({ operation }) => operation.startsWith("billing."))).toBe(true);
          expect(said.join(" ")).not.toMatch(/99 EUR/);
          if (writes.length === 0) expect(said.join(" ")).not.toMatch(/was cancelled/);
          expect(on.play.state.tags).not.toContain("vip");
        },
      ),
      { numRuns: 300 },
    );
  });
});
