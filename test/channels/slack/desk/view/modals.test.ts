import type { View } from "@slack/types";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { changeSince, obstacle } from "../../../../../channels/slack/desk/interaction/stale-dialog.ts";
import {
  CASE_DIALOGS,
  callbackOf,
  DialogValue,
  FIELD_ACTION,
  FIELDS,
} from "../../../../../channels/slack/desk/view/actions.ts";
import type { Choice } from "../../../../../channels/slack/desk/view/fields.ts";
import { customerHome, operatorHome } from "../../../../../channels/slack/desk/view/home.ts";
import {
  LOADING,
  mergeDialog,
  noteDialog,
  notice,
  replyDialog,
  runDialog,
  startDialog,
  transferDialog,
} from "../../../../../channels/slack/desk/view/modals.ts";
import { clip, oneLine, waitingTime } from "../../../../../channels/slack/desk/view/words.ts";
import type { CaseCard } from "../../../../../src/domain/case.ts";
import { checkView } from "../../../../support/slack/blocks.ts";
import { liveParts } from "../../../../support/slack/live.ts";

const CARD: CaseCard = {
  conversation: 12,
  queue: "front-line",
  status: "with us",
  priority: "normal",
  customer: "Dana Smith",
  channel: "sms",
  reason: "They asked for a person",
  summary: null,
  facts: [],
  tags: [],
  holder: { id: "U1", name: "Kim" },
  mergedInto: null,
  waitingSince: "2026-11-20T08:48:00.000Z",
  openedAt: "2026-11-20T08:00:00.000Z",
};
const NOW = new Date("2026-11-20T09:00:00Z");
const LINK = "https://acme.slack.com/archives/C1/p1700000000000100";
const KIM = { id: "U1", name: "Kim" };

const choices = (count: number): Choice[] =>
  Array.from({ length: count }, (_, n) => ({ value: `q${n}`, label: `Queue ${n}` }));

const dialogs = (card: CaseCard, queue = "Front line") => ({
  reply: replyDialog({ card, queue }, { mine: false }),
  note: noteDialog({ card, queue }),
  transfer: transferDialog({ card, queue }, choices(3)),
  merge: mergeDialog({ card, queue }, [{ ...card, conversation: 13 }], null),
  run: runDialog({ card, queue }, choices(2)),
});

const home = (card: CaseCard, o: { cases?: number; queues?: number; notice?: string } = {}) =>
  operatorHome(
    {
      onDuty: true,
      mine: Array.from({ length: o.cases ?? 1 }, () => ({ card, queue: "Front line", link: LINK })),
      queues: Array.from({ length: o.queues ?? 1 }, () => ({
        title: card.queue,
        waiting: 3,
        unclaimed: 2,
        longest: "2026-11-20T08:48:00.000Z",
      })),
      atLeast: false,
      notice: o.notice ?? null,
    },
    NOW,
  );

/** Lists the texts of a view in order. */
const textsOf = (view: View): string =>
  [...JSON.stringify(view).matchAll(/"text":"((?:[^"\\]|\\.)*)"/g)].map(([, text]) => text).join("\n");

