import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { capabilities } from "../../../../channels/slack/capabilities.ts";
import { METADATA_EVENT, type SlackBody } from "../../../../channels/slack/outbound/body.ts";
import { encode } from "../../../../channels/slack/outbound/encode.ts";
import { cutEscaped, escape, escapedLength, unescaped } from "../../../../channels/slack/outbound/escape.ts";
import { fit } from "../../../../src/adapter/fit.ts";
import type { FittedPart, OutgoingMessage } from "../../../../src/adapter/part.ts";
import { type NumberedOption, PERSON_OPTION } from "../../../../src/domain/option.ts";
import { cpuMs } from "../../../support/cpu-time.ts";
import { checkBlocks } from "../../../support/slack/blocks.ts";
import { liveParts } from "../../../support/slack/live.ts";

const option = (n: number, label: string, id = `o${n}`): NumberedOption => ({ n, id, label, aliases: [] });
const PERSON = option(0, "Talk to a person", PERSON_OPTION);
const menu = (count: number) => [
  PERSON,
  ...Array.from({ length: count - 1 }, (_, at) => option(at + 1, `Order ${at + 1}`)),
];

type Message = Extract<SlackBody, { kind: "message" }>;

function message(part: FittedPart): Message {
  const body = encode(part);
  return body.kind === "message" ? body : expect.unreachable();
}

/** A body as it is sent: the additions of `connect` are tested in connect.test.ts. */
const payload = ({ text, blocks }: Message) => ({
  channel: "C1",
  text,
  blocks,
  parse: "none",
  unfurl_links: false,
  unfurl_media: false,
  metadata: { event_type: METADATA_EVENT, event_payload: { key: "k" } },
});

/** The text that a reader of the blocks sees. */
const shown = ({ blocks }: Message) => [...strings(blocks)].join("\n");

function* strings(value: unknown, key = ""): Generator<string> {
  if (typeof value === "string" && ["text", "url"].includes(key)) yield value;
  else if (typeof value === "object" && value !== null)
    for (const [name, inner] of Object.entries(value)) yield* strings(inner, Array.isArray(value) ? key : name);
}

const section = (text: string) => ({ type: "section", text: { type: "plain_text", text, emoji: false } });

describe("encode", () => {
  it("shows plain text as plain text, never as mrkdwn", () => {
    expect(encode({ text: "Hi @here <!channel> & *x* :tada:" })).toEqual({
      kind: "message",
      text: "Hi @here &lt;!channel&gt; &amp; *x* :tada:",
      blocks: [section("Hi @here <!channel> & *x* :tada:")],
    });
  });

  it("makes links of an operator's addresses, showing the address, and of nothing else", () => {
    const text =
      "See https://acme.example/a?b=1&c=2, or <https://evil.example|bank>. @here https://bank.example@evil.example";
    expect(message({ text, trusted: true }).blocks).toEqual([
      {
        type: "rich_text",
        elements: [
          {
            type: "rich_text_section",
            elements: [
              { type: "text", text: "See " },
              { type: "link", url: "https://acme.example/a?b=1&c=2" },
              { type: "text", text: ", or <" },
              { type: "link", url: "https://evil.example" },
              { type: "text", text: "|bank>. @here https://bank.example@evil.example" },
            ],
          },
        ],
      },
    ]);
  });

  it("has a button for each of a few options, the person last", () => {
    const part = { text: "Which?", options: menu(3), promptId: "p7" };
    expect(encode(part)).toEqual({
      kind: "message",
      text: "Which?\n\n1) Order 1\n2) Order 2\n0) Talk to a person",
      blocks: [
        section("Which?"),
        {
          type: "actions",
          elements: [
            ["opt:p7:1", "Order 1", "o1"],
            ["opt:p7:2", "Order 2", "o2"],
            ["opt:p7:0", "Talk to a person", "person"],
          ].map(([action_id, text, value]) => ({
            type: "button",
            action_id,
            text: { type: "plain_text", text, emoji: false },
            value,
          })),
        },
      ],
    });
  });

  it.each([
    [6, ["Options 1–6"]],
    [100, ["Options 1–100"]],
    [101, ["Options 1–100", "Options 101–101"]],
    [300, ["Options 1–100", "Options 101–200", "Options 201–300"]],
  ])("has selects of a hundred each for %i options", (count, placeholders) => {
    const { blocks } = message({ text: "Which?", options: menu(count), promptId: "p7" });
    const selects = blocks.flatMap((block) => (block.type === "actions" ? block.elements : []));
    expect(selects).toMatchObject(
      placeholders.map((text, at) => ({
        type: "static_select",
        action_id: `opt:p7:s${at + 1}`,
        placeholder: { text },
      })),
    );
    const values = selects
      .flatMap((select) => ("options" in select ? (select.options ?? []) : []))
      .map(({ value }) => value);
    expect(values).toEqual([...menu(count).slice(1), PERSON].map(({ id }) => id));
  });

  it("has buttons if ids are too long for a select", () => {
    const options = Array.from({ length: 30 }, (_, at) => option(at + 1, `Order ${at + 1}`, `${"x".repeat(80)}${at}`));
    const { blocks } = message({ text: "Which?", options, promptId: "p7" });
    const rows = blocks.flatMap((block) => (block.type === "actions" ? [block.elements] : []));
    expect(rows.map(({ length }) => length)).toEqual([25, 5]);
    expect(rows.flat().map((button) => "value" in button && button.value)).toEqual(options.map(({ id }) => id));
  });

  it("shortens a long label on the button only", () => {
    const part = { text: "Which?", options: [option(1, "long ".repeat(30)), option(2, " ")], promptId: "p" };
    const { text, blocks } = message(part);
    expect(text).toContain("long ".repeat(30));
    expect(checkBlocks(blocks, "message")).toEqual([]);
    expect(shown({ kind: "message", text, blocks })).toContain("…");
  });

  it("shows a question without text, and more text than a section holds", () => {
    expect(message({ text: "", options: menu(2), promptId: "p" }).blocks).toMatchObject([{ type: "actions" }]);
    const text = "A sentence of some words. ".repeat(400);
    const { blocks } = message({ text });
    expect(blocks.length).toBeGreaterThan(3);
    expect(shown(message({ text })).replaceAll("\n", "")).toBe(text);
  });

  it("sends a file by itself, without its public address", () => {
    const file = { id: 3, name: "a.pdf", mediaType: "application/pdf", bytes: 12, token: "t" };
    expect(encode({ text: "a.pdf", file: { ...file, url: "https://desk.example/files/t/a.pdf" } })).toEqual({
      kind: "file",
      file,
    });
  });
});

