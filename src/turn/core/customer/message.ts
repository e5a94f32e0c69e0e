/** Handles a customer's message or pressed option: as an answer, as a new matter, or as words for the desk. */
import type { Attachment } from "../../../domain/message.ts";
import type { Reply, Run } from "../../../workflow/run.ts";
import { tellBackground } from "../automation/background.ts";
import { restartIdleAlarms } from "../automation/idle.ts";
import { offer, replyToRun } from "../automation/triage.ts";
import { botSilence, isHeld, isUnaddressed } from "../bot-policy.ts";
import { openCase } from "../case/open.ts";
import { endSuspended } from "../case/suspend.ts";
import { change, changeCase, line, type TransitionContext, tellDesk, tellSystem } from "../context.ts";
import type { Event } from "../event.ts";
import { askForFiles, showFiles, withFiles } from "../outgoing/files.ts";
import { foregroundRun, stopRun, stopRuns } from "../runs.ts";
import { LAST_TEXT_MAX } from "../state.ts";
import { isThanks } from "../thanks.ts";
import { asksForPerson } from "./asks-for-person.ts";
import { keepUnread } from "./brake.ts";
import {
  describeChoice,
  isAlreadyAnswered,
  isBeforePrompt,
  isFromContact,
  isInQuietPeriod,
  onMessageByOther,
  onPress,
  onPressByOther,
  onRepeatedPress,
  readChoice,
  runOf,
  type Spoken,
  settlePrompt,
} from "./prompt.ts";
import { type CustomerEvent, markWaiting, remember, senderNameOf } from "./remember.ts";
import { openUnanswered } from "./unanswered.ts";
import { amendUnread, keepForLater } from "./unread.ts";

/** The customer wrote, or pressed an option. */
export function onMessage(context: TransitionContext, event: Spoken): void {
  if (keepUnread(context, event)) return;
  const { phase: before, lastText: earlier } = context.state;
  if (event.kind === "choice" && !isFromContact(context, event)) return onPressByOther(context, event);
  if (event.kind === "choice" && isAlreadyAnswered(context, event)) return onRepeatedPress(context, event);
  if (before === "closed" && isUnaddressed(context.state)) {
    return line(
      context,
      "message.unaddressed",
      "Not written to us: the case about this thread was closed without a reply",
    );
  }
  change(context, { lastMessage: event.message });
  // The files of a merged case are fetched by the case it was merged into.
  if (context.state.case?.mergedInto == null)
    askForFiles(context, context.state.channel, { files: filesOf(event), author: senderNameOf(context, event) });
  if (before === "closed" && answersAfterClose(context, event)) return onAnswerAfterClose(context, event);
  if (before === "closed" && event.kind === "message" && isThanks(event.text)) {
    return line(context, "conversation.thanks", "Only thanks after the close, so it stays closed");
  }
  remember(context, event);
  const into = context.state.case?.mergedInto ?? null;
  if (into !== null) {
    const said = { author: senderNameOf(context, event), text: event.text, files: filesOf(event) };
    return relayToMergedCase(context, said, into);
  }
  if (context.state.optedOut === null) restartIdleAlarms(context);
  tellBackground(context, event);
  switch (botSilence(context.state)) {
    case "people":
      return showToPeople(context, event);
    case "opted_out":
      return onMessageWhileOptedOut(context);
    case "unaddressed":
    case null:
      break;
  }
  if (before !== "open") return onFirstMessage(context, event, before);
  if (event.kind === "choice") return onPress(context, event);
  const run = foregroundRun(context) ?? runOf(context, context.state.prompt);
  if (run !== null) return answerRun(context, event, { run, earlier });
  onReply(context, event);
}

/**
 * True when the event answers a question asked after the close ("How did we do?"), which does not open the
 * conversation.
 */
function answersAfterClose(context: TransitionContext, event: Spoken): boolean {
  const { prompt } = context.state;
  if (runOf(context, prompt) === null || prompt === null) return false;
  if (event.kind === "message") return !prompt.field && readChoice(context, event.text, prompt).option !== null;
  return event.promptId === prompt.id && prompt.options.some(({ id }) => id === event.optionId);
}

