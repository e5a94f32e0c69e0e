import type { ActionsBlock, Button, KnownBlock, PlainTextOption, RichTextElement } from "@slack/types";
import { cut } from "../../../../src/adapter/cut.ts";
import type { CaseCard } from "../../../../src/domain/case.ts";
import { UNKNOWN_CUSTOMER } from "../../../../src/domain/customer-name.ts";
import { MAX_BLOCKS, MAX_SECTION_CHARACTERS } from "../../limits.ts";
import { escapedLength } from "../../outbound/escape.ts";
import { actionOf, type ButtonCommand, type CaseDialog, MORE, openOf } from "./actions.ts";
import {
  bold,
  cleanName,
  type DeskMessage,
  lines,
  mention,
  moment,
  plain,
  shortened,
  smallPrint,
  utc,
  words,
} from "./blocks.ts";

/** Facts on the card that are not in its snapshot. */
export interface CardFacts {
  /** The queue's title. */
  queue: string;
  /** There are workflows to start by hand. */
  manual: boolean;
  /** Id of this revision: a select whose block keeps its id keeps showing its last choice. */
  revision: string;
}

/** A header's text (@slack/types). */
const MAX_HEADER_CHARACTERS = 150;
/** The longest label of a fact. Our own limit. */
const MAX_LABEL_CHARACTERS = 80;
/** The longest total of a card's texts (Slack answers `msg_blocks_too_long` at a length that it does not document). */
const MAX_CARD_CHARACTERS = 12_000;
/** `block_id` (@slack/types). */
const MAX_BLOCK_ID_CHARACTERS = 255;

/** Renders the card of a case, the root of its thread. */
export function cardMessage(card: CaseCard, facts: CardFacts): DeskMessage {
  const top: KnownBlock[] = [
    { type: "header", text: plain(shortened(title(card), MAX_HEADER_CHARACTERS)) },
    lines(stateLines(card, facts)),
  ];
  const bottom: KnownBlock[] = [...footer(card), ...linkBlocks(card), ...actionBlocks(card, facts)];
  const room = MAX_BLOCKS - top.length - bottom.length;
  return { text: fallbackText(card, facts), blocks: [...top, ...detailBlocks(card, room), ...bottom] };
}

/** Renders the old card of a case that moved to another Slack channel. */
export function movedMessage(card: CaseCard, queue: string): DeskMessage {
  const message = `Moved to ${queue}`;
  return {
    text: `${title(card)}: ${message}`,
    blocks: [
      { type: "header", text: plain(shortened(title(card), MAX_HEADER_CHARACTERS)) },
      lines([
        [
          bold(message),
          words(`. Case ${card.conversation} continues there; nothing written here reaches the customer.`),
        ],
      ]),
    ],
  };
}

/** "Dana · sms" */
const title = ({ customer, channel }: CaseCard): string =>
  `${cleanName(customer, UNKNOWN_CUSTOMER)} · ${cleanName(channel, "?")}`;

/** True when the title shows the whole name. */
const showsWholeName = ({ customer, ...card }: CaseCard): boolean =>
  title({ ...card, customer }).length <= MAX_HEADER_CHARACTERS && !cleanName(customer, "?").endsWith("…");

function stateLines(card: CaseCard, { queue }: CardFacts): RichTextElement[][] {
  const where = [...labelled("Queue", words(queue)), GAP, ...labelled("Status", words(statusOf(card)))];
  const urgent = labelled("Priority", card.priority === "normal" ? words("normal") : bold(card.priority));
  const holder = labelled("Held by", card.holder === null ? words("nobody") : mention(card.holder));
  const waiting = card.waitingSince === null ? [] : [GAP, ...labelled("Waiting since", moment(card.waitingSince))];
  return [
    [...where, GAP, ...urgent],
    [...holder, ...waiting],
    ...(card.trust === undefined ? [] : [labelled("Identity", words(IDENTITY[card.trust]))]),
  ];
}

/** Tells operators how far they can trust the customer's identity. */
const IDENTITY: Readonly<Record<NonNullable<CaseCard["trust"]>, string>> = {
  verified: "verified by the channel",
  asserted: "claimed, not verified",
  unverified: "not verified",
  spoof_suspect: "may be forged: verify it before you share any of their data",
};

const GAP = words("   ");
const labelled = (label: string, value: RichTextElement): RichTextElement[] => [bold(label), words(" "), value];

const statusOf = ({ status, mergedInto }: CaseCard): string =>
  mergedInto == null ? status : `merged into case ${mergedInto}`;

/** Renders reason, summary and facts in at most `room` blocks; counts those that do not fit. */
function detailBlocks(card: CaseCard, room: number): KnownBlock[] {
  const paragraphs = [
    { label: "Customer", value: showsWholeName(card) ? "" : card.customer },
    { label: "Why", value: card.reason },
    { label: "Replies", value: repliesOf(card) },
    { label: "Summary", value: card.summary ?? "" },
    ...card.facts,
  ].filter(({ value }) => value.trim() !== "");
  const blocks: KnownBlock[] = [];
  let left = MAX_CARD_CHARACTERS;
  for (const [at, { label, value }] of paragraphs.entries()) {
    const shown = paragraph(label, value);
    left -= escapedLength(label) + escapedLength(value);
    if (left < 0 || blocks.length + shown.length >= room) {
      return [...blocks, ...smallPrint(`${paragraphs.length - at} more facts are too long to be shown here.`)];
    }
    blocks.push(...shown);
  }
  return blocks;
}