const marked = (text: string) => message({ text, markdown: true }).blocks;

describe("Markdown", () => {
  it.each([
    [
      "# Title\n\n- one **two** _three_\n- `four`\n\n1. five\n2. six",
      "# Title\n\n- one **two** _three_\n- `four`\n\n1. five\n2. six",
    ],
    ["```ts\nconst a = `<!DOCTYPE html>`;\n```", "```ts\nconst a = `<!DOCTYPE html>`;\n```"],
    ["| a | b |\n|---|---|\n| 1 | 2 |", "| a | b |\n|---|---|\n| 1 | 2 |"],
    ["Q&A: snake_case, 50% off", "Q&A: snake_case, 50% off"],
    ["[our help](https://evil.example/?q=1)", "our help (`https://evil.example/?q=1`)"],
    ["[https://a.example](https://a.example)", "`https://a.example`"],
    ["[help][1]\n\n[1]: https://evil.example 'T'", "help (`https://evil.example`)"],
    ["<https://e.example|bank>", "`https://e.example|bank`"],
    ["see https://evil.example/x, please", "see `https://evil.example/x`, please"],
    ["https&colon;//evil.com", "`https://evil.com`"],
    ["mail dana@acme.example or www.acme.com", "mail `dana@acme.example` or `www.acme.com`"],
    ["![a cat](https://evil.example/cat.png) there", "a cat there"],
    ["<b>bold</b>", "\\<b>bold\\</b>"],
    ["@here and @channel, #general", "@\u200bhere and @\u200bchannel, #\u200bgeneral"],
    ["<!channel> <@U1> <#C1>", "<\u200b!channel> <\u200b@\u200bU1> <\u200b#\u200bC1>"],
    ["a #**general** @**here**", "a #\u200b**general** @\u200b**here**"],
    ["`<!channel>`", "`<\u200b!channel>`"],
  ])("turns %j into %j", (text, expected) => {
    expect(marked(text)).toEqual([{ type: "markdown", text: expected }]);
  });

  it.each([
    ["invisible", "![](https://evil.example/x.png)"],
    ["too long for a payload once it is inert", "@a ".repeat(3_800)],
    ["nested deeper than the stack", "> ".repeat(5_700)],
  ])("is shown as plain text, complete, if it is %s", (_, text) => {
    const { blocks } = message({ text, markdown: true });
    expect(new Set(blocks.map(({ type }) => type))).toEqual(new Set(["section"]));
    expect(shown(message({ text, markdown: true })).replaceAll("\n", "")).toBe(text);
  });

  it("is made inert quickly, whatever it contains", () => {
    const spent = cpuMs(() => {
      for (const unit of ["a", "a.", "x+", "a@", "[", "*a ", "<", "` `` ", "a_"])
        marked(unit.repeat(11_500 / unit.length));
    });
    expect(spent).toBeLessThan(8_000);
  });

  // SL10
  it("of 13,500 characters with 30 options is sent in order, within every limit", () => {
    const items = Array.from({ length: 60 }, (_, at) => `- **Item ${at + 1}** ${"with some words ".repeat(12)}`);
    const text = `Here is what I found.\n\n${items.join("\n\n")}\n\nWhich one is it?`.padEnd(13_500, "?");
    const options = menu(30).map((one) => (one.n === 0 ? one : { ...one, label: `${one.label} ${"x".repeat(60)}` }));
    const asked: OutgoingMessage = { text, options, markdown: true, promptId: "p" };
    const parts = fit(asked, capabilities(), escapedLength);
    expect(parts.map((part) => part.text).join("")).toBe(text);
    expect(parts).toHaveLength(2);
    expect(parts[0]?.text.endsWith("\n\n")).toBe(true);
    const bodies = parts.map(message);
    for (const { blocks } of bodies) {
      const lengths = blocks.flatMap((block) => (block.type === "markdown" ? [block.text.length] : []));
      expect(lengths).toHaveLength(1);
      expect(Math.max(...lengths)).toBeLessThanOrEqual(12_000);
    }
    expect(bodies.at(-1)?.blocks.at(-1)).toMatchObject({
      elements: [{ type: "static_select", options: { length: 30 } }],
    });
    for (const { n, label } of options) expect(bodies.at(-1)?.text).toContain(`${n}) ${label}`);
  });
});

