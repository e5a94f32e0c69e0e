/** The desk's messages: complete, valid for Slack, and without links or mentions but our own. */
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { DeskMessage } from "../../../../../channels/slack/desk/view/blocks.ts";
import { cardMessage, movedMessage } from "../../../../../channels/slack/desk/view/card.ts";
import { deliveryStatusMessage } from "../../../../../channels/slack/desk/view/delivery-status.ts";
import { customerUsername, entryPosts } from "../../../../../channels/slack/desk/view/entry.ts";
import type { ShownDeliveryStatus } from "../../../../../src/desk/desk.ts";
import type { CaseCard } from "../../../../../src/domain/case.ts";
import { card, entry, NASTY } from "../../../../support/desk-cases.ts";
import { checkBlocks } from "../../../../support/slack/blocks.ts";
import { liveParts } from "../../../../support/slack/live.ts";

const FACTS = { queue: "Support", manual: true, revision: "r1" };
const KIM = { id: "U012KIM", name: "Kim" };
const LOOK = { mirror: "username", isTaken: (name: string) => name === "Kim" } as const;

const cards: Readonly<Record<string, CaseCard>> = {
  new: card({
    priority: "high",
    waitingSince: "2026-11-20T08:00:00.000Z",
    summary: "The parcel of order 1042 shows no movement for six days.",
    facts: [
      { label: "Order", value: "1042" },
      { label: "Postcode", value: "10115" },
    ],
    tags: ["delivery", "vip"],
  }),
  claimed: card({ status: "with us", holder: KIM, waitingSince: "2026-11-20T08:00:00.000Z" }),
  waiting: card({ status: "waiting for the customer", holder: KIM }),
  solved: card({ status: "solved", holder: KIM }),
  "with-the-bot": card({ status: "with the bot" }),
  merged: card({ status: "solved", mergedInto: 9 }),
};

const samples = new URL("../../../../../channels/slack/desk/samples/", import.meta.url);
const sampled = (name: string, shown: unknown) =>
  expect(`${JSON.stringify(shown, null, 2)}\n`).toMatchFileSnapshot(new URL(`${name}.json`, samples).pathname);

const strings = (value: unknown): string[] => {
  if (typeof value === "string") return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(strings) : [];
};
/** Replaces lone surrogates, which have no UTF-8 bytes. */
const sendable = (text: string): string => text.replace(/\p{Cs}/gu, "\ufffd");
/** All texts of a message that people read. */
const read = (shown: DeskMessage): string => strings(shown.blocks).join("\n");
const buttons = (shown: DeskMessage): string[] =>
  JSON.parse(JSON.stringify(shown.blocks)).flatMap((block: { type: string; elements: never[] }) =>
    block.type === "actions" ? block.elements.flatMap(pressable) : [],
  );
const pressable = (element: { text?: { text: string }; options?: { text: { text: string } }[] }): string[] => [
  ...(element.text === undefined ? [] : [element.text.text]),
  ...(element.options ?? []).map(({ text }) => text.text),
];

describe("a card", () => {
  it.each(Object.keys(cards))("%s is as in its sample", async (state) => {
    await sampled(`card-${state}`, cardMessage(cards[state] ?? expect.unreachable(), FACTS));
  });

  const more = ["Add a note", "Transfer to another queue", "Merge into another case"];
  it.each([
    ["new", ["Claim", ...more, "Start a workflow"]],
    [
      "claimed",
      ["Reply to customer", "Resolve", ...more, "Start a workflow", "Hand back to the bot", "Give back to the queue"],
    ],
    ["solved", []],
    ["merged", []],
    ["with-the-bot", ["Take over", "Add a note", "Start a workflow"]],
  ])("%s offers the applicable actions", (state, expected) => {
    expect(buttons(cardMessage(cards[state] ?? expect.unreachable(), FACTS))).toEqual(expected);
  });

  it("offers no workflow if none can be started by hand", () => {
    expect(buttons(cardMessage(card(), { ...FACTS, manual: false }))).toEqual(["Claim", ...more]);
  });

  it("has all of its facts in one line for screen readers", () => {
    expect(cardMessage(cards["new"] ?? expect.unreachable(), FACTS).text).toBe(
      "Dana · sms: case 12, new, in Support; priority high; held by nobody; waiting since 2026-11-20 08:00 UTC; why: They asked for a person; summary: The parcel of order 1042 shows no movement for six days.; Order: 1042; Postcode: 10115; tags: delivery, vip",
    );
  });

  it("shows all of a long name, and counts the facts that do not fit", () => {
    const customer = `Dana ${"of the very long name ".repeat(12)}`.trim();
    const facts = Array.from({ length: 60 }, (_, at) => ({ label: `Fact ${at}`, value: "x".repeat(700) }));
    const shown = cardMessage(card({ customer, facts }), FACTS);
    expect(read(shown)).toContain(customer);
    expect(read(shown)).toMatch(/\d+ more facts are too long to be shown here\./);
    expect(checkBlocks(shown.blocks, "message")).toEqual([]);
    expect(buttons(shown)).toContain("Claim");
  });

  it("stored before cases could be merged looks like any other", () => {
    const { mergedInto: _unknown, ...before } = card({ status: "with us", holder: KIM });
    expect(cardMessage(before, FACTS)).toEqual(cardMessage(card({ status: "with us", holder: KIM }), FACTS));
  });

  it("that moved names its new queue, and has no buttons", async () => {
    const shown = movedMessage(card(), "Billing");
    await sampled("card-moved", shown);
    expect(buttons(shown)).toEqual([]);
  });
});

