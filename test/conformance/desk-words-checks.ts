/** Checks of a desk's entries, delivery statuses, files and hints. */

import { expect } from "vitest";
import type { DeskEntry } from "../../src/domain/case.ts";
import type { RemoteId, ThreadId } from "../../src/domain/ids.ts";
import { card, entry, NASTY } from "../support/desk-cases.ts";
import { leaving } from "../support/flight.ts";
import type { DeskAtWork, DeskCheck, Line } from "./desk-subject.ts";

const { signal } = new AbortController();
const LONG_WORDS = 3_000;

const begun = ({ desk }: DeskAtWork): Promise<ThreadId> => desk.card(null, card(), { key: "card", signal, leaving });
const said = (at: DeskAtWork, thread: ThreadId, entries: readonly DeskEntry[], key = "said"): Promise<RemoteId> =>
  at.desk.post(thread, entries, { key, signal, leaving });
/** Returns the lines under the card. */
const under = async (at: DeskAtWork, thread: ThreadId): Promise<Line[]> => (await at.shows(thread)).slice(1);
const textUnder = async (at: DeskAtWork, thread: ThreadId): Promise<string> =>
  (await under(at, thread)).map(({ text }) => text).join("\n");

const MARK = { conversation: 12, ref: "r1", question: null, earlier: null, entry: null } as const;
const BYTES = new TextEncoder().encode("a picture");
const PHOTO = { id: 5, name: "photo.jpg", mediaType: "image/jpeg", bytes: BYTES.length, token: "t" };