describe("escaped text", () => {
  it("is cut neither within an entity nor within a surrogate pair", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom("a", "&", "<", ">", "👍"), maxLength: 60 }),
        fc.nat(120),
        (text, max) => {
          const piece = cutEscaped(escape(text), max);
          expect(piece.length).toBeLessThanOrEqual(max);
          expect(text.startsWith(unescaped(piece))).toBe(true);
          expect(piece).toBe(escape(unescaped(piece)));
          expect(piece.isWellFormed()).toBe(true);
        },
      ),
    );
  });
});

const NASTY = [
  "<!channel>",
  "<!here|x>",
  "<@U1>",
  "<#C1|general>",
  "<!subteam^S1>",
  "@here",
  "@channel ",
  "@everyone",
  "#general",
  "[x](https://evil.example)",
  "[x]: https://evil.example\n",
  "[x][x]",
  "<https://e.example|bank>",
  "https://evil.com/a",
  "http://a.b",
  "www.evil.com",
  "evil.com",
  "a@evil.com",
  "![i](https://u.example/i.png)",
  "<b>",
  "</div>\n",
  "<!-- ",
  "&lt;!channel&gt;",
  "&#64;here",
  "&commat;here",
  "\\",
  "`",
  "``",
  "```\n",
  "~~~\n",
  "    ",
  "\n",
  "\n\n",
  "- ",
  "1. ",
  "> ",
  "| a | b |\n|---|---|\n",
  "*",
  "**",
  "_",
  "~~",
  "\u202e",
  "\u200b",
  "\ufeff",
  "(",
  ")",
  "]",
  "<",
  ">",
  "&",
  "|",
  ":",
  "Dana",
  " ",
];
const text = fc
  .array(fc.oneof({ arbitrary: fc.constantFrom(...NASTY), weight: 9 }, fc.string({ maxLength: 6 })), {
    maxLength: 14,
    size: "max",
  })
  .map((words) => words.join(""));
const options = fc
  .array(text, { maxLength: 8 })
  .map((labels) => labels.map((label, at) => option(at, label.slice(0, 75))));
/** True of a link that shows its own address, as operators' addresses are. */
const isOwnLink = (part: string) => /^link https?:\/\//.test(part);