describe("an entry", () => {
  it.each([
    ["customer", entry({ files: ["invoice.pdf", "photo.jpg"], notify: "U012KIM" })],
    ["bot", entry({ kind: "bot", author: "Frontdesk", text: "One moment, please." })],
    ["reply", entry({ kind: "reply", author: "Kim", text: "It arrives tomorrow.", ref: "r1" })],
    ["note", entry({ kind: "note", author: "Kim", text: "They sounded upset.", internal: true })],
    ["system", entry({ kind: "system", author: "Frontdesk", text: "Kim claimed the case.", internal: true })],
  ])("of a %s is as in its sample", async (kind, one) => {
    await sampled(`entry-${kind}`, entryPosts([one], LOOK));
  });

  it("is posted under the customer's name, or has a line with it", () => {
    const [own] = entryPosts([entry()], LOOK);
    expect(own).toMatchObject({ username: "Dana · sms", text: "Where is my parcel?" });
    const [line] = entryPosts([entry()], { ...LOOK, mirror: "line" });
    expect(line?.username).toBeUndefined();
    expect(read(line ?? expect.unreachable())).toContain("Dana · sms");
    expect(line?.text).toBe("Dana · sms: Where is my parcel?");
  });

  it.each([
    ["Dana", "Dana · sms"],
    ["Kim", "Kim (customer) · sms"],
    ["  Da\u202ena \n Smith\u0000 ", "Dana Smith · sms"],
    ["\u200b\u2060", "Customer · sms"],
    ["x".repeat(200), `${"x".repeat(74)} · sms`],
  ])("of the customer %j is shown as by %j", (author, name) => {
    const shown = customerUsername(entry({ author }), LOOK);
    expect(shown).toBe(name);
    expect(shown.length).toBeLessThanOrEqual(80);
  });

  it("mentions the holder, whom Slack then notifies, and nobody else", () => {
    const [post] = entryPosts([entry({ notify: "U012KIM" })], LOOK);
    expect(liveParts({ blocks: post?.blocks })).toEqual(["mention U012KIM"]);
    expect(liveParts({ blocks: entryPosts([entry({ notify: "frontdesk" })], LOOK)[0]?.blocks })).toEqual([]);
  });

  it.each(["bot", "reply"] as const)("of a %s that stays inside is labelled so", (kind) => {
    const [inside] = entryPosts([entry({ kind, author: "Kim", internal: true })], LOOK);
    expect(inside?.text).toContain("stays inside");
    expect(entryPosts([entry({ kind, author: "Kim" })], LOOK)[0]?.text).not.toContain("stays inside");
  });

  it("of several people names the author and time of each", () => {
    const [post, ...more] = entryPosts(
      [entry(), entry({ kind: "bot", author: "Frontdesk", text: "Let me look." })],
      LOOK,
    );
    expect(more).toEqual([]);
    expect(post?.username).toBeUndefined();
    expect(read(post ?? expect.unreachable())).toMatch(
      /Dana · sms[^]*2026-11-20 08:05 UTC[^]*Frontdesk[^]*bot, to the customer/,
    );
  });

  it("takes as many posts as it needs, each with room for a delivery status", () => {
    const words = Array.from({ length: 4_000 }, (_, at) => `w${at}&`).join(" ");
    const posts = entryPosts([entry({ text: words }), entry({ text: "and then" })], LOOK);
    expect(posts.length).toBeGreaterThan(5);
    const all = posts.map(read).join("\n");
    expect([...all.matchAll(/w(\d+)&/g)].map(([, at]) => Number(at))).toEqual(
      Array.from({ length: 4_000 }, (_, at) => at),
    );
    for (const post of posts) {
      expect(checkBlocks(deliveryStatusMessage(mark({ question: "on_hold" }), post).blocks, "message")).toEqual([]);
      expect(post.text.replaceAll("&", "&amp;").length).toBeLessThan(3_900);
    }
  });

  it("is rendered the same each time, so that the index of a post identifies it", () => {
    const entries = Array.from({ length: 30 }, (_, at) => entry({ text: `${at} ${"text ".repeat(100)}` }));
    expect(entryPosts(entries, LOOK)).toEqual(entryPosts(entries, LOOK));
  });
});

