/** The Slack desk, over the strict counterpart, as a subject of the desk's conformance suite. */
import type { KnownBlock } from "@slack/types";
import type { Desk } from "../../src/desk/desk.ts";
import type { DeskAtWork, DeskSubject, Line } from "../conformance/desk-subject.ts";
import { openDeskOnSlack, queueOf } from "./open-slack-desk.ts";
import type { SlackCounterpart, SlackMessage } from "./slack/counterpart.ts";
import { liveParts } from "./slack/live.ts";

/** Creates the subject. `change` breaks the desk, to prove the suite. */
export function slackDeskSubject(change: (right: Desk) => Desk = (desk) => desk): DeskSubject {
  return { open: () => openSubject(change), network: true, places: true };
}

async function openSubject(change: (right: Desk) => Desk): Promise<DeskAtWork> {
  const opened = await openDeskOnSlack({ queues: [queueOf("support"), queueOf("billing")] });
  const { slack } = opened;
  const operators = [slack.addUser({ name: "Kim" }).id, slack.addUser({ name: "Alex" }).id] as const;
  const places = ["support", "billing"].map((name) => slack.addChannel({ name, members: [...operators] }).id);
  await opened.sync();
  return {
    desk: change(opened.desk),
    operators,
    shows: async (thread) => {
      await slack.settled();
      const [channel = "", ts = ""] = thread.split(":");
      return slack.messages(channel, { thread: ts }).map(lineOf);
    },
    all: async () => places.flatMap((place) => slack.messages(place).map(lineOf)),
    hints: async (operator) => slack.ephemerals(operator).map(({ text }) => text),
    lose: () => slack.fault("chat.postMessage", { drop: "after" }),
    down: (on) => slack.down(on),
    wrong: () => [...slack.violations, ...live(slack)],
    [Symbol.asyncDispose]: () => opened[Symbol.asyncDispose](),
  };
}

/** Lists links and mentions in all calls, except the intended mention of Kim, the holder. */
const live = ({ calls }: SlackCounterpart): string[] =>
  calls.flatMap((call) => (call.method.startsWith("chat.") ? liveParts(call.arguments, { allow: ["U012KIM"] }) : []));

function lineOf({ username, blocks = [], text, files = [] }: SlackMessage): Line {
  const read = blocks.length === 0 ? [text] : blocks.filter(({ type }) => type !== "actions").flatMap(textsOf);
  const titles = files.map(({ title }) => String(title));
  return { text: [username ?? "", ...read, ...titles].join("\n"), buttons: blocks.flatMap(pressable) };
}

const textsOf = (value: unknown): string[] => {
  if (typeof value !== "object" || value === null) return [];
  const { text, user_id: user, fallback } = value as Record<string, unknown>;
  const own = [text, user, fallback].filter((one) => typeof one === "string");
  return [...own, ...Object.values(value).flatMap(textsOf)];
};

function pressable(block: KnownBlock): string[] {
  if (block.type !== "actions") return [];
  return block.elements.flatMap((element) => [
    ...("text" in element && element.type === "button" ? [element.text.text] : []),
    ...("options" in element ? (element.options ?? []).map((option) => option.text.text ?? "") : []),
  ]);
}
