/** All pure functions that read outside or admin-written input, with the longest input that each reads. */
import { playground } from "../../channels/playground/index.ts";
import { MAX_BODY_BYTES, MAX_TEXT_CHARACTERS } from "../../channels/playground/limits.ts";
import { cardMessage } from "../../channels/slack/desk/view/card.ts";
import { customerUsername, entryPosts } from "../../channels/slack/desk/view/entry.ts";
import { knownEmoji, readEmoji, readSlackText } from "../../channels/slack/inbound/text-in.ts";
import { slack } from "../../channels/slack/index.ts";
import { MAX_MARKDOWN_PART_CHARACTERS, MAX_POST_TEXT_CHARACTERS } from "../../channels/slack/limits.ts";
import { encode } from "../../channels/slack/outbound/encode.ts";
import { inertMarkdown } from "../../channels/slack/outbound/markdown.ts";
import { richText } from "../../channels/slack/outbound/rich-text.ts";
import { twilioSms } from "../../channels/twilio-sms/index.ts";
import { choose } from "../../src/adapter/choose/choose.ts";
import { cut } from "../../src/adapter/cut.ts";
import { fit } from "../../src/adapter/fit.ts";
import { guessLanguage } from "../../src/adapter/language-guess.ts";
import { compileContent } from "../../src/content/compile.ts";
import { fileName } from "../../src/domain/file-name.ts";
import { compileExpression, MAX_EXPRESSION_CHARACTERS } from "../../src/language/cel.ts";
import { MAX_MATCHED_CHARACTERS } from "../../src/language/cel-matches.ts";
import { patternFault } from "../../src/language/pattern.ts";
import { compileTemplate } from "../../src/language/template.ts";
import { MAX_FILE_CHARACTERS } from "../../src/language/yaml-file.ts";
import { parseAnswer } from "../../src/model/answer.ts";
import { MAX_ANSWER_BYTES } from "../../src/model/send.ts";
import { readCompletion } from "../../src/model/wire.ts";
import { parse as parseProcedure } from "../../src/procedure/parse.ts";
import { storableJson } from "../../src/store/text.ts";
import { holdReason } from "../../src/turn/core/outgoing/internal-content.ts";
import { NEW_CASE } from "../../src/turn/core/state.ts";
import { isThanks } from "../../src/turn/core/thanks.ts";
import { fileKindOf } from "../../src/turn/media-type.ts";
import { readField } from "../../src/workflow/field.ts";
import { parse } from "../../src/workflow/parse.ts";
import { request } from "../model/bench.ts";

export interface Door {
  name: string;
  /** The longest input that it reads, in characters. */
  limit: number;
  /** File of that limit. */
  by: string;
  /** Only the length of the text matters, so one shape is enough. */
  lengthOnly?: true;
  /** Slow for any text, so it is tested with fewer shapes. */
  slow?: true;
  run: (text: string) => unknown;
}

const at = new Date("2026-11-28T12:00:00Z");
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const locate = () => ({ line: 1, column: 1 });

const SMS = twilioSms.config.parse({ account_sid: `AC${"0".repeat(32)}`, auth_token: "t", from: "+15550100" });
const SLACK = slack.config.parse({ bot_token: "xoxb-1", signing_secret: "abc" });
const PAGE = playground.config.parse({ secret: "s".repeat(20), look: "buttons" });

const slackEvent = (text: string, more: object = {}) => ({
  body: bytes(
    JSON.stringify({
      type: "event_callback",
      event_id: "Ev1",
      api_app_id: "A1",
      team_id: "T1",
      authorizations: [{ team_id: "T1", user_id: "UBOT", is_bot: true }],
      event: { type: "message", channel: "D1", channel_type: "im", user: "U1", ts: "1700000000.000100", text, ...more },
    }),
  ),
  contentType: "application/json",
  receivedAt: at,
});

const rich = (elements: object[]) => ({ blocks: [{ type: "rich_text", elements }] });
/** Returns as many emoji as the text is long, each with a different name. */
const emoji = (text: string) =>
  Array.from({ length: Math.floor(text.length / 6) }, (_, n) => ({ type: "emoji", name: `e${n}` }));

const options = [
  { n: 1, id: "billing", label: "A charge or an invoice", aliases: ["invoice", "bill"] },
  { n: 2, id: "order", label: "An order", aliases: [] },
  { n: 0, id: "person", label: "Talk to a person", aliases: [] },
];