function onAnswerAfterClose(context: TransitionContext, event: Spoken): void {
  const { lastText: earlier } = context.state;
  remember(context, event);
  if (event.kind === "choice") return onPress(context, event);
  const run = runOf(context, context.state.prompt);
  if (run !== null) answerRun(context, event, { run, earlier });
}

/** The customer opted out, so nobody can answer them here; people get to read the message. */
function onMessageWhileOptedOut(context: TransitionContext): void {
  const word = context.state.optedOut?.word ?? null;
  const opted = `The customer opted out of texts${word === null ? "" : ` (${word})`} and wrote anyway`;
  line(context, "message.unanswered", `${opted}, so the bot does not answer`);
  openUnanswered(context, `${opted}. Nothing reaches them until they write START`);
}

/** People hold the conversation: the message is shown at the desk, and the bot is silent (T8). */
function showToPeople(context: TransitionContext, event: Spoken): void {
  endSuspended(context);
  line(context, "desk.mirrored", "A person holds the conversation, so the message went to the desk");
  mirrorToDesk(context, event);
  markWaiting(context);
}

const filesOf = (event: CustomerEvent) => (event.kind === "choice" ? [] : event.attachments);

/** Passes a message of a merged case on to the case it was merged into. */
function relayToMergedCase(
  context: TransitionContext,
  { author, text, files = [] }: { author: string; text: string; files?: readonly Attachment[] },
  into: number,
): void {
  line(context, "case.passed", `The case was merged into case ${into}, so the message went there`);
  const said = { channel: context.state.channel, author, text, files };
  context.relays.push({ conversation: into, happening: { kind: "elsewhere", from: context.conversation, ...said } });
}

/**
 * The customer changed or took back a message that was handled before: people are shown that, and nothing is done
 * again.
 */
export function onAmendment(context: TransitionContext, event: Extract<Event, { kind: "edit" | "delete" }>): void {
  const what = event.kind === "edit" ? "changed a message" : "took back a message";
  // It was handled with the change (amend.ts).
  if (event.early) return line(context, `message.${event.kind}`, `The customer ${what} before it was handled`);
  if (amendUnread(context, event)) return;
  line(context, `message.${event.kind}`, `The customer ${what} that had been handled before`);
  if (event.message === context.state.lastMessage) {
    change(context, { lastText: event.kind === "edit" ? event.text.slice(0, LAST_TEXT_MAX).toWellFormed() : "" });
  }
  // An edit has the conversation's contact, but in a thread with several people its author may be another.
  const author = event.from.displayName || senderNameOf(context, event);
  const into = context.state.case?.mergedInto ?? null;
  if (into !== null && event.kind === "edit")
    return relayToMergedCase(context, { author: `${author} (changed)`, text: event.text }, into);
  if (!isHeld(context.state)) return;
  if (event.kind === "delete") return tellSystem(context, `${author} took back a message.`);
  const notify = context.state.case?.holder == null ? {} : { notify: context.state.case.holder.id };
  tellDesk(context, { kind: "customer", author: `${author} (changed)`, text: event.text, internal: false, ...notify });
}

/** Shows a message of the customer's at the desk. The holder is mentioned, so that their platform notifies them. */
export function mirrorToDesk(context: TransitionContext, event: CustomerEvent): void {
  const holder = context.state.case?.holder ?? null;
  const notify = holder === null ? {} : { notify: holder.id };
  const files = withFiles(filesOf(event));
  tellDesk(context, {
    kind: "customer",
    author: senderNameOf(context, event),
    text: event.text,
    internal: false,
    ...notify,
    ...files,
  });
}

