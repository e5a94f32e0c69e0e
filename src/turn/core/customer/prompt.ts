/**
 * The open prompt: reads pressed options and typed answers. Only the contact who was asked may answer, and only once.
 */
import type { Choice } from "../../../adapter/choice.ts";
import { choose } from "../../../adapter/choose/choose.ts";
import { PERSON_OPTION } from "../../../domain/option.ts";
import { sentencesFor } from "../../../workflow/sentences/sentences.ts";
import { offer, tellRun } from "../automation/triage.ts";
import { isHeld } from "../bot-policy.ts";
import { change, channelOf, line, type TransitionContext, tellChannel, tellCustomer } from "../context.ts";
import type { Event } from "../event.ts";
import { languagesOf } from "../facts.ts";
import type { OpenPrompt } from "../state.ts";
import { spentWindow } from "../traffic.ts";
import { asksForPerson } from "./asks-for-person.ts";

export type Spoken = Extract<Event, { kind: "message" | "choice" }>;

/** True when the sender is the conversation's contact, or none is known yet. */
export const isFromContact = ({ state }: TransitionContext, { from }: Pick<Spoken, "from">): boolean =>
  state.contact.id === 0 || from.contact.id === state.contact.id;

/**
 * True for words that were written before the question was shown: they came in the same turn, or while it had not left yet
 * (U2).
 */
export const isBeforePrompt = (context: TransitionContext, { unsent }: Spoken, { shown }: OpenPrompt): boolean =>
  shown.turn === context.turn || (unsent !== undefined && unsent <= shown.event);

/** True for words that came so soon after the question that they were being written when it was shown (U2). */
export function isInQuietPeriod(context: TransitionContext, { at }: Spoken, { shown }: OpenPrompt): boolean {
  return at.getTime() < Date.parse(shown.at) + channelOf(context).can.quietMs;
}

export const runOf = (context: TransitionContext, prompt: OpenPrompt | null) =>
  prompt === null ? null : (context.state.runs.find((run) => run.id === prompt.run) ?? null);

export function readChoice(context: TransitionContext, text: string, prompt: OpenPrompt | null): Choice {
  const reservedWords = context.catalog.channel(context.state.channel)?.can.reservedWords ?? [];
  // In a form "0" may be an answer; a plain wish for a person always counts.
  if (prompt?.field === true && asksForPerson(text)) return { option: PERSON_OPTION, via: "word" };
  const choice = choose(text, prompt, { reservedWords });
  // Without options "talk" is an answer; only the number or a plain wish asks for a person.
  const guessed = choice.option !== null && choice.via !== "number" && !asksForPerson(text);
  return guessed && prompt?.options.every(({ n }) => n === 0) === true ? { option: null, why: "free_text" } : choice;
}

export function describeChoice(id: string, via: string, prompt: OpenPrompt): string {
  if (id === PERSON_OPTION) return "A wish for a person";
  const option = prompt.options.find((candidate) => candidate.id === id);
  return `Means “${option?.label ?? id}” (read as a ${via.replace("_", " ")})`;
}

/** Records the answer, and replaces the buttons by the chosen label where the channel can. */
export function settlePrompt(context: TransitionContext, prompt: OpenPrompt, option: string): void {
  change(context, { answered: prompt.id });
  const { can } = channelOf(context);
  const label = prompt.options.find(({ id }) => id === option)?.label;
  if (label === undefined || can.edit !== "native" || can.options.support !== "native") return;
  tellChannel(context, { kind: "answered", promptId: prompt.id, chosen: label });
}

/** Handles a pressed option of the open prompt; an option of an earlier one may start a workflow or is called stale. */
export function onPress(context: TransitionContext, event: Extract<Event, { kind: "choice" }>): void {
  const { prompt } = context.state;
  const run = runOf(context, prompt);
  const option = prompt?.options.find(({ id }) => id === event.optionId);
  if (prompt?.id === event.promptId && run !== null && option !== undefined) {
    line(context, "choice.pressed", `Means “${option.label}” (pressed)`);
    settlePrompt(context, prompt, option.id);
    const choice: Choice = { option: option.id, via: "label" };
    tellRun(context, run, { kind: "reply", text: event.text, choice, attachments: [] });
    return;
  }
  line(context, "choice.stale", "The pressed option belongs to a question that is no longer open");
  const payload = { option: event.optionId, text: event.text };
  if (prompt === null && offer(context, { on: "option.chosen", payload, depth: 0 })) return;
  tellPresser(context, event, sentencesFor(languagesOf(context.state.contact)).stalePrompt);
}

/** True for a second press. The first may have opened a case or closed the conversation, so it must not count again. */
export const isAlreadyAnswered = (
  { state }: TransitionContext,
  { promptId }: Extract<Event, { kind: "choice" }>,
): boolean => promptId === state.answered && promptId !== state.prompt?.id;

export function onRepeatedPress(context: TransitionContext, event: Spoken): void {
  line(context, "choice.again", "The question of the pressed option has been answered already");
  tellPresser(context, event, sentencesFor(languagesOf(context.state.contact)).answeredPrompt);
}

/** Another person in the thread pressed an option: they are told that it is not for them. */
export function onPressByOther(context: TransitionContext, event: Spoken): void {
  line(context, "choice.foreign", "Someone other than the customer pressed an option, which changes nothing");
  tellPresser(context, event, sentencesFor(languagesOf(context.state.contact)).foreignPrompt);
}

/** Another person in the thread wrote while a question is open: it is kept, and answers nothing. */
export function onMessageByOther(context: TransitionContext, event: Spoken, prompt: OpenPrompt): void {
  line(
    context,
    "choice.foreign",
    "Someone other than the customer wrote while a question was open; the message is kept",
  );
  const meant = readChoice(context, event.text, prompt).option !== null;
  if (!meant || channelOf(context).can.hint !== "native") return;
  tellPresser(context, event, sentencesFor(languagesOf(context.state.contact)).foreignPrompt);
}

/** Tells the person who pressed, as a hint where the channel has hints, else in the thread. */
function tellPresser(context: TransitionContext, { from }: Spoken, text: string): void {
  if (channelOf(context).can.hint === "native") return tellChannel(context, { kind: "hint", to: from.address, text });
  // In the thread it is a message of the bot's, so people must not hold the conversation (T8), nor the limit be
  // reached.
  const { state, event, catalog } = context;
  if (!isHeld(state) && spentWindow(state.traffic, catalog.live.limits.thread, event.at) === null)
    tellCustomer(context, { text });
}
