/** Renders the app's home tab as a view. Pure. */
import type { HomeView, KnownBlock } from "@slack/types";
import type { CaseCard } from "../../../../src/domain/case.ts";
import { DESK_ACTIONS } from "./actions.ts";
import { plain } from "./blocks.ts";
import { button, header, linkButton, section } from "./fields.ts";
import { countOf, oneLine, waitingTime } from "./words.ts";

const [NEXT, START, ON, OFF, REFRESH] = DESK_ACTIONS;

/** With the fixed blocks around them, these fit into the hundred blocks of a view (@slack/types 3.2.0). */
const MAX_CASES_SHOWN = 45;
const MAX_QUEUES_SHOWN = 40;
const MAX_NAME = 80;
const MAX_WHY = 200;

export interface HomeCase {
  card: CaseCard;
  /** Title of its queue. */
  queue: string;
  /** URL of its thread; null until it has been shown. */
  link: string | null;
}

export interface HomeQueue {
  title: string;
  /** Customers of open cases who wait for an answer. */
  waiting: number;
  unclaimed: number;
  /** ISO time since when the longest waiting customer waits; null: nobody waits. */
  longest: string | null;
}

export interface OperatorHome {
  onDuty: boolean;
  mine: readonly HomeCase[];
  queues: readonly HomeQueue[];
  /** There are more cases than were counted. */
  atLeast: boolean;
  /** Result of the last press, or the reason why it failed. */
  notice: string | null;
}

export function operatorHome(home: OperatorHome, now: Date): HomeView {
  const noticeBlocks: KnownBlock[] = home.notice === null ? [] : [section(home.notice), { type: "divider" }];
  return {
    type: "home",
    blocks: [
      ...noticeBlocks,
      duty(home.onDuty),
      {
        type: "actions",
        elements: [button("Next case", NEXT), button("New conversation", START), button("Refresh", REFRESH)],
      },
      { type: "divider" },
      header("My cases"),
      ...cases(home.mine, now),
      { type: "divider" },
      header("My queues"),
      ...queues(home, now),
    ],
  };
}

/** Renders the home of people without a queue: they are customers, and see nothing of the desk. `message`: an extra note. */
export const customerHome = (message: string | null = null): HomeView => ({
  type: "home",
  blocks: [
    header("How can we help?"),
    section("Open the Messages tab of this app and write what you need, as you would to a person."),
    section("You get an answer there. If a person is needed, one of us continues in the same conversation."),
    ...(message === null ? [] : [{ type: "divider" } as const, section(message)]),
  ],
});

function caseLine({ card, queue }: HomeCase, now: Date): string {
  const wait = card.waitingSince === null ? "" : ` · waiting for ${waitingTime(card.waitingSince, now)}`;
  const who = `${oneLine(card.customer, MAX_NAME)} · ${oneLine(card.channel, MAX_NAME)}`;
  const why = oneLine(card.reason, MAX_WHY);
  return `${who}\nCase ${card.conversation} · ${oneLine(queue, MAX_NAME)} · ${card.status}${wait}\n${why}`;
}

function duty(on: boolean): KnownBlock {
  const message = on
    ? "You are on duty."
    : "You are off duty: your cases went back to their queues, and you are given no new ones.";
  const accessory = on ? button("Go off duty", OFF) : button("Go on duty", ON);
  return { ...section(message), accessory };
}

function cases(mine: readonly HomeCase[], now: Date): KnownBlock[] {
  if (mine.length === 0) return [section("You hold no case.")];
  const shown = mine.slice(0, MAX_CASES_SHOWN).map((held): KnownBlock => {
    const line = section(caseLine(held, now));
    return held.link === null ? line : { ...line, accessory: linkButton("Open the thread", held.link) };
  });
  return [...shown, ...remainder(mine.length - shown.length, "case of yours", "cases of yours")];
}

function queues({ queues: all, atLeast }: OperatorHome, now: Date): KnownBlock[] {
  const shown = all.slice(0, MAX_QUEUES_SHOWN).map((queue) => section(queueLine(queue, { atLeast, now })));
  return [...shown, ...remainder(all.length - shown.length, "queue", "queues")];
}

/** Returns "Billing: 3 wait, the longest for 12 min; 2 unclaimed". */
export function queueLine(queue: HomeQueue, { atLeast, now }: { atLeast: boolean; now: Date }): string {
  const title = oneLine(queue.title, MAX_NAME);
  const least = atLeast ? "at least " : "";
  const unclaimed = queue.unclaimed === 0 ? "none unclaimed" : `${least}${queue.unclaimed} unclaimed`;
  if (queue.longest === null) return `${title}: nobody waits; ${unclaimed}`;
  const count = countOf(queue.waiting, "waits", "wait");
  return `${title}: ${least}${count}, the longest for ${waitingTime(queue.longest, now)}; ${unclaimed}`;
}

function remainder(count: number, one: string, many: string): KnownBlock[] {
  if (count <= 0) return [];
  return [
    {
      type: "context",
      elements: [plain(`And ${countOf(count, `more ${one}`, `more ${many}`)}. /desk find shows them.`)],
    },
  ];
}