export const WORDS_CHECKS: readonly DeskCheck[] = [
  {
    name: "entries are shown in order, with their authors",
    async run(at) {
      const thread = await begun(at);
      const entries = [
        entry({ text: "the first words" }),
        entry({ kind: "bot", author: "Frontdesk", text: "the second words" }),
        entry({ kind: "reply", author: "Kim", text: "the third words" }),
      ];
      await said(at, thread, entries, "together");
      await said(at, thread, [entry({ kind: "system", author: "Frontdesk", text: "the fourth words" })], "alone");
      expect(await textUnder(at, thread)).toMatch(
        /Dana[^]*the first words[^]*Frontdesk[^]*the second words[^]*Kim[^]*the third words[^]*the fourth words/,
      );
      expect(at.wrong()).toEqual([]);
    },
  },
  {
    name: "a long entry is shown complete, in order",
    async run(at) {
      const thread = await begun(at);
      const words = Array.from({ length: LONG_WORDS }, (_, n) => n);
      await said(at, thread, [entry({ text: words.map((n) => `w${n}.`).join(" ") })]);
      const shown = [...(await textUnder(at, thread)).matchAll(/w(\d+)\./g)].map(([, n]) => Number(n));
      expect(shown).toEqual(words);
      expect(at.wrong()).toEqual([]);
    },
  },
  {
    name: "the names of the customer's files are shown",
    async run(at) {
      const thread = await begun(at);
      await said(at, thread, [entry({ text: "", files: ["invoice.pdf", "photo.jpg"] })]);
      expect(await textUnder(at, thread)).toMatch(/invoice\.pdf[^]*photo\.jpg/);
    },
  },
  {
    name: "internal entries look different from those that the customer has",
    async run(at) {
      const thread = await begun(at);
      await said(at, thread, [entry({ kind: "note", author: "Kim", text: "Careful.", internal: true })], "inside");
      const inside = await textUnder(at, thread);
      expect(inside).toMatch(/stays inside/);
      const other = await at.desk.card(null, card({ conversation: 13 }), { key: "card-13", signal, leaving });
      await said(at, other, [entry({ kind: "reply", author: "Kim", text: "Careful." })], "outside");
      expect(await textUnder(at, other)).not.toMatch(/stays inside/);
    },
  },
  {
    name: "a delivery status is updated in place",
    async run(at) {
      const thread = await begun(at);
      const queued = await at.desk.deliveryStatus(
        thread,
        { ...MARK, message: "→ Dana, queued" },
        { key: "m1", signal, leaving },
      );
      const changed = { ...MARK, message: "→ Dana, delivered", earlier: queued };
      await at.desk.deliveryStatus(thread, changed, { key: "m2", signal, leaving });
      const lines = await under(at, thread);
      expect(lines).toHaveLength(1);
      expect(lines[0]?.text).toContain("→ Dana, delivered");
      expect(lines[0]?.text).not.toContain("queued");
      expect(at.wrong()).toEqual([]);
    },
  },
  {
    name: "a delivery status under an entry keeps the entry",
    async run(at) {
      const thread = await begun(at);
      const reply = entry({ kind: "reply", author: "Kim", text: "It comes tomorrow.", ref: "r1" });
      const earlier = await said(at, thread, [reply]);
      const mark = { ...MARK, message: "→ Dana, delivered", earlier, entry: reply };
      await at.desk.deliveryStatus(thread, mark, { key: "m1", signal, leaving });
      const lines = await under(at, thread);
      expect(lines).toHaveLength(1);
      expect(lines[0]?.text).toMatch(/It comes tomorrow\.[^]*→ Dana, delivered/);
      expect(at.wrong()).toEqual([]);
    },
  },
  {
    name: "a question offers both answers, and disappears when answered",
    async run(at) {
      const thread = await begun(at);
      const held = { ...MARK, message: "Not sent yet: it names a colleague.", question: "on_hold" } as const;
      const asked = await at.desk.deliveryStatus(thread, held, { key: "m1", signal, leaving });
      expect((await under(at, thread))[0]?.buttons).toEqual(["Send to customer", "Keep inside"]);
      const corrected = {
        ...MARK,
        ref: "r2",
        message: "The customer has the old text.",
        question: "correction",
      } as const;
      await at.desk.deliveryStatus(thread, corrected, { key: "m2", signal, leaving });
      expect((await under(at, thread)).at(-1)?.buttons).toEqual(["Send correction", "Leave it"]);
      const answered = { ...MARK, message: "Kept inside.", earlier: asked };
      await at.desk.deliveryStatus(thread, answered, { key: "m3", signal, leaving });
      expect((await under(at, thread))[0]?.buttons).toEqual([]);
    },
  },
  {
    name: "a file is shown with its name and sender",
    async run(at) {
      const thread = await begun(at);
      const shown = { file: PHOTO, author: "Dana", kind: "customer", url: null, content: async () => BYTES } as const;
      await at.desk.file(thread, shown, { key: "f1", signal, leaving });
      expect(await textUnder(at, thread)).toMatch(/photo\.jpg[^]*Dana|Dana[^]*photo\.jpg/);
      expect(at.wrong()).toEqual([]);
    },
  },
  {
    name: "a hint reaches one operator, and nobody else",
    async run(at) {
      const thread = await begun(at);
      const [one, other] = at.operators;
      await at.desk.hint(thread, { key: "h1", signal, leaving, operator: one, text: "Kim holds this case." });
      expect(await at.hints(one)).toEqual([expect.stringContaining("Kim holds this case.")]);
      expect(await at.hints(other)).toEqual([]);
      expect(await under(at, thread)).toEqual([]);
    },
  },
  {
    name: "text from outside is shown complete, and only as text",
    async run(at) {
      for (const [n, text] of NASTY.entries()) {
        const facts = [{ label: text, value: text }];
        const nasty = card({ conversation: 20 + n, customer: text, reason: text, summary: text, facts, tags: [text] });
        const thread = await at.desk.card(null, nasty, { key: `card-${n}`, signal, leaving });
        await said(at, thread, [entry({ text })], `said-${n}`);
        expect(await textUnder(at, thread)).toContain(text.replace(/\p{Cs}/gu, "\ufffd"));
        await said(at, thread, [entry({ author: text, text: "", files: [text] })], `sent-${n}`);
        await at.desk.deliveryStatus(thread, { ...MARK, message: `→ ${text}` }, { key: `mark-${n}`, signal, leaving });
      }
      expect(at.wrong()).toEqual([]);
    },
  },
];
