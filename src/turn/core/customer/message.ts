/** Reads a customer's message or pressed option: an answer, a new matter, or words for the person at the desk. */
import type { Attachment } from "../../../domain/message.ts";
import type { RunInput } from "../../../workflow/run.ts";
import { watchSilence } from "../automation/idle.ts";
import { offer, tellRun } from "../automation/triage.ts";
import { openCase } from "../case/open.ts";
import { change, changeCase, line, type TransitionContext, tellDesk, tellSystem } from "../context.ts";
import type { Event } from "../event.ts";
import { askForFiles, showFiles, withFiles } from "../outgoing/files.ts";
import { botSilence, isHeld, isUnaddressed } from "../policy.ts";
import { foreground, stopRun, stopRuns } from "../runs.ts";
import { LAST_TEXT_MAX } from "../state.ts";
import { isThanks } from "../words.ts";
import { asksForPerson } from "./asks-for-person.ts";
import { keptUnread } from "./brake.ts";
import {
  choiceWords,
  isAnswered,
  isForThem,
  onMessageByOther,
  onPress,
  onPressByOther,
  onRepeatedPress,
  readChoice,
  runOf,
  type Spoken,
  settlePrompt,
} from "./prompt.ts";
import { type Heard, nameOf, remember, waits } from "./remember.ts";
import { toPeopleUnanswered } from "./unanswered.ts";

/** The customer wrote, or pressed an option. */
export function onMessage(draft: TransitionContext, event: Spoken): void {
  if (keptUnread(draft, event)) return;
  const before = draft.state.phase;
  if (event.kind === "choice" && !isForThem(draft, event)) return onPressByOther(draft, event);
  if (event.kind === "choice" && isAnswered(draft, event)) return onRepeatedPress(draft, event);
  if (before === "closed" && isUnaddressed(draft.state)) {
    return line(
      draft,
      "message.unaddressed",
      "Not written to us: the case about this thread was closed without a reply",
    );
  }
  change(draft, { lastMessage: event.message });
  // Of a merged case, the case in which it goes on asks for them.
  if (draft.state.case?.mergedInto == null)
    askForFiles(draft, draft.state.channel, { files: filesOf(event), author: nameOf(draft, event) });
  if (before === "closed" && answersAfterwards(draft, event)) return surveyed(draft, event);
  if (before === "closed" && event.kind === "message" && isThanks(event.text)) {
    return line(draft, "conversation.thanks", "Only thanks after the close, so it stays closed");
  }
  remember(draft, event);
  const into = draft.state.case?.mergedInto ?? null;
  if (into !== null) {
    const said = { author: nameOf(draft, event), text: event.text, files: filesOf(event) };
    return passElsewhere(draft, said, into);
  }
  if (draft.state.optedOut === null) watchSilence(draft);
  switch (botSilence(draft.state)) {
    case "people":
      return passOn(draft, event);
    case "opted_out":
      return unheard(draft);
    case "unaddressed":
    case null:
      break;
  }
  if (before !== "open") return onFirstMessage(draft, event, before);
  if (event.kind === "choice") return onPress(draft, event);
  const run = foreground(draft) ?? runOf(draft, draft.state.prompt);
  if (run !== null) return replied(draft, event, run);
  onReply(draft, event);
}

/** A question asked after the close ("How did we do?") has its answer, so nothing is opened again for it. */
function answersAfterwards(draft: TransitionContext, event: Spoken): boolean {
  const { prompt } = draft.state;
  if (runOf(draft, prompt) === null || prompt === null) return false;
  if (event.kind === "message") return !prompt.field && readChoice(draft, event.text, prompt).option !== null;
  return event.promptId === prompt.id && prompt.options.some(({ id }) => id === event.optionId);
}

function surveyed(draft: TransitionContext, event: Spoken): void {
  remember(draft, event);
  if (event.kind === "choice") return onPress(draft, event);
  const run = runOf(draft, draft.state.prompt);
  if (run !== null) replied(draft, event, run);
}

/** Whoever opted out is answered by nobody here; what they write is for people to read. */
function unheard(draft: TransitionContext): void {
  const word = draft.state.optedOut?.word ?? null;
  const opted = `The customer opted out of texts${word === null ? "" : ` (${word})`} and wrote all the same`;
  line(draft, "message.unanswered", `${opted}, so the bot does not answer`);
  toPeopleUnanswered(draft, `${opted}. Nothing reaches them until they write START`);
}

/** People hold the conversation: the desk is shown what the customer says, and the bot is silent (T8). */
function passOn(draft: TransitionContext, event: Spoken): void {
  line(draft, "desk.mirrored", "A person holds the conversation, so the message went to the desk");
  mirror(draft, event);
  waits(draft);
}

const filesOf = (event: Heard) => (event.kind === "choice" ? [] : event.attachments);

/** The case goes on in another, and so does what its customer says. */
function passElsewhere(
  draft: TransitionContext,
  { author, text, files = [] }: { author: string; text: string; files?: readonly Attachment[] },
  into: number,
): void {
  line(draft, "case.passed", `The case was merged into case ${into}, so the message went there`);
  const said = { channel: draft.state.channel, author, text, files };
  draft.relays.push({ conversation: into, happening: { kind: "elsewhere", from: draft.conversation, ...said } });
}

