import { setTimeout as pause } from "node:timers/promises";
import type { ModalView } from "@slack/types";
import type { ShownCase } from "../../../../src/desk/desk-store.ts";
import type { Operator } from "../../../../src/domain/case.ts";
import { notice } from "../view/modals.ts";
import { oneLine } from "../view/words.ts";
import { showNotice } from "./failures.ts";
import type { InteractionDeps } from "./interaction-deps.ts";
import { noAccessText, requesterQueues, titleOf } from "./operator-queues.ts";
import type { Request, RequestContext } from "./request-context.ts";
import { showView } from "./show-view.ts";

/** Somebody else may be faster: then it tries the next case, this often. */
const MAX_TRIES = 3;
/** Time to wait for a claim to be handled; after that the answer says that it is being claimed. */
const DECIDED_WITHIN_MS = 1_500;
const LOOK_EVERY_MS = 50;
const MAX_NAME = 80;
const OFF_DUTY =
  "You are off duty, so no case is given to you. Go on duty first: on this app's Home, or with /desk on.";

/** Claims the longest waiting unclaimed case of the operator's queues, and shows it. */
export async function claimNext(deps: InteractionDeps, { context }: Request): Promise<void> {
  if (context.trigger === null) return showNotice(deps, context, "The answer could not be shown. Try again.");
  await showView(deps, context.trigger, claimView(deps, context));
}

async function claimView(deps: InteractionDeps, context: RequestContext): Promise<ModalView> {
  const mine = await requesterQueues(deps, context);
  if (mine.length === 0) return notice("Next case", await noAccessText(deps));
  // Their home page promises that they are given no new cases.
  if (!(await deps.store.onDuty(context.operator.id))) return notice("Next case", OFF_DUTY);
  const queues = mine.map(({ id }) => id);
  const operator = await deps.withDisplayName(context.operator);
  const waiting = await deps.store.cases(operator, { queues, unclaimed: true, limit: MAX_TRIES });
  for (const { card } of waiting) {
    const { conversation } = card;
    const key = `next:${context.key}:${conversation}`;
    await deps.store.act({ operator, conversation, command: { kind: "claim" }, key });
    const now = await waitForClaim(deps, operator, conversation);
    if (now === null)
      return notice("Next case", `Case ${conversation} is being claimed for you: its thread says when it is yours.`);
    if (now.card.holder?.id === context.operator.id) return claimedNotice(deps, now);
  }
  return notice("Next case", "Nobody is waiting in your queues.");
}

/** Waits until somebody holds the case or it is no longer open, and returns it; null: not in time. */
async function waitForClaim(
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

async function claimedNotice(deps: InteractionDeps, { card, thread }: ShownCase): Promise<ModalView> {
  const who = `${oneLine(card.customer, MAX_NAME)} · ${oneLine(card.channel, MAX_NAME)}`;
  const queue = titleOf(deps.store.queues(), card.queue);
  const text = `Case ${card.conversation} is yours.\n${who} · ${queue}\n${oneLine(card.reason, 300)}`;
  return notice("Next case", text, await deps.links(thread));
}
