/** Reading of Slack's mrkdwn, rich text and emoji. */
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Block, emojiIn, readBlocks } from "../../../../channels/slack/inbound/blocks-in.ts";
import { emojiInWords, emojiOf } from "../../../../channels/slack/inbound/emoji.ts";
import { readEmoji, readSlackText } from "../../../../channels/slack/inbound/text-in.ts";
import { cpuMs } from "../../../support/cpu-time.ts";

const BOT = "U0BOT";
const reading = { bots: new Set([BOT]), emoji: null };
const text = (raw: string) => readSlackText(raw, reading).text;
const escaped = (typed: string) => typed.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
const blocks = (...given: unknown[]) => given.map((one) => Block.parse(one));
const section = (...elements: object[]) => ({ type: "rich_text_section", elements });
const itemsOf =
  (style: string) =>
  (items: string[], more: object = {}) => ({
    type: "rich_text_list",
    style,
    elements: items.map((one) => section({ type: "text", text: one })),
    ...more,
  });
const numbered = itemsOf("ordered");
const bullets = itemsOf("bullet");
const rich = (...elements: object[]) => blocks({ type: "rich_text", elements });

const words = (...given: unknown[]) => readBlocks(blocks(...given), reading);

const leaf = (element: object) => words({ type: "rich_text", elements: [section(element)] });

describe("text", () => {
  it.each([
    ["<@U1|kim> there", "@kim there"],
    ["ask <@U1> or <@W1>", "ask @someone or @someone"],
    ["see <#C1|orders>, <#C1|> or <#C1>", "see #orders, #channel or #channel"],
    ["<!subteam^S1|@billing> <!subteam^S1>", "@billing @a group"],
    ["<!here> <!channel|channel> <!everyone>", "@here @channel @everyone"],
    ["<!date^1780308000^{date_short}^https://a.example|1 June>", "1 June"],
    ["<!date^1780308000^{date_short}>", "2026-06-01T10:00:00.000Z"],
    ["<!date^soon^{date}>", ""],
    ["<!hologram|a hologram> <!hologram>", "a hologram (hologram)"],
    ["<https://a.example/?a=1&amp;b=2>", "https://a.example/?a=1&b=2"],
    ["<https://a.example|our shop>", "our shop (https://a.example)"],
    ["<https://evil.example|slack.com>", "slack.com (https://evil.example)"],
    ["<http://a.example|a.example>", "a.example"],
    ["<https://a.example/|https://a.example/>", "https://a.example/"],
    ["<mailto:kim@example.com|kim@example.com>", "kim@example.com"],
    ["<mailto:kim@example.com|our boss>", "kim@example.com"],
    ["<tel:+15550100|+1 555 0100>", "+15550100"],
    ["<https://a.example|a &gt; b :wave:>", "a > b 👋 (https://a.example)"],
    ["1 &lt; 2 &amp;&amp; 3 &gt; 2", "1 < 2 && 3 > 2"],
    ["&lt;@U1&gt; &lt;!here&gt; &amp;lt;@U1&amp;gt;", "<@U1> <!here> &lt;@U1&gt;"],
    ["<@U1 and <!here", "‹@U1 and ‹!here"],
    ["<<@U1>>", "‹@someone>"],
    ["*bold* _it_ ~no~ `code`", "*bold* _it_ ~no~ `code`"],
    ["caf\u0065\u0301", "caf\u00e9"],
    ["  two\n lines ", "  two\n lines "],
  ])("reads %j as %j", (raw, shown) => {
    expect(text(raw)).toBe(shown);
  });

  it.each([
    [`<@${BOT}> hello`, "hello"],
    [`<@${BOT}|desk>: hello`, "hello"],
    [`<@${BOT}>, hello`, "hello"],
    [` <@${BOT}>\nhello `, "hello "],
    [`<@${BOT}>`, ""],
    [`<@${BOT}> :wave:`, "👋"],
    [`<@${BOT}>:wave:`, "👋"],
    [`hello <@${BOT}>`, "hello @bot"],
    [`<@${BOT}> <@${BOT}>`, "@bot"],
  ])("is addressed to the bot: %j", (raw, shown) => {
    expect(readSlackText(raw, reading)).toEqual({ text: shown, mentions: false, addressed: true });
  });

  it("does not mistake a leading mention of somebody else for the bot's", () => {
    expect(readSlackText("<@U1> hello", reading)).toEqual({ text: "@someone hello", mentions: true, addressed: false });
  });

  it("is as it was typed, after escaping and reading", () => {
    const typed = fc.string({ unit: "grapheme" }).filter((one) => !one.includes(":"));
    fc.assert(
      fc.property(typed, (one) => {
        expect(text(escaped(one))).toBe(one.normalize("NFC"));
      }),
    );
  });

  it("never contains a Slack mention", () => {
    const piece = fc.constantFrom(
      "<@U1>",
      "<@U1|",
      "<!here>",
      "<",
      ">",
      "@U1",
      "!here",
      "|",
      "<#C1>",
      "a",
      "&gt;",
      "&amp;",
      ":b:",
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        expect(text(pieces.join(""))).not.toMatch(/<[@!#]/);
      }),
      { numRuns: 2_000 },
    );
  });
});

