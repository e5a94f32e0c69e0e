/** Answers `/desk` at once, visible only to the person who asked. */
import type { Button, KnownBlock } from "@slack/types";
import type { ShownCase } from "../../../../src/desk/desk-store.ts";
import type { Queue } from "../../../../src/domain/queue.ts";
import { MAX_BLOCKS } from "../../limits.ts";
import { actionOf, type ButtonValue } from "../view/actions.ts";
import { plain } from "../view/blocks.ts";
import { linkButton, section } from "../view/fields.ts";
import { queueLine } from "../view/home.ts";
import { countOf, oneLine, waitingTime } from "../view/words.ts";
import { setDuty } from "./duty.ts";
import { queueLines, refreshHome } from "./home-page.ts";
import type { InteractionDeps } from "./interaction-deps.ts";
import { noAccessText, requesterQueues, titleOf } from "./operator-queues.ts";
import type { RequestContext } from "./request-context.ts";

/** The most cases read for an answer; fewer are shown, as many as fit a message. */
const MAX_CASES = 100;
const MAX_CASES_SHOWN = 20;
const MAX_QUEUES_SHOWN = MAX_BLOCKS - MAX_CASES_SHOWN - 5;
const MAX_NAME = 80;
const MAX_FOUND_BY = 100;

const HELP = [
  "/desk status: your queues, who waits there, and your cases",
  "/desk find words: finds cases of your queues, and conversations of the bot, by customer, channel or number",
  "/desk on and /desk off: go on or off duty; going off duty gives your cases back to their queues",
].join("\n");

/** An answer that only the person who asked sees. `text` is always our own words; text from outside is in the blocks. */
export interface Ephemeral {
  response_type: "ephemeral";
  text: string;
  blocks: KnownBlock[];
}

/** `text`: the text after `/desk`. */
export async function answerCommand(deps: InteractionDeps, context: RequestContext, text: string): Promise<Ephemeral> {
  const mine = await requesterQueues(deps, context);
  if (mine.length === 0) return ephemeral(await noAccessText(deps));
  const [, verb = "", rest = ""] = /^\s*(\S*)\s*([\s\S]*)$/.exec(text) ?? [];
  switch (verb.toLowerCase()) {
    case "on":
    case "off":
      return duty(deps, context, verb.toLowerCase() === "on");
    case "status":
      return status(deps, context, mine);
    case "find":
      return find(deps, context, rest.trim());
    default:
      return ephemeral(HELP);
  }
}

export const ephemeral = (text: string, blocks: KnownBlock[] = []): Ephemeral => ({
  response_type: "ephemeral",
  text,
  blocks: [section(text), ...blocks],
});

async function duty(deps: InteractionDeps, context: RequestContext, on: boolean): Promise<Ephemeral> {
  const count = await setDuty(deps, context, on);
  deps.runLater("home", () => refreshHome(deps, context.operator));
  return ephemeral(dutyWords(on, count));
}

/** Describes the result of going on or off duty. */
export function dutyWords(on: boolean, count: number): string {
  if (on) return "You are on duty.";
  const cases = count === 0 ? "You held no case." : `${countOf(count, "case goes", "cases go")} back to the queue.`;
  return `You are off duty. ${cases}`;
}

async function status(
  deps: InteractionDeps,
  { operator }: RequestContext,
  queues: readonly Queue[],
): Promise<Ephemeral> {
  const now = deps.clock();
  const [on, held, { lines, atLeast }] = await Promise.all([
    deps.store.onDuty(operator.id),
    deps.store.cases(operator, { holder: operator.id, limit: MAX_CASES }),
    queueLines(deps, operator, queues),
  ]);
  const shown = lines.slice(0, MAX_QUEUES_SHOWN).map((queue) => section(queueLine(queue, { atLeast, now })));
  const more = lines.length > shown.length ? [section(`And ${lines.length - shown.length} more queues.`)] : [];
  const count = held.length === MAX_CASES ? `${MAX_CASES} or more` : String(held.length);
  const heading = `You are ${on ? "on" : "off"} duty and hold ${count} ${held.length === 1 ? "case" : "cases"}.`;
  return ephemeral(heading, [...shown, ...more, ...(await caseBlocks(deps, held, now))]);
}

async function find(deps: InteractionDeps, { operator }: RequestContext, text: string): Promise<Ephemeral> {
  if (text === "")
    return ephemeral("Write what to find: /desk find words. It searches customers, channels and numbers.");
  const found = await deps.store.find(operator, text, MAX_CASES);
  if (found.length === 0)
    return ephemeral("No case was found.", [section(`Searched for: ${oneLine(text, MAX_FOUND_BY)}`)]);
  const count = found.length === MAX_CASES ? `${MAX_CASES} or more cases` : countOf(found.length, "case", "cases");
  return ephemeral(`${count} found, the newest first.`, await caseBlocks(deps, found, deps.clock()));
}

/** A conversation of the bot has no thread at the desk yet; taking it over creates one. */
const takeOverButton = (conversation: number): Button => ({
  type: "button",
  text: plain("Take over"),
  action_id: actionOf("take_over"),
  value: JSON.stringify({ c: conversation } satisfies ButtonValue),
});

async function caseBlocks(deps: InteractionDeps, all: readonly ShownCase[], now: Date): Promise<KnownBlock[]> {
  const queues = deps.store.queues();
  const shown = all.slice(0, MAX_CASES_SHOWN);
  const blocks = await Promise.all(
    shown.map(async ({ card, thread }): Promise<KnownBlock> => {
      const wait = card.waitingSince === null ? "" : ` · waiting for ${waitingTime(card.waitingSince, now)}`;
      const holder = card.holder === null ? "" : ` · ${oneLine(card.holder.name, MAX_NAME)}`;
      const who = `${oneLine(card.customer, MAX_NAME)} · ${oneLine(card.channel, MAX_NAME)}`;
      const queue = oneLine(titleOf(queues, card.queue), MAX_NAME);
      const line = section(`${who}\nCase ${card.conversation} · ${queue} · ${card.status}${holder}${wait}`);
      const link = await deps.links(thread);
      if (link !== null) return { ...line, accessory: linkButton("Open the thread", link) };
      return card.status === "with the bot" ? { ...line, accessory: takeOverButton(card.conversation) } : line;
    }),
  );
  const more = all.length - shown.length;
  return more === 0 ? blocks : [...blocks, section(`And ${more} more: use /desk find with more specific words.`)];
}