/** Tells who reads a reply, if the customer did not write to us. */
function repliesOf({ about }: CaseCard): string {
  if (about == null) return "";
  const { author, place, told } = about;
  const where = `into the thread of that message in ${place}, where everybody there can read it`;
  return told ? `go ${where}.` : `None yet: ${author} does not know about this case. The first one goes ${where}.`;
}

function paragraph(label: string, value: string): KnownBlock[] {
  const [first = "", ...rest] = cut(value, MAX_SECTION_CHARACTERS, escapedLength);
  const head = bold(cleanName(shortened(label, MAX_LABEL_CHARACTERS), "Fact"));
  return [lines([[head, words("  "), words(first)]]), ...rest.map((piece) => lines([[words(piece)]]))];
}

function footer({ conversation, tags, openedAt }: CaseCard): KnownBlock[] {
  const tagged = tags.length === 0 ? "" : ` · ${tags.join(", ")}`;
  // A context block takes no rich text, and plain text no date in the reader's time zone.
  return smallPrint(`Case ${conversation} · opened ${utc(openedAt)}${tagged}`);
}

type Act = { label: string; act: ButtonCommand; primary?: true } | { label: string; opens: CaseDialog; primary?: true };

const CLAIM: Act = { label: "Claim", act: "claim", primary: true };
const TAKE_OVER: Act = { label: "Take over", act: "take_over", primary: true };
const REPLY: Act = { label: "Reply to customer", opens: "reply", primary: true };
const RESOLVE: Act = { label: "Resolve", act: "resolve" };
const NOTE: Act = { label: "Add a note", opens: "note" };
const TRANSFER: Act = { label: "Transfer to another queue", opens: "transfer" };
const MERGE: Act = { label: "Merge into another case", opens: "merge" };
const RUN: Act = { label: "Start a workflow", opens: "run" };
const HAND_BACK: Act = { label: "Hand back to the bot", act: "hand_back" };
const UNCLAIM: Act = { label: "Give back to the queue", act: "unclaim" };

/** Returns the actions for the case's state; none if it is solved or merged. */
function actionsFor(card: CaseCard, { manual }: CardFacts): { buttons: Act[]; more: Act[] } {
  const run = manual ? [RUN] : [];
  if (card.status === "solved" || card.mergedInto != null) return { buttons: [], more: [] };
  if (card.status === "with the bot") return { buttons: [TAKE_OVER], more: [NOTE, ...run] };
  if (card.holder === null) return { buttons: [CLAIM], more: [NOTE, TRANSFER, MERGE, ...run] };
  return { buttons: [REPLY, RESOLVE], more: [NOTE, TRANSFER, MERGE, ...run, HAND_BACK, UNCLAIM] };
}

/** Renders the link to the case in Frontdesk; a press needs no answer from us. */
function linkBlocks({ link: url, conversation }: CaseCard): ActionsBlock[] {
  if (url === undefined) return [];
  const open: Button = {
    type: "button",
    text: plain("Open in Frontdesk"),
    url,
    action_id: `desk:link:${conversation}`,
  };
  return [{ type: "actions", block_id: `link:${conversation}`, elements: [open] }];
}

function actionBlocks(card: CaseCard, facts: CardFacts): ActionsBlock[] {
  const { buttons, more } = actionsFor(card, facts);
  if (buttons.length === 0) return [];
  const c = card.conversation;
  const select = {
    type: "static_select" as const,
    action_id: MORE,
    placeholder: plain("More…"),
    options: more.map((act) => option(act, c)),
  };
  return [
    {
      type: "actions",
      block_id: `case:${c}:${facts.revision}`.slice(0, MAX_BLOCK_ID_CHARACTERS),
      elements: [...buttons.map((act) => button(act, c)), select],
    },
  ];
}

function button(act: Act, c: number): Button {
  return {
    type: "button",
    text: plain(act.label),
    action_id: "act" in act ? actionOf(act.act) : openOf(act.opens),
    value: JSON.stringify({ c }),
    ...(act.primary === true ? { style: "primary" as const } : {}),
  };
}

const option = (act: Act, c: number): PlainTextOption => ({
  text: plain(act.label),
  value: JSON.stringify({ c, do: "act" in act ? act.act : act.opens }),
});

/** Renders the whole card on one line, for notifications and screen readers. */
function fallbackText(card: CaseCard, { queue }: CardFacts): string {
  const facts = [
    `${title(card)}: case ${card.conversation}, ${statusOf(card)}, in ${queue}`,
    card.priority === "normal" ? "" : `priority ${card.priority}`,
    card.holder === null ? "held by nobody" : `held by ${cleanName(card.holder.name, card.holder.id)}`,
    card.waitingSince === null ? "" : `waiting since ${utc(card.waitingSince)}`,
    `why: ${card.reason}`,
    card.about == null ? "" : `replies: ${repliesOf(card)}`,
    card.summary === null ? "" : `summary: ${card.summary}`,
    ...card.facts.map(({ label, value }) => `${label}: ${value}`),
    card.tags.length === 0 ? "" : `tags: ${card.tags.join(", ")}`,
  ];
  return facts
    .filter((part) => part !== "")
    .join("; ")
    .replace(/\s+/g, " ");
}
