/**
 * The open prompt: what a pressed option or a typed answer means, and who may answer. It is for whoever was asked; once it
 * has its answer it is consumed.
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

/** Whoever began the conversation, as far as is known. */
export const isFromContact = ({ state }: TransitionContext, { from }: Pick<Spoken, "from">): boolean =>
  state.contact.id === 0 || from.contact.id === state.contact.id;

export const runOf = (context: TransitionContext, prompt: OpenPrompt | null) =>
  prompt === null ? null : (context.state.runs.find((run) => run.id === prompt.run) ?? null);

export function readChoice(context: TransitionContext, text: string, prompt: OpenPrompt | null): Choice {
  const reservedWords = context.catalog.channel(context.state.channel)?.can.reservedWords ?? [];
  // A form's question may have no options, and "0" may be its answer; the words for a person always mean one.
  if (prompt?.field === true && asksForPerson(text)) return { option: PERSON_OPTION, via: "word" };
  const choice = choose(text, prompt, { reservedWords });
  // To a question without options "talk" is an answer; a person is asked for by the number or in so many words.
  const guessed = choice.option !== null && choice.via !== "number" && !asksForPerson(text);
  return guessed && prompt?.options.every(({ n }) => n === 0) === true ? { option: null, why: "free_text" } : choice;
}

export function describeChoice(id: string, via: string, prompt: OpenPrompt): string {
  if (id === PERSON_OPTION) return "A wish for a person";
  const option = prompt.options.find((candidate) => candidate.id === id);
  return `Means “${option?.label ?? id}” (read as a ${via.replace("_", " ")})`;
}

/** Takes options away where they are buttons that can go; the one that was chosen stays to be read. */
export function settlePrompt(context: TransitionContext, prompt: OpenPrompt, option: string): void {
  change(context, { answered: prompt.id });
  const { can } = channelOf(context);
  const label = prompt.options.find(({ id }) => id === option)?.label;
  if (label === undefined || can.edit !== "native" || can.options.support !== "native") return;
  tellChannel(context, { kind: "answered", promptId: prompt.id, chosen: label });
}

/** A pressed option counts while its prompt is the open one; later it only says so. */
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

/** Its first press may have opened a case, or closed the conversation, so it is no new word to either. */
export const isAlreadyAnswered = (
  { state }: TransitionContext,
  { promptId }: Extract<Event, { kind: "choice" }>,
): boolean => promptId === state.answered && promptId !== state.prompt?.id;

export function onRepeatedPress(context: TransitionContext, event: Spoken): void {
  line(context, "choice.again", "The question that the pressed option belongs to has its answer");
  tellPresser(context, event, sentencesFor(languagesOf(context.state.contact)).answeredPrompt);
}

/** A prompt is for whoever was asked; a stranger in the same thread is told so, and nothing else happens. */
export function onPressByOther(context: TransitionContext, event: Spoken): void {
  line(context, "choice.foreign", "Somebody else than the customer pressed an option, which changes nothing");
  tellPresser(context, event, sentencesFor(languagesOf(context.state.contact)).foreignPrompt);
}

/** Somebody else in the same thread answers nothing, whatever they write; it is kept with the conversation. */
export function onMessageByOther(context: TransitionContext, event: Spoken, prompt: OpenPrompt): void {
  line(context, "choice.foreign", "Somebody else than the customer wrote while a question is open; it is kept");
  const meant = readChoice(context, event.text, prompt).option !== null;
  if (!meant || channelOf(context).can.hint !== "native") return;
  tellPresser(context, event, sentencesFor(languagesOf(context.state.contact)).foreignPrompt);
}

/** Only to who pressed, where the channel can; else where all can read it. */
function tellPresser(context: TransitionContext, { from }: Spoken, text: string): void {
  if (channelOf(context).can.hint === "native") return tellChannel(context, { kind: "hint", to: from.address, text });
  // To all, it would be the bot that speaks (T8), and more than it may.
  const { state, event, catalog } = context;
  if (!isHeld(state) && spentWindow(state.traffic, catalog.live.limits.thread, event.at) === null)
    tellCustomer(context, { text });
}
