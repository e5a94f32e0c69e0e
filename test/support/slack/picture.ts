/**
 * Draws the desk's posts roughly as Slack shows them, for the README: `npx tsx test/support/slack/picture.ts`. Needs
 * Chromium, and uses the desk's own renderers.
 */
import { writeFile } from "node:fs/promises";
import type { KnownBlock, RichTextElement } from "@slack/types";
import { chromium } from "playwright-core";
import type { DeskMessage } from "../../../channels/slack/desk/view/blocks.ts";
import { cardMessage } from "../../../channels/slack/desk/view/card.ts";
import { deliveryStatusMessage } from "../../../channels/slack/desk/view/delivery-status.ts";
import { type EntryPost, entryPosts } from "../../../channels/slack/desk/view/entry.ts";
import type { CaseCard, DeskEntry } from "../../../src/domain/case.ts";
import { card, entry } from "../desk-cases.ts";
import { chromiumPath } from "../services.ts";

const FACTS = { queue: "Front line", manual: true, revision: "r" };
const KIM = { id: "U0KIM", name: "Kim Lee" };
/** Names drawn for mentions. */
const PEOPLE: Readonly<Record<string, string>> = { [KIM.id]: KIM.name };
const LOOK = { mirror: "username", isTaken: () => false } as const;
const WIDTH = 640;

const dana = (o: Partial<CaseCard>): CaseCard =>
  card({
    conversation: 1042,
    customer: "Dana Smith",
    trust: "asserted",
    reason: "They asked for a person",
    summary:
      "The parcel of order A-2291 shows no movement since Monday. The bot checked the carrier and offered a refund.",
    facts: [
      { label: "Order", value: "A-2291" },
      { label: "Carrier", value: "Acme Parcel, in transit" },
    ],
    tags: ["delivery"],
    openedAt: "2026-11-20T09:58:00.000Z",
    ...o,
  });
const words = (o: Partial<DeskEntry>): EntryPost[] => entryPosts([entry({ author: "Dana Smith", ...o })], LOOK);
const replied = { kind: "reply", author: KIM.name } as const;
const mark = (message: string): DeskMessage =>
  deliveryStatusMessage({ conversation: 1042, ref: "r", message, question: null, earlier: null, entry: null }, null);

const asked = words({ text: "Hi, where is my parcel? It was due on Monday." });
const answered = [
  ...words({ ...replied, text: "Hi Dana, I have asked the carrier. You hear from me before noon." }),
  mark("→ Dana Smith, sms, delivered"),
];

/** Posts of each picture, from the card down. */
const PICTURES: Readonly<Record<string, readonly (EntryPost | DeskMessage)[]>> = {
  new: [cardMessage(dana({ priority: "high", waitingSince: "2026-11-20T10:04:00.000Z" }), FACTS), ...asked],
  claimed: [
    cardMessage(dana({ status: "with us", holder: KIM, waitingSince: "2026-11-20T10:04:00.000Z" }), FACTS),
    ...asked,
    ...words({ kind: "system", author: "Frontdesk", text: "Kim Lee claimed the case." }),
  ],
  waiting: [cardMessage(dana({ status: "waiting for the customer", holder: KIM }), FACTS), ...answered],
  solved: [
    cardMessage(dana({ status: "solved", holder: KIM }), FACTS),
    ...answered,
    ...words({ kind: "system", author: "Frontdesk", text: "Kim Lee resolved the case." }),
  ],
};

const html = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll("\n", "<br>");

function rich(element: RichTextElement): string {
  if (element.type === "text")
    return element.style?.bold === true ? `<b>${html(element.text)}</b>` : html(element.text);
  if (element.type === "user")
    return `<span class="mention">@${html(PEOPLE[element.user_id] ?? element.user_id)}</span>`;
  if (element.type === "date") return `Today at ${new Date(element.timestamp * 1_000).toISOString().slice(11, 16)}`;
  throw new Error(`The desk shows no ${element.type}`);
}

function drawBlock(block: KnownBlock): string {
  if (block.type === "header") return `<h3>${html(block.text.text)}</h3>`;
  if (block.type === "actions") return `<p class="actions">${block.elements.map(pressable).join("")}</p>`;
  if (block.type === "context")
    return `<p class="small">${block.elements.map((one) => ("text" in one ? html(one.text) : "")).join(" ")}</p>`;
  if (block.type === "rich_text")
    return `<p>${block.elements
      .flatMap(({ elements }) => elements as RichTextElement[])
      .map(rich)
      .join("")}</p>`;
  throw new Error(`The desk shows no ${block.type}`);
}

function pressable(element: {
  type: string;
  text?: { text: string };
  style?: string;
  placeholder?: { text: string };
}): string {
  if (element.type === "button")
    return `<span class="button ${element.style ?? ""}">${html(element.text?.text ?? "")}</span>`;
  return `<span class="button">${html(element.placeholder?.text ?? "")} ▾</span>`;
}

function message(post: EntryPost | DeskMessage, at: number): string {
  const username = "username" in post ? post.username : undefined;
  const app = username === undefined;
  const head = `<b>${html(username ?? "Frontdesk")}</b> <span class="app">APP</span> <span class="time">10:0${4 + at}</span>`;
  return `<div class="message"><div class="face ${app ? "ours" : ""}">${(username ?? "Frontdesk").charAt(0)}</div><div>${head}${post.blocks.map(drawBlock).join("")}</div></div>`;
}

const STYLE = `
body { margin: 0; width: ${WIDTH}px; font: 14px/1.46 Lato, "DejaVu Sans", Arial, sans-serif; color: #1d1c1d; background: #fff; }
.message { display: flex; gap: 8px; padding: 8px 16px; }
.face { width: 36px; height: 36px; border-radius: 6px; background: #e8e8e8; display: grid; place-items: center; flex: none; }
.ours { background: #1f2937; color: #fff; font-weight: bold; }
.app { font-size: 10px; background: #e8e8e8; border-radius: 2px; padding: 1px 3px; color: #616061; }
.time, .small { font-size: 12px; color: #616061; }
h3 { font-size: 18px; margin: 4px 0; } p { margin: 4px 0; white-space: pre-wrap; }
.button { display: inline-block; border: 1px solid #ccc; border-radius: 4px; padding: 2px 12px; margin: 4px 8px 0 0; font-weight: bold; font-size: 13px; }
.primary { background: #007a5a; border-color: #007a5a; color: #fff; }
.mention { background: #e8f5fa; color: #1264a3; border-radius: 3px; padding: 0 2px; }
.replies { border-left: 2px solid #ddd; margin-left: 32px; }`;

async function draw(): Promise<void> {
  const executablePath = chromiumPath();
  if (executablePath === null) throw new Error("There is no Chromium: install one, or name it in CHROMIUM_PATH");
  const browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-dev-shm-usage"] });
  try {
    const page = await browser.newPage({ viewport: { width: WIDTH, height: 100 } });
    for (const [name, posts] of Object.entries(PICTURES)) {
      const [root = "", ...replies] = posts.map(message);
      await page.setContent(`<style>${STYLE}</style>${root}<div class="replies">${replies.join("")}</div>`);
      const file = new URL(`../../../docs/slack-card-${name}.png`, import.meta.url);
      await writeFile(file, await page.screenshot({ fullPage: true }));
    }
  } finally {
    await browser.close();
  }
}

await draw();
