/** Describes the events of a conversation in plain words, one sentence each. */
import type { DeskCommand } from "../adapter/inbound.ts";
import { type AlarmName, alarmName } from "../turn/core/alarms.ts";
import type { Happening } from "../turn/core/event.ts";

const ALARM_WORDS: Readonly<Record<AlarmName["kind"], string>> = {
  undo: "The undo time of an operator's message ended",
  idle: "The conversation has been idle for a while",
  silence: "Nobody has written for a long time",
  stranded: "Nothing would have happened here any more",
  run: "A timer fired",
};

/** Describes one event. */
export function eventWords(happening: Happening): string {
  switch (happening.kind) {
    case "message":
      return `The customer wrote ${quote(happening.text)}${attachmentWords(happening.attachments.length)}`;
    case "choice":
      return `The customer pressed ${quote(happening.text)}`;
    case "opt_out":
      return `The customer opted out: ${quote(happening.text)}`;
    case "opt_in":
      return `The customer wrote ${quote(happening.text)}, which opts in again`;
    case "help":
      return `The customer wrote ${quote(happening.text)}, which the carrier answers`;
    case "answer":
      return happening.result.ok
        ? "An outside system answered"
        : `An outside system gave no usable answer: ${happening.result.error.message}`;
    case "alarm":
      return ALARM_WORDS[alarmName(happening.alarm).kind];
    case "operator":
      return commandWords(happening.operator.name, happening.command);
    case "undelivered":
      return undeliveredWords(happening);
    case "edit":
      return `The customer edited a message to ${quote(happening.text)}`;
    case "delete":
    case "withdrawn":
      return "The customer deleted a message";
    case "named":
      return `The platform calls the customer ${quote(happening.contact.name)}`;
    case "delivered":
      return "An operator's message was sent or delivered";
    case "merged":
      return `${happening.by} merged case ${happening.from} into this one`;
    case "unmerged":
      return `There was no case ${happening.into} to merge into`;
    case "elsewhere":
      return `The customer wrote in case ${happening.from}: ${quote(happening.text)}`;
    case "dropped":
      return `A message was not sent, because ${happening.reason}`;
    case "arrived":
      return "A message of unknown outcome arrived after all";
  }
}

function undeliveredWords({ desk, outcome, reason }: Extract<Happening, { kind: "undelivered" }>): string {
  const what = desk === true ? "something for the desk" : "a message";
  return outcome === "failed"
    ? `${capital(what)} could not be delivered: ${reason}`
    : `It is unclear whether ${what} arrived: ${reason}`;
}

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

/** Describes a command; its result, perhaps a refusal, is in the journal's lines. */
function commandWords(name: string, command: DeskCommand): string {
  switch (command.kind) {
    case "claim":
      return `${name} pressed Claim`;
    case "unclaim":
      return `${name} pressed Unclaim`;
    case "run":
      return `${name} pressed Run for the workflow ${quote(command.workflow)}`;
    case "take_over":
      return `${name} pressed Take over`;
    case "hand_back":
      return `${name} pressed Hand back`;
    case "resolve":
      return `${name} pressed Resolve`;
    case "transfer":
      return `${name} asked to move the case to ${quote(command.queue)}`;
    case "say":
      return `${name} wrote in the case: ${quote(command.text)}`;
    case "reply":
      return `${name} replied to the customer: ${quote(command.text)}`;
    case "note":
      return `${name} wrote a note: ${quote(command.text)}`;
    case "edit":
      return `${name} edited their message in the case: ${quote(command.text)}`;
    case "delete":
      return `${name} deleted their message in the case`;
    case "send_held":
      return `${name} pressed Send for a message on hold`;
    case "keep_held":
      return `${name} pressed Keep inside for a message on hold`;
    case "open":
      return `${name} opened a case about a message of ${command.quote.author} in ${command.quote.place}`;
    case "merge":
      return `${name} asked to merge this case into case ${command.into}`;
    case "start":
      return `${name} wrote to the customer first: ${quote(command.text)}`;
    case "off_duty":
      return `${name} went off duty`;
    case "release":
      return `The case was taken from its holder: ${command.reason}`;
  }
}

function attachmentWords(count: number): string {
  if (count === 0) return "";
  return count === 1 ? " with a file" : ` with ${count} files`;
}

const quote = (text: string) => `“${text.trim()}”`;