const SLACK_TEXT = { limit: MAX_POST_TEXT_CHARACTERS, by: "Slack's own limit of a message" };
const PAGE_TEXT = { limit: MAX_TEXT_CHARACTERS, by: "channels/playground/limits.ts" };

type Request = Parameters<NonNullable<typeof slack.webhook>["verify"]>[0];

/** Returns a request that claims to be from a platform, with a form as its body. */
function signature(whose: string, verify: (request: Request) => unknown, headers: Record<string, string>): Door {
  const url = "https://desk.example/channels/one";
  const contentType = "application/x-www-form-urlencoded";
  const request = { method: "POST", url, headers, contentType, receivedAt: at };
  return {
    name: `a signature of ${whose}`,
    limit: 64_000,
    by: "the webhook's bytes, channels/*/verify.ts",
    run: (text) => verify({ ...request, body: bytes(text) }),
  };
}

const platforms: Door[] = [
  { name: "a Slack message", ...SLACK_TEXT, run: (text) => slack.parse(slackEvent(text), SLACK) },
  {
    name: "a Slack message with its blocks",
    ...SLACK_TEXT,
    run: (text) =>
      slack.parse(slackEvent(text, rich([{ type: "rich_text_section", elements: [{ type: "text", text }] }])), SLACK),
  },
  {
    name: "a Slack message of emoji, told in blocks",
    ...SLACK_TEXT,
    lengthOnly: true,
    run: (text) => slack.parse(slackEvent(text, rich([{ type: "rich_text_section", elements: emoji(text) }])), SLACK),
  },
  {
    slow: true,
    name: "a Slack message with attachments and files",
    ...SLACK_TEXT,
    run: (text) =>
      slack.parse(
        slackEvent(text, { attachments: [{ text, title: text }], files: [{ id: "F1", name: text, mimetype: text }] }),
        SLACK,
      ),
  },
  { name: "Slack's emoji", ...SLACK_TEXT, run: (text) => readEmoji(text) },
  {
    name: "Slack's emoji, those told of",
    slow: true,
    ...SLACK_TEXT,
    run: (text) => {
      const told = knownEmoji(new Map(emoji(text).map(({ name }) => [name, undefined])));
      return readSlackText(text, { bots: new Set(), emoji: told });
    },
  },
  {
    name: "an SMS of Twilio's",
    limit: 64_000,
    by: "the webhook's bytes, channels/twilio/signature.ts",
    run: (text) =>
      twilioSms.parse(
        {
          body: bytes(new URLSearchParams({ MessageSid: "SM1", From: "+1555", To: "+1666", Body: text }).toString()),
          contentType: "application/x-www-form-urlencoded",
          receivedAt: at,
        },
        SMS,
      ),
  },
  {
    name: "a message of the page",
    limit: MAX_BODY_BYTES / 4,
    by: "the webhook's bytes, channels/playground/limits.ts",
    run: (text) =>
      playground.parse(
        {
          body: bytes(JSON.stringify({ type: "message", id: "m", thread: "t", text })),
          contentType: "application/json",
          receivedAt: at,
        },
        PAGE,
      ),
  },
  { name: "a number to reach by SMS", ...PAGE_TEXT, run: (text) => twilioSms.resolveRecipient?.(text, SMS) },
  { name: "a name to reach on the page", ...PAGE_TEXT, run: (text) => playground.resolveRecipient?.(text, PAGE) },
  signature("Slack's", (request) => slack.webhook?.verify(request, SLACK, at), {
    "x-slack-signature": `v0=${"a".repeat(64)}`,
    "x-slack-request-timestamp": String(at.getTime() / 1_000),
  }),
  signature("Twilio's", (request) => twilioSms.webhook?.verify(request, SMS, at), {
    "x-twilio-signature": "a".repeat(28),
  }),
  signature("the page's", (request) => playground.webhook?.verify(request, PAGE, at), {}),
];

const field = (
  type: "text" | "email" | "phone" | "number" | "money" | "date" | "datetime" | "yes_no" | "id",
): Door => ({
  name: `a field of type ${type}`,
  limit: type === "text" || type === "yes_no" ? 4_000 : 500,
  by: "src/workflow/field.ts",
  run: (text) =>
    readField(
      { ...({} as Parameters<typeof readField>[0]), type, options: [], pattern: /^(?:[A-Z]{2}-[0-9]{4})$/u },
      { kind: "reply", text, attachments: [], choice: { option: null, why: "free_text" } },
      { ...({} as Parameters<typeof readField>[2]), languages: ["de", "en"], now: at.toISOString() },
    ),
});