describe("a dialog about a case", () => {
  it.each(CASE_DIALOGS)("%s has the fields and the metadata that are parsed", (name) => {
    const view = dialogs(CARD)[name];
    expect(checkView(view)).toEqual([]);
    expect(view.callback_id).toBe(callbackOf(name));
    expect(DialogValue.parse(JSON.parse(view.private_metadata ?? ""))).toEqual({
      c: 12,
      seen: { holder: "U1", queue: "front-line" },
    });
    for (const block of FIELDS[name]) {
      expect(view.blocks).toContainEqual(
        expect.objectContaining({ block_id: block, element: expect.objectContaining({ action_id: FIELD_ACTION }) }),
      );
    }
    expect(textsOf(view)).toContain("Dana Smith · sms");
  });

  it("names the recipient and channel of a reply, and the holder of the case", () => {
    const text = textsOf(dialogs(CARD).reply);
    expect(text).toContain("This goes to Dana Smith by sms.");
    expect(text).toContain("Kim holds this case, and keeps it when you reply.");
    expect(textsOf(replyDialog({ card: CARD, queue: "Front line" }, { mine: true }))).not.toContain("keeps it");
  });

  it("shows customer and topic of the cases to merge into, and offers a search even without any", () => {
    const other = { ...CARD, conversation: 13, customer: "Dan", channel: "whatsapp", summary: "Parcel 7 is broken" };
    const text = textsOf(mergeDialog({ card: CARD, queue: "Front line" }, [other], null));
    expect(text).toContain("What you write there goes to that case's customer.");
    expect(text).toContain("13 · Dan · whatsapp");
    expect(text).toContain("Parcel 7 is broken");
    const empty = mergeDialog({ card: CARD, queue: "Front line" }, [], "zoe");
    expect(checkView(empty)).toEqual([]);
    expect(textsOf(empty)).toContain("No other open case has “zoe”.");
  });

  it("groups more choices than fit one list, and tells which can't be chosen", () => {
    const many = [...choices(250), { value: "x".repeat(76), label: "Long" }];
    const view = transferDialog({ card: CARD, queue: "Front line" }, many);
    expect(checkView(view)).toEqual([]);
    const text = JSON.stringify(view);
    expect(text.match(/"value":"q\d+"/g)).toHaveLength(250);
    expect(text).toContain("201–250");
    expect(text).toContain("1 with an id too long for Slack can't be chosen here.");
  });
});

describe("every view", () => {
  it("is accepted by Slack", () => {
    const views = [
      LOADING,
      notice("Next case", "Case 12 is yours.", LINK),
      startDialog({ channels: choices(2), queues: choices(2) }),
      customerHome(),
      home(CARD),
      home(CARD, { cases: 200, queues: 200, notice: "You are on duty." }),
      home(CARD, { cases: 0, queues: 0 }),
    ];
    for (const view of views) expect(checkView(view)).toEqual([]);
  });

  it("makes no link or mention of text from outside, and stays within Slack's limits", () => {
    const nasty = fc.oneof(
      fc.constantFrom(
        "<!channel>",
        "<@U1>",
        "@here",
        "#general",
        "[x](https://evil.example)",
        "<https://evil.example|bank>",
        "![i](https://evil.example/i)",
        "\u202Egnp.exe",
        "\u200B",
        "",
        ":tada:",
        "\uD83D",
        "`*_~",
      ),
      fc.string({ unit: "binary", maxLength: 4_000 }),
    );
    const text = fc.array(nasty, { maxLength: 4 }).map((parts) => parts.join(" "));
    const card = fc.record({
      customer: text,
      channel: text,
      reason: text,
      summary: text,
      queue: fc.string({ maxLength: 60 }),
      holder: text,
    });
    fc.assert(
      fc.property(card, text, (given, queue) => {
        const outside = { ...CARD, ...given, holder: { id: "U1", name: given.holder } };
        const views = [
          ...Object.values(dialogs(outside, queue)),
          mergeDialog({ card: outside, queue }, [], queue),
          home(outside),
          notice("Frontdesk", given.reason === "" ? "-" : given.reason),
        ];
        for (const view of views) {
          const ours = `masked link ${LINK} → ${LINK}`;
          expect(liveParts({ view }).filter((part) => part !== ours)).toEqual([]);
          expect(checkView(view)).toEqual([]);
          expect(JSON.stringify(view)).not.toContain('"mrkdwn"');
        }
      }),
      { numRuns: 60 },
    );
  });
});