describe("emoji", () => {
  it.each([
    ["wave", "👋"],
    ["+1", "👍"],
    ["one", "1️⃣"],
    ["keycap_ten", "🔟"],
    ["keycap_star", "*️⃣"],
    ["flag-de", "🇩🇪"],
    ["flag-id", "🇮🇩"],
    ["flag-england", "🏴󠁧󠁢󠁥󠁮󠁧󠁿"],
    ["skin-tone-3", "🏼"],
    ["woman-shrugging", "🤷‍♀️"],
    ["male-technologist", "👨‍💻"],
    ["female-doctor", "👩‍⚕️"],
    ["woman-girl-boy", "👩‍👧‍👦"],
    ["man-running", "🏃‍♂️"],
    ["face_with_cowboy_hat", "🤠"],
    ["simple_smile", "🙂"],
    ["toString", undefined],
    ["__proto__", undefined],
    ["party-parrot", undefined],
  ])("%s is %s", (name, emoji) => {
    expect(emojiOf(name)).toBe(emoji);
  });

  it.each([
    [":wave::skin-tone-2: hi", "👋🏻 hi"],
    [":woman-shrugging::skin-tone-6:", "🤷🏿‍♀️"],
    [":v::skin-tone-4:", "✌🏽"],
    [":wave: :skin-tone-2:", "👋 🏻"],
    [":wave::tada:", "👋🎉"],
    ["nice:tada:", "nice:tada:"],
    [":not an emoji: :tada:", ":not an emoji: 🎉"],
    ["10:30:45 and 1:100:1", "10:30:45 and 1:100:1"],
    ["a:b:c", "a:b:c"],
    ["::tada:", ":🎉"],
    [":30:", ":30:"],
    ["(:tada:)", "(🎉)"],
    [":party-parrot: :über_uns:", "(party parrot) (über uns)"],
    [`:${"a".repeat(101)}:`, `:${"a".repeat(101)}:`],
  ])("in %j are read as %j", (raw, shown) => {
    expect(readEmoji(raw)).toBe(shown);
  });

  it("are those that the blocks list, if they do", () => {
    const told = emojiIn(
      rich(
        section({ type: "emoji", name: "dancing_cat9" }, { type: "emoji", name: "thumbsup", unicode: "1f44d-1f3fb" }),
      ),
    );
    const read = (raw: string) => readSlackText(raw, { ...reading, emoji: told }).text;
    expect(read("hi:dancing_cat9: :+1::skin-tone-2: :tada: 1:100:1")).toBe("hi(dancing cat9) 👍🏻 :tada: 1:100:1");
    expect(read("a:b:dancing_cat9:")).toBe("a:b(dancing cat9)");
    expect(emojiIn(rich(section({ type: "text", text: ":tada:" })))?.byName).toEqual(new Map());
    expect(emojiIn(blocks({ type: "section" }))).toBeNull();
  });

  it("of a workspace become their name in words", () => {
    expect([emojiInWords("party_parrot-2"), emojiInWords("_")]).toEqual(["(party parrot 2)", "(_)"]);
  });

  it("take time in proportion to the text", () => {
    const spent = cpuMs(() => {
      readEmoji(":a".repeat(200_000));
      readSlackText("<".repeat(200_000), reading);
    });
    expect(spent).toBeLessThan(2_000);
  });
});