const answers: Door[] = [
  {
    name: "a typed choice",
    ...SLACK_TEXT,
    run: (text) => choose(text, { id: "p", options, languages: ["en", "de"] }, { reservedWords: ["stop"] }),
  },
  ...(["text", "email", "phone", "number", "money", "date", "datetime", "yes_no", "id"] as const).map(field),
  { name: "the language of a text", ...SLACK_TEXT, run: guessLanguage },
  { name: "thanks and nothing else", ...SLACK_TEXT, run: isThanks },
  {
    name: "an operator's words that may be held back",
    ...SLACK_TEXT,
    run: (text) =>
      holdReason(NEW_CASE as unknown as Parameters<typeof holdReason>[0], {
        operator: { id: "kim", name: "Kim" },
        text,
        mentions: false,
        hosts: ["wiki.acme.example", ".corp"],
      }),
  },
  { name: "a file's name", ...SLACK_TEXT, run: (text) => fileName(text, "file") },
  {
    name: "a file's first bytes",
    limit: 200_000,
    by: "what is sniffed, src/turn/media-type.ts",
    run: (text) => fileKindOf(Buffer.from(text)),
  },
  {
    name: "a model's answer",
    limit: MAX_ANSWER_BYTES / 4,
    by: "src/model/send.ts; the text is in it three times, with escapes",
    run: (text) => {
      const calls = [text, JSON.stringify({ text }), JSON.stringify({ [text]: 1 })];
      const tool_calls = calls.map((written, n) => ({ id: `c${n}`, function: { name: "reply", arguments: written } }));
      const read = readCompletion({ choices: [{ message: { content: text, tool_calls } }] });
      return read === null ? null : parseAnswer(request("hi"), read.answer);
    },
  },
  {
    name: "a model's answer of many calls",
    limit: MAX_ANSWER_BYTES / 4,
    by: "src/model/send.ts",
    lengthOnly: true,
    run: (text) => {
      const call = { id: "c", function: { name: "nothing", arguments: "{}" } };
      const tool_calls = Array.from({ length: Math.floor(text.length / JSON.stringify(call).length) }, () => call);
      const read = readCompletion({ choices: [{ message: { tool_calls } }] });
      return read === null ? null : parseAnswer(request("hi"), read.answer);
    },
  },
  { name: "JSON that is stored", ...SLACK_TEXT, run: (text) => storableJson({ text }) },
];

const shown: Door[] = [
  { name: "cutting for SMS", ...PAGE_TEXT, run: (text) => cut(text, 1_500, twilioSms.measure) },
  {
    name: "fitting a question for SMS",
    ...PAGE_TEXT,
    run: (text) => fit({ text, options }, twilioSms.capabilities(SMS), twilioSms.measure),
  },
  {
    name: "fitting for Slack and writing it down",
    ...SLACK_TEXT,
    run: (text) => fit({ text }, slack.capabilities(SLACK), (one) => slack.measure(one)).map((part) => encode(part)),
  },
  {
    name: "Markdown without anything live",
    limit: MAX_MARKDOWN_PART_CHARACTERS,
    by: "channels/slack/limits.ts; beyond it, and beyond its marks, plain text",
    run: inertMarkdown,
  },
  { name: "rich text", ...SLACK_TEXT, run: (text) => richText(text, { links: true }) },
  {
    name: "an entry in a case's thread",
    ...SLACK_TEXT,
    run: (text) =>
      entryPosts(
        [{ kind: "customer", author: "x", text, at: at.toISOString(), message: 1, internal: false, channel: "sms" }],
        { mirror: "line", isTaken: () => false },
      ),
  },
  {
    name: "a customer's name",
    ...SLACK_TEXT,
    run: (text) => customerUsername({ author: text, channel: "sms" }, { isTaken: () => true }),
  },
  {
    name: "a card",
    limit: 4_000,
    by: "the state's size, src/turn/core/state.ts",
    run: (text) =>
      cardMessage(
        {
          conversation: 1,
          queue: "q",
          status: "new",
          priority: "normal",
          customer: text,
          channel: "sms",
          reason: text,
          summary: text,
          facts: [{ label: text, value: text }],
          tags: [text],
          holder: null,
          waitingSince: null,
          openedAt: at.toISOString(),
        },
        { queue: "Q", manual: true, revision: "r" },
      ),
  },
];

const text = (source: string, more: Partial<Door> = {}): Door => {
  const compiled = compileTemplate(source, { locate });
  if (!compiled.ok) throw new Error(`${source}: ${compiled.fault.message}`);
  const run = (said: string) => compiled.value.render({ message: { text: said }, now: at.toISOString() });
  return { name: `the text ${source}`, ...SLACK_TEXT, ...more, run };
};