/** The first message of a matter goes to the first workflow that takes it, else to people. */
function onFirstMessage(context: TransitionContext, event: Spoken, before: "new" | "closed"): void {
  const on = before === "new" ? "conversation.opened" : "conversation.reopened";
  change(context, { phase: "open", resolution: null, closedAt: null });
  line(context, on, before === "new" ? "A new conversation began" : "The customer came back, so it is open again");
  const unanswered = runOf(context, context.state.prompt);
  if (unanswered !== null) stopRun(context, unanswered, "the customer came back with something else");
  // Its holder closed the case; one that was handed back before the close has no holder.
  if (context.state.case?.status === "solved" && context.state.case.holder !== null)
    return returnToQueue(context, event);
  if (isWishForPerson(event)) return openForPerson(context, {});
  if (!offer(context, { on, payload: { text: event.text }, depth: 0 })) openInDefaultQueue(context);
}

/** True for a plain wish for a person, which is granted at once, before any workflow. */
const isWishForPerson = (event: Spoken): boolean => event.kind === "message" && asksForPerson(event.text);

/** Returns a customer whom people had served to the queue of their case. */
function returnToQueue(context: TransitionContext, event: Spoken): void {
  const last = context.state.case?.holder?.name;
  const reason = last === undefined ? "The customer came back" : `The customer came back; ${last} had answered before`;
  line(context, "desk.returned", `${reason}, so it went to the queue it was in`);
  stopRuns(context, "people took over");
  const waitingSince = event.at.toISOString();
  changeCase(context, { held: true, status: "new", holder: null, reason, waitingSince, lastSpeaker: null });
  showFiles(context);
  mirrorToDesk(context, event);
}

function openInDefaultQueue(context: TransitionContext): void {
  line(context, "triage.untaken", "No workflow takes this message");
  const reason = "No workflow takes this message";
  openCase(context, {
    queue: null,
    priority: "normal",
    escalation: "policy",
    reason,
    summary: null,
    say: null,
    known: {},
    words: "say",
  });
}

/** A further message while no run waits for one. */
function onReply(context: TransitionContext, event: Spoken): void {
  if (isWishForPerson(event)) return openForPerson(context, {});
  const payload = { text: event.text };
  if (!offer(context, { on: "message.received", payload, depth: 0 })) openInDefaultQueue(context);
}

/** Gives the message to the run that holds the dialogue, as an answer to the options shown. */
function answerRun(
  context: TransitionContext,
  event: Extract<Event, { kind: "message" }>,
  { run, earlier }: { run: Run; earlier: string },
): void {
  const { prompt } = context.state;
  if (prompt !== null && !isFromContact(context, event)) {
    onMessageByOther(context, event, prompt);
    return keepForLater(context, event, earlier);
  }
  const early = prompt !== null && isBeforePrompt(context, event, prompt);
  if ((prompt === null || early) && isWishForPerson(event)) return openForPerson(context, run.values);
  if (early) return joinEarlier(context, event, earlier);
  const choice = readChoice(context, event.text, prompt);
  if (prompt !== null && choice.option !== null) {
    line(context, "choice.read", describeChoice(choice.option, choice.via, prompt));
    settlePrompt(context, prompt, choice.option);
  }
  const { text, attachments } = event;
  const reply: Reply = { kind: "reply", text, choice, attachments };
  const forgiving = prompt !== null && isInQuietPeriod(context, event, prompt);
  switch (replyToRun(context, run, { reply, forgiving })) {
    case "told":
      return;
    case "missed":
      return joinEarlier(context, event, earlier);
    case "unwanted":
      return keepForLater(context, event, earlier);
  }
}

/** Adds words that were written before the question was shown to those before them (U2). */
function joinEarlier(context: TransitionContext, event: Spoken, earlier: string): void {
  line(context, "message.joined", "Written before the question could be read, so it belongs to what came before");
  const all = earlier === "" ? event.text : `${earlier}\n${event.text}`;
  change(context, { lastText: all.slice(-LAST_TEXT_MAX).toWellFormed() });
}

function openForPerson(context: TransitionContext, known: Readonly<Record<string, unknown>>): void {
  const facts = { priority: "normal", escalation: "asked", summary: null, say: null, words: "say" } as const;
  openCase(context, { ...facts, queue: null, known });
}