describe("blocks", () => {
  it.each([
    [{ type: "text", text: "a & <b>" }, "a & <b>"],
    [{ type: "link", url: "https://a.example" }, "https://a.example"],
    [{ type: "link", url: "https://a.example", text: "here" }, "here (https://a.example)"],
    [{ type: "channel", channel_id: "C1" }, "#channel"],
    [{ type: "emoji", name: "wave" }, "👋"],
    [{ type: "emoji", name: "new_one", unicode: "1f6dc" }, "🛜"],
    [{ type: "emoji", name: "dancing_cat9" }, "(dancing cat9)"],
    [{ type: "date", timestamp: 1_780_308_000, fallback: "1 June" }, "1 June"],
    [{ type: "date", timestamp: 1_780_308_000 }, "2026-06-01T10:00:00.000Z"],
    [{ type: "hologram", text: 7 }, ""],
  ])("of rich text: %j", (element, shown) => {
    expect(leaf(element)).toEqual({ text: shown, mentions: false, addressed: false });
  });

  it.each([
    [
      { type: "user", user_id: "U1" },
      { text: "@someone", mentions: true, addressed: false },
    ],
    [
      { type: "usergroup", usergroup_id: "S1" },
      { text: "@a group", mentions: true, addressed: false },
    ],
    [
      { type: "broadcast", range: "channel" },
      { text: "@channel", mentions: true, addressed: false },
    ],
    [
      { type: "user", user_id: BOT },
      { text: "@bot", mentions: false, addressed: true },
    ],
  ])("have mentions: %j", (element, read) => {
    expect(leaf(element)).toEqual(read);
  });

  it("keep lists, quotes, code and tables apart", () => {
    const list = (style: string) => ({
      type: "rich_text_list",
      style,
      elements: ["a", "b"].map((t) => section({ type: "text", text: t })),
    });
    const quote = { type: "rich_text_quote", elements: [{ type: "text", text: "q\nr" }] };
    const code = { type: "rich_text_preformatted", elements: [{ type: "text", text: "x = 1" }] };
    const table = {
      type: "table",
      rows: [[{ type: "raw_text", text: "a" }, rich(section({ type: "text", text: "b" }))[0]]],
    };
    const read = words({ type: "rich_text", elements: [list("bullet"), list("ordered"), quote, code] }, table);
    expect(read.text).toBe("- a\n- b\n1. a\n2. b\n> q\n> r\nx = 1\na | b");
  });

  it.each([
    ["begins at 5", [numbered(["five", "six"], { offset: 4 })], "5. five\n6. six"],
    [
      "goes on after one that is set in",
      [
        numbered(["unplug it"]),
        bullets(["the lamp", "the box"], { indent: 1 }),
        numbered(["plug it in"], { offset: 1 }),
      ],
      "1. unplug it\n    - the lamp\n    - the box\n2. plug it in",
    ],
    [
      "has invalid numbers",
      [numbered(["a"], { offset: -3, indent: 1e9 }), numbered(["b"], { offset: "x" })],
      "1. a\n1. b",
    ],
  ])("number a list that %s as Slack shows it", (_name, elements, read) => {
    expect(words({ type: "rich_text", elements }).text).toBe(read);
  });

  it("are read as deep as people nest them: a list in a table", () => {
    const list = { type: "rich_text_list", elements: [section({ type: "text", text: "a" })] };
    expect(words({ type: "table", rows: [rich(list)] }).text).toBe("- a");
  });

  it("of other apps are read, but not their controls", () => {
    const read = words(
      { type: "header", text: { type: "plain_text", text: "Order 17 :tada:" } },
      {
        type: "section",
        text: { type: "mrkdwn", text: "by <@U1> &amp; co" },
        fields: [{ type: "mrkdwn", text: "*Sum* 9" }],
      },
      {
        type: "context",
        elements: [
          { type: "image", alt_text: "shop" },
          { type: "mrkdwn", text: "today" },
        ],
      },
      { type: "markdown", text: "**now**" },
      { type: "divider" },
      { type: "actions", elements: [{ type: "button", text: { type: "plain_text", text: "Refund" } }] },
    );
    expect(read.text).toBe("Order 17 🎉\nby @someone & co\n*Sum* 9\nshop today\n**now**");
  });
});