describe("the home page", () => {
  it("shows an operator's cases with their waiting times, and their queues", () => {
    const text = textsOf(home(CARD));
    expect(text).toContain("Case 12 · Front line · with us · waiting for 12 min");
    expect(text).toContain("front-line: 3 wait, the longest for 12 min; 2 unclaimed");
    for (const label of ["Go off duty", "Next case", "New conversation", "Refresh", "Open the thread"])
      expect(text).toContain(label);
  });

  it("counts the cases that it leaves out", () => {
    const text = textsOf(home(CARD, { cases: 60, queues: 50 }));
    expect(text).toContain("And 15 more cases of yours.");
    expect(text).toContain("And 10 more queues.");
  });

  it("shows nothing of the desk to people without a queue", () => {
    expect(JSON.stringify(customerHome())).not.toMatch(/desk:|queue|case/i);
  });
});

describe("an obstacle", () => {
  const use = { dialog: "reply", operator: KIM } as const;
  it.each([
    ["none", CARD, use, null],
    ["the case was merged", { ...CARD, mergedInto: 9 }, use, /merged into case 9/],
    ["the case is closed", { ...CARD, status: "solved" as const }, use, /closed/],
    [
      "the case is closed, for a note: none",
      { ...CARD, status: "solved" as const },
      { ...use, dialog: "note" as const },
      null,
    ],
    ["the bot holds it", { ...CARD, status: "with the bot" as const }, use, /Take over/],
    ["nobody holds it, for a reply", { ...CARD, holder: null }, use, /Claim it first/],
    ["nobody holds it, for a transfer: none", { ...CARD, holder: null }, { ...use, dialog: "transfer" as const }, null],
    ["a colleague holds it, for a reply: none", { ...CARD, holder: { id: "U2", name: "Alex" } }, use, null],
    [
      "a colleague holds it, for a transfer",
      { ...CARD, holder: { id: "U2", name: "Alex" } },
      { ...use, dialog: "transfer" as const },
      /only Alex/,
    ],
    [
      "a colleague holds it, for a merge",
      { ...CARD, holder: { id: "U2", name: "Alex" } },
      { ...use, dialog: "merge" as const },
      /only Alex/,
    ],
  ])("%s", (_what, card, dialogUse, expected) => {
    const reason = obstacle(card, dialogUse);
    if (expected === null) expect(reason).toBeNull();
    else expect(reason).toMatch(expected);
  });

  it("is none for a case stored before cases could be merged", () => {
    const { mergedInto: _unknown, ...before } = CARD;
    expect(obstacle(before, use)).toBeNull();
  });

  it("names the new holder and queue of a case that has changed", () => {
    const seen = { holder: "U1", queue: "front-line" };
    expect(changeSince(CARD, seen, "Front line")).toBeNull();
    expect(changeSince({ ...CARD, holder: { id: "U2", name: "Alex" } }, seen, "Front line")).toContain(
      "Alex holds this case now.",
    );
    expect(changeSince({ ...CARD, queue: "billing", holder: null }, seen, "Billing")).toContain(
      "Nobody holds this case now, and it is in Billing.",
    );
  });
});

describe("formatting", () => {
  it.each([
    ["2026-11-20T08:59:31Z", "less than a minute"],
    ["2026-11-20T08:48:00Z", "12 min"],
    ["2026-11-20T05:55:00Z", "3 h 5 min"],
    ["2026-11-19T09:00:00Z", "1 day"],
    ["2026-11-17T09:00:00Z", "3 days"],
    ["2026-11-20T09:05:00Z", "less than a minute"],
    ["never", "some time"],
  ])("since %s: %s", (since, text) => expect(waitingTime(since, NOW)).toBe(text));

  it("cuts texts with an ellipsis, and never within a character", () => {
    expect(clip("abcdef", 4)).toBe("abc…");
    expect(clip("ab😀def", 4)).toBe("ab…");
    expect(oneLine("  Da\u202Ena\n\u0000Smith ", 80)).toBe("Da na Smith");
    expect(oneLine("\u200B", 80)).toBe("—");
  });
});
