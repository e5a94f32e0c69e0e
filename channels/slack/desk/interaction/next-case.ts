import { setTimeout as pause } from "node:timers/promises";
import type { ModalView } from "@slack/types";
import type { ShownCase } from "../../../../src/desk/desk-store.ts";
import type { Operator } from "../../../../src/domain/case.ts";
import { notice } from "../view/modals.ts";
import { oneLine } from "../view/words.ts";
import { tell } from "./failures.ts";
import type { InteractionDeps } from "./interaction-deps.ts";
import { outsiderWords, queuesOfAsked, titleOf } from "./operator-queues.ts";
import type { Request, RequestContext } from "./request-context.ts";
import { showView } from "./show-view.ts";

/** Somebody else may be faster: then the next one, this often. */
const MAX_TRIES = 3;
/** How long a claim may take to be handled before we say that it is under way. */
const DECIDED_WITHIN_MS = 1_500;
const LOOK_EVERY_MS = 50;
const MAX_NAME = 80;
const OFF_DUTY =
  "You are off duty, so no case is given to you. Go on duty first: on this app's Home, or with /desk on.";

/** Claims the unclaimed case of somebody's queues that waits longest, and says which. */
export async function claimNext(deps: InteractionDeps, { asked }: Request): Promise<void> {
  if (asked.trigger === null) return tell(deps, asked, "Slack gave us no way to answer. Press it again.");
  await showView(deps, asked.trigger, claimed(deps, asked));
}

async function claimed(deps: InteractionDeps, asked: RequestContext): Promise<ModalView> {
  const mine = await queuesOfAsked(deps, asked);
  if (mine.length === 0) return notice("Next case", await outsiderWords(deps));
  // "You are given no new ones", says their page.
  if (!(await deps.store.onDuty(asked.operator.id))) return notice("Next case", OFF_DUTY);
  const queues = mine.map(({ id }) => id);
  const operator = await deps.named(asked.operator);
  const waiting = await deps.store.cases(operator, { queues, unclaimed: true, limit: MAX_TRIES });
  for (const { card } of waiting) {
    const { conversation } = card;
    const key = `next:${asked.key}:${conversation}`;
    await deps.store.act({ operator, conversation, command: { kind: "claim" }, key });
    const now = await decided(deps, operator, conversation);
    if (now === null)
      return notice("Next case", `Case ${conversation} is being claimed for you: its thread says when it is yours.`);
    if (now.card.holder?.id === asked.operator.id) return yours(deps, now);
  }
  return notice("Next case", "Nobody is waiting in your queues.");
}

/** The case when somebody holds it, or it is not open any more; null: not yet. */
async function decided(
  { store }: InteractionDeps,
  operator: Operator,
  conversation: number,
): Promise<ShownCase | null> {
  const until = performance.now() + DECIDED_WITHIN_MS;
  do {
    const now = await store.case(operator, conversation);
    if (now !== null && (now.card.holder !== null || now.card.status !== "new")) return now;
    await pause(LOOK_EVERY_MS);
  } while (performance.now() < until);
  return null;
}

async function yours(deps: InteractionDeps, { card, thread }: ShownCase): Promise<ModalView> {
  const who = `${oneLine(card.customer, MAX_NAME)} · ${oneLine(card.channel, MAX_NAME)}`;
  const queue = titleOf(deps.store.queues(), card.queue);
  const text = `Case ${card.conversation} is yours.\n${who} · ${queue}\n${oneLine(card.reason, 300)}`;
  return notice("Next case", text, await deps.links(thread));
}