const condition = (source: string, limit = SLACK_TEXT.limit): Door => {
  const compiled = compileExpression(source, { locate });
  if (!compiled.ok) throw new Error(`${source}: ${compiled.fault.message}`);
  const run = (said: string) => compiled.value.evaluate({ message: { text: said } });
  return { name: `the condition ${source}`, limit, by: "src/language/budget.ts", run };
};

/** One filter per kind of work; those not listed do less than one of these. */
const FILTERS = [
  "strip_html",
  "truncatewords: 5",
  "escape",
  "escape_once",
  "url_encode",
  "slugify",
  "capitalize",
  "squish",
  "split: ' ' | sort | join",
  "replace: 'a', 'b'",
  "replace: message.text, 'b'",
  "remove_last: message.text",
  "split: '' | sort_natural | join",
  "split: '' | uniq | size",
  "split: '' | reverse | join",
  "json",
  "number_of_words",
  "strip",
  "date: '%Y'",
  "base64_encode",
  "newline_to_br",
  "split: '' | group_by: 'size' | size",
  "sha256",
];

const language: Door[] = [
  ...FILTERS.map((filter) => text(`{{ message.text | ${filter} }}`)),
  text("{{ now | date: message.text }}"),
  text("{% assign all = message.text | split: '' %}{% for one in all %}{{ one }}{% endfor %}", { lengthOnly: true }),
  text(
    "{% assign all = message.text | split: '' %}{% for a in all %}{% for b in all %}{% if a == b %}{% endif %}{% endfor %}{% endfor %}",
    { lengthOnly: true },
  ),
  ...["message.text.contains('aaab')", "size(message.text.split('')) > 1", "message.text.lowerAscii() == 'x'"].map(
    (one) => condition(one),
  ),
  ...[
    "duration(message.text) > duration('1s')",
    "timestamp(message.text) > timestamp('2020-01-01T00:00:00Z')",
    "int(message.text) > 1",
  ].map((one) => condition(one)),
  ...["double(message.text) > 1.0", "size(message.text) > 1", "message.text.contains(message.text + 'b')"].map((one) =>
    condition(one),
  ),
  { ...condition("message.text.split('').all(a, message.text.split('').all(b, a == b))"), lengthOnly: true },
  condition("message.text.matches('^[a-z]+$')", MAX_MATCHED_CHARACTERS),
  {
    name: "a condition that is compiled",
    limit: MAX_EXPRESSION_CHARACTERS,
    by: "src/language/cel.ts",
    run: (source) => compileExpression(source, { locate }),
  },
  {
    name: "a text that is compiled",
    limit: 20_000,
    by: "src/language/template.ts",
    run: (source) => compileTemplate(source, { locate }),
  },
  {
    slow: true,
    name: "a pattern",
    limit: 200,
    by: "src/workflow/steps/collect-fields.ts",
    run: (source) => patternFault(`^(?:${source})$`, 500),
  },
];

const compiling = {
  adapters: ["playground"],
  capabilities: () => playground.capabilities(PAGE),
} as unknown as Parameters<typeof compileContent>[1];

const PROCEDURE_HEAD = "---\nid: a\ntrigger: { when: b }\n---\n\n## A\n\n";

const files: Door[] = [
  {
    name: "a workflow file",
    limit: MAX_FILE_CHARACTERS,
    by: "src/language/yaml-file.ts",
    run: (source) => parse(source, "x.yaml"),
  },
  {
    name: "a procedure's front matter",
    limit: MAX_FILE_CHARACTERS,
    by: "src/language/yaml-file.ts",
    run: (source) => parseProcedure(`---\n${source}\n---\n`, "x.md"),
  },
  {
    name: "a procedure's page",
    limit: MAX_FILE_CHARACTERS - PROCEDURE_HEAD.length,
    by: "src/procedure/markdown.ts",
    run: (source) => parseProcedure(`${PROCEDURE_HEAD}${source}`, "x.md"),
  },
  {
    name: "frontdesk.yaml and a connector",
    limit: MAX_FILE_CHARACTERS,
    by: "src/language/yaml-file.ts",
    run: (source) => compileContent({ "frontdesk.yaml": source, "connectors/crm.yaml": source }, compiling),
  },
];

export const DOORS: readonly Door[] = [...platforms, ...answers, ...shown, ...language, ...files];
