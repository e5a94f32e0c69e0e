/** Checks of a desk while the platform fails. */

import { expect } from "vitest";
import { SendError } from "../../src/adapter/send-error.ts";
import type { DeskOptions } from "../../src/desk/desk.ts";
import type { ThreadId } from "../../src/domain/ids.ts";
import { card, entry } from "../support/desk-cases.ts";
import { lapsedFlight, leaving } from "../support/flight.ts";
import type { DeskAtWork, DeskCheck, DeskSubject } from "./desk-subject.ts";
import { reasonOf } from "./subject.ts";

const { signal } = new AbortController();
/** An aborted reconcile has to settle within this. */
const CALLED_OFF_MS = 3_000;

const overNetwork = ({ network }: DeskSubject): string | null => (network === true ? null : reasonOf(network));

const begun = ({ desk }: DeskAtWork): Promise<ThreadId> => desk.card(null, card(), { key: "card", signal, leaving });

async function failed(showing: Promise<unknown>): Promise<SendError> {
  const error = await showing.then(
    () => "it was shown",
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(SendError);
  return error as SendError;
}

/** Shows a part like the outbox: reconciles after an unknown outcome, and retries after not-sent. */
async function shownOnce<Id extends string>(
  at: DeskAtWork,
  o: { thread: ThreadId | null; key: string },
  show: () => Promise<Id>,
): Promise<string> {
  at.lose();
  try {
    return await show();
  } catch (error) {
    expect(error).toMatchObject({ outcome: "unknown" });
  }
  const known = (await at.desk.reconcile?.(o.thread, o.key, { agoMs: 0, file: null, signal })) ?? "unknown";
  expect(known).not.toBe("unknown");
  return known === "not-sent" ? show() : known;
}

/** Everything that a desk can show, once each. */
function showings({ desk, operators }: DeskAtWork, thread: ThreadId, o: DeskOptions): (() => Promise<unknown>)[] {
  const mark = { conversation: 12, ref: "r1", message: "→ Dana", question: null, earlier: null, entry: null };
  const bytes = new TextEncoder().encode("x");
  const file = { id: 1, name: "x.txt", mediaType: "text/plain", bytes: 1, token: "t" };
  return [
    () => desk.card(null, card({ conversation: 13 }), o),
    () => desk.card(thread, card(), o),
    () => desk.post(thread, [entry()], o),
    () => desk.deliveryStatus(thread, mark, o),
    () => desk.file(thread, { file, author: "Dana", kind: "customer", url: null, content: async () => bytes }, o),
    () => desk.hint(thread, { ...o, operator: operators[0], text: "hm" }),
  ];
}

export const FAULT_CHECKS: readonly DeskCheck[] = [
  {
    name: "a card whose answer was lost is shown once, and its thread is found",
    waived: overNetwork,
    async run(at) {
      const thread = await shownOnce(at, { thread: null, key: "c1" }, () =>
        at.desk.card(null, card(), { key: "c1", signal, leaving }),
      );
      expect(await at.all()).toHaveLength(1);
      expect(await at.shows(thread as ThreadId)).toHaveLength(1);
    },
  },
  {
    name: "words whose answer was lost are shown once, long ones too",
    waived: overNetwork,
    async run(at) {
      const thread = await begun(at);
      const long = Array.from({ length: 1_500 }, (_, n) => `w${n}.`).join(" ");
      for (const [key, text] of [
        ["p1", "short words"],
        ["p2", long],
      ] as const) {
        await shownOnce(at, { thread, key }, () => at.desk.post(thread, [entry({ text })], { key, signal, leaving }));
      }
      const all = (await at.shows(thread)).map(({ text }) => text).join("\n");
      expect(all.match(/short words/g)).toHaveLength(1);
      expect(all.match(/w\d+\./g)?.map((word) => word.slice(1, -1))).toEqual(
        Array.from({ length: 1_500 }, (_, n) => String(n)),
      );
    },
  },
  {
    name: "a delivery status whose answer was lost is shown once",
    waived: overNetwork,
    async run(at) {
      const thread = await begun(at);
      const mark = {
        conversation: 12,
        ref: "r1",
        message: "→ Dana, queued",
        question: null,
        earlier: null,
        entry: null,
      };
      await shownOnce(at, { thread, key: "m1" }, () =>
        at.desk.deliveryStatus(thread, mark, { key: "m1", signal, leaving }),
      );
      expect(await at.shows(thread)).toHaveLength(2);
    },
  },
  {
    name: "reconcile finds a shown part, and returns not-sent for one that was not",
    waived: ({ network }) => overNetwork({ network } as DeskSubject),
    async run(at) {
      const thread = await begun(at);
      const id = await at.desk.post(thread, [entry()], { key: "p1", signal, leaving });
      const ask = (key: string) => at.desk.reconcile?.(thread, key, { agoMs: 0, file: null, signal });
      await expect(ask("p1")).resolves.toBe(id);
      await expect(ask("p2")).resolves.toBe("not-sent");
      await expect(at.desk.reconcile?.(null, "card", { agoMs: 0, file: null, signal })).resolves.toBe(thread);
    },
  },
  {
    name: "unreachable, it throws SendError from every method, reconciles to unknown, and has shown nothing",
    waived: overNetwork,
    async run(at) {
      const thread = await begun(at);
      at.down(true);
      const o = { key: "k", signal, leaving };
      for (const showing of showings(at, thread, o)) await failed(showing());
      // By now every earlier socket is closed, so the connection is refused.
      expect(await failed(at.desk.post(thread, [entry()], o))).toMatchObject({
        outcome: "not-sent",
        retry: { afterMs: expect.any(Number) },
      });
      await expect(at.desk.reconcile?.(thread, "k", { agoMs: 0, file: null, signal })).resolves.toBe("unknown");
      at.down(false);
      expect(await at.all()).toHaveLength(1);
    },
  },
  {
    name: "a part whose claim has lapsed is not shown",
    async run(at) {
      const thread = await begun(at);
      for (const showing of showings(at, thread, { key: "k", ...lapsedFlight() })) {
        expect(await failed(showing())).toMatchObject({ outcome: "not-sent" });
      }
      expect(await at.all()).toHaveLength(1);
    },
  },
  {
    name: "an aborted part is certainly not shown",
    waived: overNetwork,
    async run(at) {
      const thread = await begun(at);
      const off = { key: "k", signal: AbortSignal.abort(), leaving };
      const both = [() => at.desk.card(thread, card(), off), () => at.desk.post(thread, [entry()], off)];
      for (const showing of both) expect(await failed(showing())).toMatchObject({ outcome: "not-sent" });
      expect(await at.shows(thread)).toHaveLength(1);
    },
  },
  {
    name: "an aborted reconcile settles",
    async run(at) {
      const thread = await begun(at);
      const asked = at.desk.reconcile?.(thread, "k", {
        agoMs: 0,
        file: null,
        signal: AbortSignal.abort(),
      });
      const late = new Promise((resolve) =>
        AbortSignal.timeout(CALLED_OFF_MS).addEventListener("abort", () => resolve("late")),
      );
      expect(["unknown", "not-sent"]).toContain(await Promise.race([asked ?? "unknown", late]));
    },
  },
];