describe("for any text,", () => {
  it.each([
    ["plain text", {}],
    ["Markdown", { markdown: true }],
  ] as const)("%s makes no link or mention, and Slack accepts every payload", (_, marks) => {
    fc.assert(
      fc.property(text, options, (said, offered) => {
        const body = message({ text: said, ...marks, options: offered, promptId: "p" });
        expect(liveParts(payload(body))).toEqual([]);
        expect(checkBlocks(body.blocks, "message")).toEqual([]);
      }),
      { numRuns: 1_500 },
    );
  });

  it("an operator's words make no link or mention but links that show their address", () => {
    fc.assert(
      fc.property(text, (said) => {
        const body = message({ text: said, trusted: true });
        expect(liveParts(payload(body)).filter((part) => !isOwnLink(part))).toEqual([]);
        expect(checkBlocks(body.blocks, "message")).toEqual([]);
        expect([...strings(body.blocks)].join("")).toBe(said.trim() === "" ? "" : said);
      }),
      { numRuns: 1_500 },
    );
  });

  it("the fallback has all of it, escaped", () => {
    fc.assert(
      fc.property(text, (said) => {
        expect(unescaped(message({ text: said, markdown: true }).text)).toBe(said);
      }),
    );
  });
});

const inBlocks = (...list: object[]) => ({ blocks: list });

describe("the detection of links and mentions", () => {
  const markdown = (said: string) => inBlocks({ type: "markdown", text: said });
  const rich = (...elements: object[]) =>
    inBlocks({ type: "rich_text", elements: [{ type: "rich_text_section", elements }] });

  it.each([
    [{ text: "<!channel>", parse: "none" }, ["special channel"]],
    [
      { text: "<@U1> <#C1|x> <https://a.example|A>", parse: "none" },
      ["mention U1", "channel C1", "masked link A → https://a.example"],
    ],
    [{ text: "@here #general https://a.example" }, ["link https://a.example", "special here", "channel general"]],
    [{ text: "@here #general https://a.example", parse: "none" }, []],
    [{ text: "", parse: "none", link_names: true }, ["link_names"]],
    [{ channel: "C1", text: "x", parse: "none", unfurl_links: false }, ["unfurl media"]],
    [{ channel: "C1", ts: "1.2", text: "x", parse: "none" }, []],
    [inBlocks({ type: "section", text: { type: "mrkdwn", text: "@here" } }), ["special here"]],
    [inBlocks({ type: "section", text: { type: "mrkdwn", text: "@here <!here>", verbatim: true } }), ["special here"]],
    [inBlocks({ type: "section", text: { type: "plain_text", text: "@here <!here> https://a.example" } }), []],
    [{ blocks: JSON.stringify([{ type: "section", fields: [{ type: "mrkdwn", text: "<@U1>" }] }]) }, ["mention U1"]],
    [
      { attachments: [{ text: "<@U1>", blocks: [{ type: "markdown", text: "@here" }] }] },
      ["special here", "mention U1"],
    ],
    [{ view: { type: "modal", blocks: [{ type: "header", text: { type: "mrkdwn", text: "#x" } }] } }, ["channel x"]],
    [rich({ type: "user", user_id: "U1" }, { type: "broadcast", range: "here" }), ["mention U1", "special here"]],
    [rich({ type: "link", url: "https://a.example" }), ["link https://a.example"]],
    [rich({ type: "link", url: "https://a.example", text: "Bank" }), ["masked link Bank → https://a.example"]],
    [
      inBlocks({ type: "actions", elements: [{ type: "button", url: "https://a.example" }] }),
      ["masked link https://a.example → https://a.example"],
    ],
    [markdown("[x](https://a.example)"), ["masked link [x](https://a.example)", "link https://a.example)"]],
    [
      markdown("<https://a.example>"),
      ["link <https://a.example>", "html <https://a.example>", "link https://a.example"],
    ],
    [markdown("\\@here &#64;channel"), ["special here", "special channel"]],
    [markdown("`https://a.example` `@here`\n```\n#general\n```"), []],
    [markdown("`<!here>`"), ["special here"]],
    [markdown("`` ` https://a.example"), ["link https://a.example"]],
    [markdown("<b>x"), ["html <b>"]],
    [markdown("\\[x\\](y) a\\*b"), []],
  ])("of %j is %j", (given, expected) => {
    expect(liveParts(given)).toEqual(expected);
  });

  it("leaves out the allowed ones, but no masked link", () => {
    const given = rich(
      { type: "user", user_id: "U1" },
      { type: "link", url: "https://a.example" },
      { type: "link", url: "https://a.example", text: "Bank" },
    );
    expect(liveParts(given, { allow: ["U1", "https://a.example"] })).toEqual(["masked link Bank → https://a.example"]);
  });
});