const mark = (o: Partial<ShownDeliveryStatus> = {}): ShownDeliveryStatus => ({
  conversation: 12,
  ref: "r1",
  message: "→ Dana, sms, delivered",
  question: null,
  earlier: null,
  entry: null,
  ...o,
});

describe("a delivery status", () => {
  it.each([
    ["delivered", mark()],
    ["held", mark({ message: "Not sent yet: it names a colleague.", question: "on_hold" })],
    ["correction", mark({ message: "The customer has the old text.", question: "correction" })],
  ])("%s is as in its sample", async (name, one) => {
    await sampled(`mark-${name}`, deliveryStatusMessage(one, null));
  });

  it("is below its words if one post shows both", () => {
    const above = entryPosts([entry({ kind: "reply", author: "Kim" })], LOOK)[0] ?? expect.unreachable();
    const shown = deliveryStatusMessage(mark(), above);
    expect(shown.blocks.slice(0, above.blocks.length)).toEqual(above.blocks);
    expect(shown.text).toBe(`${above.text}\n→ Dana, sms, delivered`);
  });
});

const nasty = fc.oneof(
  fc.constantFrom(...NASTY),
  fc.string({ maxLength: 300, unit: "binary" }),
  fc
    .array(
      fc.constantFrom(
        "<",
        ">",
        "&",
        "@here",
        "!channel",
        "#general",
        "|",
        "https://e.example",
        "*",
        "`",
        "\u202e",
        "\n",
        "🙂",
      ),
      { maxLength: 40 },
    )
    .map((all) => all.join("")),
);

describe("text from outside", () => {
  it("is complete in a card, makes no link or mention, and is valid for Slack", () => {
    fc.assert(
      fc.property(nasty, nasty, nasty, (customer, text, other) => {
        const facts = [{ label: other.slice(0, 60), value: text }];
        const shown = cardMessage(
          card({
            customer,
            channel: "sms",
            reason: text,
            summary: other,
            facts,
            tags: [text.slice(0, 50)],
            holder: KIM,
          }),
          FACTS,
        );
        expect(liveParts({ blocks: shown.blocks }, { allow: [KIM.id] })).toEqual([]);
        expect(checkBlocks(shown.blocks, "message")).toEqual([]);
        if (text.trim() !== "") expect(strings(shown.blocks)).toContain(sendable(text));
      }),
    );
  });

  it("is complete in an entry, makes no link or mention, and is valid for Slack", () => {
    const kinds = fc.constantFrom("customer", "bot", "reply", "note", "system");
    fc.assert(
      fc.property(kinds, nasty, nasty, nasty, (kind, author, text, file) => {
        for (const mirror of ["username", "line"] as const) {
          const entries = [entry({ kind: kind as "note", author, text, files: [file], notify: KIM.id })];
          const posts = [
            ...entryPosts(entries, { ...LOOK, mirror }),
            ...entryPosts([...entries, ...entries], { ...LOOK, mirror }),
          ];
          for (const { blocks } of posts) {
            expect(liveParts({ blocks }, { allow: [KIM.id] })).toEqual([]);
            expect(checkBlocks(blocks, "message")).toEqual([]);
          }
          if (text.trim() !== "") expect(strings(posts)).toContain(sendable(text));
        }
      }),
    );
  });

  it("makes no link or mention in a delivery status or a moved card", () => {
    fc.assert(
      fc.property(nasty, (text) => {
        for (const shown of [
          deliveryStatusMessage(mark({ message: text }), null),
          movedMessage(card({ customer: text }), text),
        ]) {
          expect(liveParts({ blocks: shown.blocks })).toEqual([]);
          expect(checkBlocks(shown.blocks, "message")).toEqual([]);
        }
      }),
    );
  });
});
