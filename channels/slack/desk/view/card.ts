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
  lines,
  mention,
  moment,
  plain,
  type Shown,
  shortened,
  smallPrint,
  utc,
  words,
} from "./blocks.ts";

/** What the card says that is not in its snapshot. */
export interface CardFacts {
  /** The queue's title. */
  queue: string;
  /** Whether there are workflows to start by hand. */
  manual: boolean;
  /** Names this revision: a select whose block keeps its id keeps showing what was chosen last. */
  revision: string;
}

/** A header's text (@slack/types). */
const MAX_HEADER_CHARACTERS = 150;
/** A fact's label, before it is no label any more. Ours. */
const MAX_LABEL_CHARACTERS = 80;
/** What customers said fills at most so much of a card (Slack answers `msg_blocks_too_long` at a length it does not name). */
const MAX_CARD_CHARACTERS = 12_000;
/** `block_id` (@slack/types). */
const MAX_BLOCK_ID_CHARACTERS = 255;

/** The card of a case, the root of its thread, whole from the snapshot. */
export function cardMessage(card: CaseCard, facts: CardFacts): Shown {
  const top: KnownBlock[] = [
    { type: "header", text: plain(shortened(title(card), MAX_HEADER_CHARACTERS)) },
    lines(standing(card, facts)),
  ];
  const bottom: KnownBlock[] = [...foot(card), ...link(card), ...actions(card, facts)];
  const room = MAX_BLOCKS - top.length - bottom.length;
  return { text: oneLine(card, facts), blocks: [...top, ...told(card, room), ...bottom] };
}

/** What stays where the case was, when its queue is in another Slack channel. */
export function movedMessage(card: CaseCard, queue: string): Shown {
  const message = `Moved to ${queue}`;
  return {
    text: `${title(card)}: ${message}`,
    blocks: [
      { type: "header", text: plain(shortened(title(card), MAX_HEADER_CHARACTERS)) },
      lines([
        [
          bold(message),
          words(`. Case ${card.conversation} goes on there; nothing that is written here reaches the customer.`),
        ],
      ]),
    ],
  };
}

/** "Dana · sms" */
const title = ({ customer, channel }: CaseCard): string =>
  `${cleanName(customer, UNKNOWN_CUSTOMER)} · ${cleanName(channel, "?")}`;

/** Whether the title has all of the name. */
const isWhole = ({ customer, ...card }: CaseCard): boolean =>
  title({ ...card, customer }).length <= MAX_HEADER_CHARACTERS && !cleanName(customer, "?").endsWith("…");

function standing(card: CaseCard, { queue }: CardFacts): RichTextElement[][] {
  const where = [...pair("Queue", words(queue)), GAP, ...pair("Status", words(statusOf(card)))];
  const urgent = pair("Priority", card.priority === "normal" ? words("normal") : bold(card.priority));
  const holder = pair("Held by", card.holder === null ? words("nobody") : mention(card.holder));
  const waiting = card.waitingSince === null ? [] : [GAP, ...pair("Waiting since", moment(card.waitingSince))];
  return [
    [...where, GAP, ...urgent],
    [...holder, ...waiting],
    ...(card.trust === undefined ? [] : [pair("Identity", words(IDENTITY[card.trust]))]),
  ];
}

/** What operators may rely on before they say or do anything that is only for this customer. */
const IDENTITY: Readonly<Record<NonNullable<CaseCard["trust"]>, string>> = {
  verified: "verified by the channel",
  asserted: "claimed, not verified",
  unverified: "not verified",
  spoof_suspect: "may be forged: verify before you tell them anything of theirs",
};

const GAP = words("   ");
const pair = (label: string, value: RichTextElement): RichTextElement[] => [bold(label), words(" "), value];

const statusOf = ({ status, mergedInto }: CaseCard): string =>
  mergedInto == null ? status : `merged into case ${mergedInto}`;

/** Why, summary and facts, in at most `room` blocks; what does not fit is counted. */
function told(card: CaseCard, room: number): KnownBlock[] {
  const paragraphs = [
    { label: "Customer", value: isWhole(card) ? "" : card.customer },
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

/** Who reads what is written to the customer, where they did not write to us. */
function repliesOf({ about }: CaseCard): string {
  if (about == null) return "";
  const { author, place, told } = about;
  const where = `into the thread of that message in ${place}, where everybody there can read it`;
  return told ? `go ${where}.` : `None yet: ${author} knows nothing of this case. The first one goes ${where}.`;
}

function paragraph(label: string, value: string): KnownBlock[] {
  const [first = "", ...rest] = cut(value, MAX_SECTION_CHARACTERS, escapedLength);
  const head = bold(cleanName(shortened(label, MAX_LABEL_CHARACTERS), "Fact"));
  return [lines([[head, words("  "), words(first)]]), ...rest.map((piece) => lines([[words(piece)]]))];
}

function foot({ conversation, tags, openedAt }: CaseCard): KnownBlock[] {
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

/** What may be done now. A case that is over takes nothing more, and a merged one goes on elsewhere. */
function offered(card: CaseCard, { manual }: CardFacts): { buttons: Act[]; more: Act[] } {
  const run = manual ? [RUN] : [];
  if (card.status === "solved" || card.mergedInto != null) return { buttons: [], more: [] };
  if (card.status === "with the bot") return { buttons: [TAKE_OVER], more: [NOTE, ...run] };
  if (card.holder === null) return { buttons: [CLAIM], more: [NOTE, TRANSFER, MERGE, ...run] };
  return { buttons: [REPLY, RESOLVE], more: [NOTE, TRANSFER, MERGE, ...run, HAND_BACK, UNCLAIM] };
}

/** Where the whole of it is read. Pressing it needs no answer of ours. */
function link({ link: url, conversation }: CaseCard): ActionsBlock[] {
  if (url === undefined) return [];
  const open: Button = {
    type: "button",
    text: plain("Open in Frontdesk"),
    url,
    action_id: `desk:link:${conversation}`,
  };
  return [{ type: "actions", block_id: `link:${conversation}`, elements: [open] }];
}

function actions(card: CaseCard, facts: CardFacts): ActionsBlock[] {
  const { buttons, more } = offered(card, facts);
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

/** All of it on one line, for notifications and screen readers. */
function oneLine(card: CaseCard, { queue }: CardFacts): string {
  const said = [
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
  return said
    .filter((part) => part !== "")
    .join("; ")
    .replace(/\s+/g, " ");
}
