/** Renders the dialogs as views. Pure: their facts about a case come from its card. */
import type { KnownBlock, ModalView } from "@slack/types";
import { type CaseCard, mergeQuestion } from "../../../../src/domain/case.ts";
import { type CaseDialog, callbackOf, type DialogValue, MERGE_TWO, type MergeTwoValue } from "./actions.ts";
import { plain } from "./blocks.ts";
import { type Choice, linkButton, section, selectField, textField } from "./fields.ts";
import { oneLine } from "./words.ts";

/** Search field of the merge dialog, answered while the dialog is open. */
export const FIND_BLOCK = "find";
export const FIND_ACTION = "desk:find";

const MAX_NAME = 80;
const MAX_WHY = 300;

/** A case, with the title of its queue. */
export interface AboutCase {
  card: CaseCard;
  queue: string;
}

interface DialogText {
  title: string;
  submit: string;
  blocks: KnownBlock[];
}

/** Renders the reply dialog. `mine`: this operator holds the case. */
export function replyDialog(about: AboutCase, o: { mine: boolean }): ModalView {
  const { card } = about;
  const holder = oneLine(card.holder?.name ?? "", MAX_NAME);
  const whose = o.mine ? [] : [section(`${holder} holds this case, and keeps it when you reply.`)];
  const goes = section(`This goes to ${oneLine(card.customer, MAX_NAME)} by ${oneLine(card.channel, MAX_NAME)}.`);
  return dialog("reply", about, {
    title: "Reply to customer",
    submit: "Send to customer",
    blocks: [goes, ...whose, textField("text", "Reply", { multiline: true })],
  });
}

export const noteDialog = (about: AboutCase): ModalView =>
  dialog("note", about, {
    title: "Note for colleagues",
    submit: "Add note",
    blocks: [section("This stays inside: the customer never sees it."), textField("text", "Note", { multiline: true })],
  });

/** Renders the transfer dialog. `queues`: possible targets, at least one. */
export const transferDialog = (about: AboutCase, queues: readonly Choice[]): ModalView =>
  dialog("transfer", about, {
    title: "Move to another queue",
    submit: "Move the case",
    blocks: [
      section("Nobody holds the case when it arrives there: whoever claims it first gets it."),
      selectField("queue", "Queue", { choices: queues }),
    ],
  });

/** Renders the merge dialog. `others`: cases to merge into; `query`: the search that found them. */
export function mergeDialog(about: AboutCase, others: readonly CaseCard[], query: string | null): ModalView {
  const choices = others.map((card) => ({
    value: String(card.conversation),
    label: `${card.conversation} · ${oneLine(card.customer, MAX_NAME)} · ${oneLine(card.channel, MAX_NAME)}`,
    more: card.summary ?? card.reason,
  }));
  const none =
    query === null ? "There is no other open case." : `No other open case has “${oneLine(query, MAX_NAME)}”.`;
  const choose = choices.length === 0 ? section(none) : selectField("into", "Merge into", { choices });
  return dialog("merge", about, {
    title: "Merge two cases",
    submit: "Merge the cases",
    blocks: [
      section("This case ends and continues in the one you choose. What you write there goes to that case's customer."),
      choose,
      searchField(),
    ],
  });
}

/** Renders the confirmation before the cases of two people are merged: it names both. */
export function mergeTwoDialog(about: AboutCase, other: CaseCard, seen: DialogValue["seen"]): ModalView {
  const { card } = about;
  const value: MergeTwoValue = { c: card.conversation, seen, into: other.conversation };
  const [one, two] = [card, other].map(({ customer }) => oneLine(customer, MAX_NAME)) as [string, string];
  return {
    type: "modal",
    callback_id: MERGE_TWO,
    private_metadata: JSON.stringify(value),
    title: plain("Two people, one case?"),
    submit: plain("Merge both"),
    close: plain("Cancel"),
    blocks: [section(headline(card, about.queue)), section(mergeQuestion(one, two))],
  };
}

/** Renders the dialog that starts a workflow. `workflows`: those that can be started by hand, at least one. */
export const runDialog = (about: AboutCase, workflows: readonly Choice[]): ModalView =>
  dialog("run", about, {
    title: "Start a workflow",
    submit: "Start the workflow",
    blocks: [selectField("workflow", "Workflow", { choices: workflows })],
  });

/** Renders the dialog "Write to someone". `channels`, `queues`: at least one each; the first is preselected. */
export function startDialog(o: { channels: readonly Choice[]; queues: readonly Choice[] }): ModalView {
  return {
    type: "modal",
    callback_id: callbackOf("start"),
    title: plain("Write to someone"),
    submit: plain("Send to customer"),
    close: plain("Cancel"),
    blocks: [
      section("This starts a conversation. You hold its case, and answers arrive in its thread."),
      selectField("channel", "Channel", { choices: o.channels, ...firstOf(o.channels) }),
      textField("to", "To", {
        hint: "A telephone number with its country (+1 555 0100), an address, or a name in Slack.",
      }),
      selectField("queue", "Queue", { choices: o.queues, ...firstOf(o.queues) }),
      textField("text", "First message", { multiline: true }),
    ],
  };
}

const firstOf = ([first]: readonly Choice[]) => (first === undefined ? {} : { chosen: first.value });

/** Renders a text in place of a dialog. */
export function notice(title: string, text: string, link: string | null = null): ModalView {
  const blocks: KnownBlock[] = [section(text)];
  if (link !== null) blocks.push({ type: "actions", elements: [linkButton("Open the thread", link)] });
  return { type: "modal", title: plain(title), close: plain("Close"), blocks };
}

/** Placeholder until a dialog's content is ready: a trigger id lives three seconds only. */
export const LOADING: ModalView = notice("Frontdesk", "One moment …");

function dialog(name: CaseDialog, { card, queue }: AboutCase, { title, submit, blocks }: DialogText): ModalView {
  const value: DialogValue = {
    c: card.conversation,
    seen: { holder: card.holder?.id ?? null, queue: card.queue },
  };
  return {
    type: "modal",
    callback_id: callbackOf(name),
    private_metadata: JSON.stringify(value),
    title: plain(title),
    submit: plain(submit),
    close: plain("Cancel"),
    blocks: [section(headline(card, queue)), ...blocks],
  };
}

function headline(card: CaseCard, queue: string): string {
  const holder = card.holder === null ? "nobody holds it" : `${oneLine(card.holder.name, MAX_NAME)} holds it`;
  const who = `${oneLine(card.customer, MAX_NAME)} · ${oneLine(card.channel, MAX_NAME)}`;
  return `${who}\nCase ${card.conversation} · ${oneLine(queue, MAX_NAME)} · ${holder}\n${oneLine(card.reason, MAX_WHY)}`;
}

const searchField = (): KnownBlock => ({
  type: "input",
  block_id: FIND_BLOCK,
  label: plain("Not in the list?"),
  hint: plain("Write a name, a channel or a number, and press Enter."),
  optional: true,
  dispatch_action: true,
  element: {
    type: "plain_text_input",
    action_id: FIND_ACTION,
    max_length: MAX_NAME,
    dispatch_action_config: { trigger_actions_on: ["on_enter_pressed"] },
  },
});
