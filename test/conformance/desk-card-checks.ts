/** Checks of a desk's cards. */

import { expect } from "vitest";
import type { ThreadId } from "../../src/domain/ids.ts";
import { card } from "../support/desk-cases.ts";
import { leaving } from "../support/flight.ts";
import type { DeskAtWork, DeskCheck } from "./desk-subject.ts";
import { reasonOf } from "./subject.ts";

const { signal } = new AbortController();
const KIM = { id: "U012KIM", name: "Kim" };

const FULL = card({
  customer: "Dana Smith",
  reason: "They asked for a person",
  summary: "The parcel shows no movement for six days.",
  facts: [{ label: "Order", value: "1042" }],
  tags: ["delivery"],
});

/** Returns the visible text of a case's card, with its buttons. */
async function shown(at: DeskAtWork, thread: ThreadId): Promise<string> {
  const [root] = await at.shows(thread);
  return root === undefined ? "" : [root.text, ...root.buttons].join("\n");
}

export const CARD_CHECKS: readonly DeskCheck[] = [
  {
    name: "a new card starts a thread, and shows customer, channel, reason, facts and holder",
    async run(at) {
      const thread = await at.desk.card(
        null,
        { ...FULL, status: "with us", holder: KIM },
        { key: "k1", signal, leaving },
      );
      const root = await shown(at, thread);
      const values = ["Dana Smith", "sms", "They asked for a person", "no movement for six days", "Order", "1042"];
      for (const text of [...values, "delivery", "with us"]) expect(root).toContain(text);
      expect(root).toMatch(/support/i);
      expect(root).toMatch(/Kim|U012KIM/);
      expect(at.wrong()).toEqual([]);
    },
  },
  {
    name: "a case about a message not written to us names its author and where a reply goes",
    async run(at) {
      const about = { author: "Bob Roe", place: "#random", told: false };
      const thread = await at.desk.card(null, { ...FULL, about }, { key: "k1", signal, leaving });
      const root = await shown(at, thread);
      for (const text of ["Bob Roe", "#random"]) expect(root).toContain(text);
      expect(at.wrong()).toEqual([]);
    },
  },
  {
    name: "two cases have two threads",
    async run(at) {
      const one = await at.desk.card(null, FULL, { key: "k1", signal, leaving });
      const other = await at.desk.card(null, { ...FULL, conversation: 13 }, { key: "k2", signal, leaving });
      expect(one).not.toBe(other);
    },
  },
  {
    name: "a card is updated in place: its thread stays, and old content is gone",
    async run(at) {
      const thread = await at.desk.card(null, { ...FULL, status: "new" }, { key: "k1", signal, leaving });
      const solved = { ...FULL, status: "solved", reason: "Kim resolved the case", summary: null } as const;
      await expect(at.desk.card(thread, solved, { key: "k2", signal, leaving })).resolves.toBe(thread);
      const root = await shown(at, thread);
      expect(root).toContain("solved");
      expect(root).not.toContain("no movement for six days");
      expect(await at.all()).toHaveLength(1);
      expect(at.wrong()).toEqual([]);
    },
  },
  {
    name: "a repeated update is one update",
    async run(at) {
      const thread = await at.desk.card(null, FULL, { key: "k1", signal, leaving });
      const claimed = { ...FULL, status: "with us", holder: KIM } as const;
      await at.desk.card(thread, claimed, { key: "k2", signal, leaving });
      await at.desk.card(thread, claimed, { key: "k2", signal, leaving });
      expect(await at.all()).toHaveLength(1);
    },
  },
  {
    name: "a case moves with its queue, and the old card says so and has no buttons",
    waived: ({ places }) => (places === true ? null : reasonOf(places)),
    async run(at) {
      const thread = await at.desk.card(null, FULL, { key: "k1", signal, leaving });
      const moved = await at.desk.card(thread, { ...FULL, queue: "billing" }, { key: "k2", signal, leaving });
      expect(moved).not.toBe(thread);
      expect(await shown(at, moved)).toMatch(/billing/i);
      const [left] = await at.shows(thread);
      expect(left?.text).toMatch(/moved to billing/i);
      expect(left?.buttons).toEqual([]);
      expect(at.wrong()).toEqual([]);
    },
  },
];
