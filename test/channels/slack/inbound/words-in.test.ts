/** Reading of a Slack message: its text, and the words of its blocks and attachments. */
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { event, toBot } from "../../../support/slack-read.ts";
import { BOT } from "../../../support/slack-subject.ts";

const textOf = (fields: object): string => {
  const message = event(toBot(fields));
  return message.kind === "message" ? message.text : expect.unreachable();
};
const section = (...elements: object[]) => ({ type: "rich_text_section", elements });
const rich = (...elements: object[]) => ({ type: "rich_text", elements });
const word = (text: string) => ({ type: "text", text });
const mrkdwn = (text: string) => ({ type: "mrkdwn", text });
const table = (...rows: string[][]) => ({
  type: "table",
  rows: rows.map((row) => row.map((text) => ({ type: "raw_text", text }))),
});
const escaped = (typed: string) => typed.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
const list = (style: string, ...items: string[]) => ({
  type: "rich_text_list",
  style,
  indent: 1,
  elements: items.map((item) => section(word(item))),
});
const naming = (user_id: string) => event(toBot({ text: "hi", blocks: [rich(section({ type: "user", user_id }))] }));

describe("blocks beside a text", () => {
  it.each<[string, object, string]>([
    [
      "another app's section and its fields",
      {
        text: "New ticket",
        blocks: [{ type: "section", text: mrkdwn("*Order 42* was declined"), fields: [mrkdwn("*Amount*\n29 EUR")] }],
      },
      "New ticket\n*Order 42* was declined\n*Amount*\n29 EUR",
    ],
    [
      "a table after the words",
      { text: "prices", blocks: [rich(section(word("prices"))), table(["Lamp", "29"], ["Desk", "90"])] },
      "prices\nLamp | 29\nDesk | 90",
    ],
    ["a table that repeats a word", { text: "Lamp", blocks: [table(["Lamp"], ["29"])] }, "Lamp\nLamp\n29"],
    [
      "a headline that the text has already",
      {
        text: "Order 42 failed",
        blocks: [
          { type: "header", text: { type: "plain_text", text: "Order 42 failed" } },
          { type: "section", text: mrkdwn("Payment declined") },
        ],
      },
      "Order 42 failed\nPayment declined",
    ],
    [
      "a section that begins with the text",
      { text: "Order 42 failed", blocks: [{ type: "section", text: mrkdwn("*Order 42* failed\nCard declined") }] },
      "Order 42 failed\nCard declined",
    ],
    [
      "a code block, as it is",
      { text: "log", blocks: [{ type: "section", text: mrkdwn("```a\nb```") }] },
      "log\n```a\nb```",
    ],
    [
      "no text but Slack's own word for that",
      { text: "This content can't be displayed.", blocks: [{ type: "section", text: mrkdwn("Card declined") }] },
      "Card declined",
    ],
    [
      "controls, which are not words",
      { text: "hi", blocks: [{ type: "actions", elements: [mrkdwn("Refund")] }] },
      "hi",
    ],
    [
      "rich text that says more than the text",
      { text: "hi", blocks: [rich(section(word("hi\nand bye")))] },
      "hi\nand bye",
    ],
    [
      "the same numbers in another order",
      { text: "Lamp 29, desk 19", blocks: [{ type: "section", text: mrkdwn("Lamp 19") }] },
      "Lamp 29, desk 19\nLamp 19",
    ],
  ])("are read: %s", (_name, fields, text) => {
    expect(textOf(fields)).toBe(text);
  });

  it("that mention a colleague or the bot are flagged", () => {
    expect(naming("U0DANA0001")).toMatchObject({ mentions: true });
    expect(naming(BOT)).not.toHaveProperty("mentions");
  });

  it.each<[string, string, object[]]>([
    ["marks within words", "*b*old and _it_ `x_1` ~no~", [section(word("b"), word("old and it x_1 no"))]],
    [
      "lists",
      "so:\n• one\n    a. two\n    b. three",
      [section(word("so:")), list("bullet", "one"), list("ordered", "two", "three")],
    ],
    ["a quotation", "&gt; no\nyes", [{ type: "rich_text_quote", elements: [word("no")] }, section(word("yes"))]],
    [
      "code",
      "run ```a &lt; b\nc```",
      [section(word("run ")), { type: "rich_text_preformatted", elements: [word("a < b\nc")] }],
    ],
    [
      "people and channels",
      "<@U1|kim> or <!subteam^S1|@billing crew> in <#C1|orders>, <!here>",
      [
        section(
          { type: "user", user_id: "U1" },
          word(" or "),
          { type: "usergroup", usergroup_id: "S1" },
          word(" in "),
          { type: "channel", channel_id: "C1" },
          word(", "),
          { type: "broadcast", range: "here" },
        ),
      ],
    ],
    [
      "a date",
      "on <!date^1780308000^{date}|1 June>",
      [section(word("on "), { type: "date", timestamp: 1_780_308_000, format: "{date}" })],
    ],
    [
      "links",
      "<http://a.example|a.example> <https://b.example|our shop> <mailto:k@a.example|k@a.example>",
      [
        section(
          { type: "link", url: "http://a.example" },
          word(" "),
          { type: "link", url: "https://b.example", text: "our shop" },
          word(" "),
          { type: "link", url: "mailto:k@a.example" },
        ),
      ],
    ],
    [
      "emoji",
      "hi :party-parrot: :wave::skin-tone-2: :one:",
      [
        section(
          word("hi "),
          { type: "emoji", name: "party-parrot" },
          word(" "),
          { type: "emoji", name: "wave", unicode: "1f44b-1f3fb" },
          word(" "),
          { type: "emoji", name: "one", unicode: "0031-fe0f-20e3" },
        ),
      ],
    ],
    ["the bot before it", `<@${BOT}> hello`, [section({ type: "user", user_id: BOT }, word(" hello"))]],
  ])("do not double a person's words: %s", (_name, text, elements) => {
    expect(textOf({ text, blocks: [rich(...elements)] })).toBe(textOf({ text }));
  });

  it("do not double a person's words, for any text", () => {
    const typed = fc.array(fc.string({ unit: "grapheme" }), { maxLength: 4 }).map((all) => all.join("\n"));
    fc.assert(
      fc.property(
        typed.filter((one) => one.trim() !== "" && !/[:`]/.test(one)),
        (one) => {
          const text = escaped(one);
          expect(textOf({ text, blocks: [rich(section(word(one)))] })).toBe(textOf({ text, blocks: [rich()] }));
        },
      ),
    );
  });
});

describe("attachments beside a text", () => {
  const alert = { title: "Order 42", text: "Payment declined", fields: [{ title: "Amount", value: "29 EUR" }] };
  it.each<[string, object, string]>([
    [
      "another app's details",
      { text: "Failure report", attachments: [{ fallback: "Order 42 failed", ...alert }] },
      "Failure report\nOrder 42\nPayment declined\nAmount: 29 EUR",
    ],
    [
      "what the text has already",
      { text: "Order 42: Payment declined", attachments: [alert] },
      "Order 42: Payment declined\nAmount: 29 EUR",
    ],
    ["only a fallback", { text: "hi", attachments: [{ fallback: "Order 42 failed" }] }, "hi\nOrder 42 failed"],
    [
      "text and blocks of one",
      { text: "hi", attachments: [{ text: "one", blocks: [{ type: "section", text: mrkdwn("two") }] }] },
      "hi\none\ntwo",
    ],
    [
      "a shared message, whole though the text says some of it",
      { text: "no", attachments: [{ is_share: true, author_name: "Kim", text: "yes\nno" }] },
      "no\nKim: yes\nno",
    ],
    [
      "a shared message's blocks",
      {
        text: "look",
        attachments: [
          {
            is_share: true,
            author_name: "Kim",
            fallback: "kim: hi",
            message_blocks: [{ message: { blocks: [rich(section(word("hi")))] } }],
          },
        ],
      },
      "look\nKim: hi",
    ],
    [
      "a link's preview, not",
      { text: "see <https://a.example>", attachments: [{ from_url: "https://a.example", title: "Lamps" }] },
      "see https://a.example",
    ],
    [
      "a preview by an app, not",
      { text: "see <https://a.example>", attachments: [{ is_app_unfurl: true, title: "Lamps" }] },
      "see https://a.example",
    ],
    [
      "a linked message of Slack, not",
      {
        text: "see <https://a.example>",
        attachments: [{ is_msg_unfurl: true, from_url: "https://a.example", text: "secret" }],
      },
      "see https://a.example",
    ],
    [
      "fields of another shape, not",
      { text: "hi", attachments: [null, 7, { message_blocks: [null, { message: 7 }], blocks: {} }] },
      "hi",
    ],
  ])("are read: %s", (_name, fields, text) => {
    expect(textOf(fields)).toBe(text);
  });
});

const fastest = (count: number): number => {
  const all = Array.from({ length: count }, (_, n) => n);
  const blocks = all.map((n) => ({ type: "section", text: mrkdwn(`a ${n}`) }));
  const fields = { text: "a b ".repeat(count * 10), blocks, attachments: all.map((n) => ({ text: `b ${n}` })) };
  const times = [1, 2, 3].map(() => {
    // Processor time, because other tests run at the same time.
    const before = process.cpuUsage();
    textOf(fields);
    return process.cpuUsage(before).user;
  });
  return Math.min(...times);
};

it("takes time in proportion to the message", () => {
  fastest(100);
  // Eight times the message; quadratic time would be sixty-four times.
  expect(fastest(4_000) / fastest(500)).toBeLessThan(30);
});