/** The customer changed or took back what was handled before: people are shown it, and nothing is done again. */
export function onAmendment(draft: TransitionContext, event: Extract<Event, { kind: "edit" | "delete" }>): void {
  // It was handled as it reads now (amend.ts).
  if (event.early) return line(draft, `message.${event.kind}`, "The customer did so before the message was handled");
  const what = event.kind === "edit" ? "changed a message" : "took back a message";
  line(draft, `message.${event.kind}`, `The customer ${what} that had been handled before`);
  if (event.message === draft.state.lastMessage) {
    change(draft, { lastText: event.kind === "edit" ? event.text.slice(0, LAST_TEXT_MAX).toWellFormed() : "" });
  }
  // The contact of an edit is the conversation's; in a thread with several people another may have changed their message.
  const author = event.from.displayName || nameOf(draft, event);
  const into = draft.state.case?.mergedInto ?? null;
  if (into !== null && event.kind === "edit")
    return passElsewhere(draft, { author: `${author} (changed)`, text: event.text }, into);
  if (!isHeld(draft.state)) return;
  if (event.kind === "delete") return tellSystem(draft, `${author} took back a message.`);
  const notify = draft.state.case?.holder == null ? {} : { notify: draft.state.case.holder.id };
  tellDesk(draft, { kind: "customer", author: `${author} (changed)`, text: event.text, internal: false, ...notify });
}

/** The desk is shown what the customer said. The holder is called by name, so that their platform tells them. */
export function mirror(draft: TransitionContext, event: Heard): void {
  const holder = draft.state.case?.holder ?? null;
  const notify = holder === null ? {} : { notify: holder.id };
  const files = withFiles(filesOf(event));
  tellDesk(draft, {
    kind: "customer",
    author: nameOf(draft, event),
    text: event.text,
    internal: false,
    ...notify,
    ...files,
  });
}

/** The first message of a matter: the first workflow that takes it, else people. */
function onFirstMessage(draft: TransitionContext, event: Spoken, before: "new" | "closed"): void {
  const on = before === "new" ? "conversation.opened" : "conversation.reopened";
  change(draft, { phase: "open", resolution: null, closedAt: null });
  line(draft, on, before === "new" ? "A new conversation began" : "The customer came back, so it is open again");
  const unanswered = runOf(draft, draft.state.prompt);
  if (unanswered !== null) stopRun(draft, unanswered, "the customer came back with something else");
  // Whoever held it last had closed it; a case that was handed back before was the bot's by then.
  if (draft.state.case?.status === "solved" && draft.state.case.holder !== null) return backToDesk(draft, event);
  if (plainlyAsked(event)) return personAsked(draft, {});
  if (!offer(draft, { on, payload: { text: event.text }, depth: 0 })) toDefaultQueue(draft);
}

/** A wish for a person is granted at once, whatever workflow would have begun. */
const plainlyAsked = (event: Spoken): boolean => event.kind === "message" && asksForPerson(event.text);

/** Whom people had served comes back to the queue that knows them; whom the bot had served comes back to the bot. */
function backToDesk(draft: TransitionContext, event: Spoken): void {
  const last = draft.state.case?.holder?.name;
  const reason = last === undefined ? "The customer came back" : `The customer came back; ${last} had answered before`;
  line(draft, "desk.returned", `${reason}, so it went to the queue it was in`);
  stopRuns(draft, "people took over");
  const waitingSince = event.at.toISOString();
  changeCase(draft, { held: true, status: "new", holder: null, reason, waitingSince, lastSpeaker: null });
  showFiles(draft);
  mirror(draft, event);
}

function toDefaultQueue(draft: TransitionContext): void {
  line(draft, "triage.untaken", "No workflow takes this message");
  const reason = "No workflow takes this message";
  openCase(draft, {
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

/** A further message that nothing holds. */
function onReply(draft: TransitionContext, event: Spoken): void {
  if (plainlyAsked(event)) return personAsked(draft, {});
  const payload = { text: event.text };
  if (!offer(draft, { on: "message.received", payload, depth: 0 })) toDefaultQueue(draft);
}

/** A run holds the dialogue: the message is its answer, read against the numbers that were shown. */
function replied(
  draft: TransitionContext,
  event: Extract<Event, { kind: "message" }>,
  run: NonNullable<ReturnType<typeof foreground>>,
): void {
  const { prompt } = draft.state;
  if (prompt !== null && !isForThem(draft, event)) return onMessageByOther(draft, event, prompt);
  if (prompt === null && plainlyAsked(event)) return personAsked(draft, run.values);
  const choice = readChoice(draft, event.text, prompt);
  if (prompt !== null && choice.option !== null) {
    line(draft, "choice.read", choiceWords(choice.option, choice.via, prompt));
    settlePrompt(draft, prompt, choice.option);
  }
  const { text, attachments } = event;
  const input: RunInput = { kind: "reply", text, choice, attachments };
  if (!tellRun(draft, run, input))
    line(draft, "message.kept", "The workflow waits for something else; the message is kept");
}

function personAsked(draft: TransitionContext, known: Readonly<Record<string, unknown>>): void {
  const facts = { priority: "normal", escalation: "asked", summary: null, say: null, words: "say" } as const;
  openCase(draft, { ...facts, queue: null, known });
}
