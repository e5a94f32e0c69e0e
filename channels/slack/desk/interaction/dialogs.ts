/** Opens the dialogs about a case, and runs the search of the merge dialog. */
import type { ModalView } from "@slack/types";
import { z } from "zod";
import type { ShownCase } from "../../../../src/desk/desk-store.ts";
import type { CaseCard, Operator } from "../../../../src/domain/case.ts";
import type { Queue } from "../../../../src/domain/queue.ts";
import { jsonOf } from "../../inbound/json.ts";
import { MAX_SELECT_OPTIONS } from "../../limits.ts";
import { ButtonValue, CASE_DIALOGS, type CaseDialog, DialogValue, MORE, openOf } from "../view/actions.ts";
import type { Choice } from "../view/fields.ts";
import {
  type AboutCase,
  mergeDialog,
  noteDialog,
  notice,
  replyDialog,
  runDialog,
  startDialog,
  transferDialog,
} from "../view/modals.ts";
import { showNotice } from "./failures.ts";
import type { InteractionDeps } from "./interaction-deps.ts";
import { noAccessText, requesterQueues, titleOf } from "./operator-queues.ts";
import type { Request, RequestContext } from "./request-context.ts";
import { showView } from "./show-view.ts";
import { noSuchCase, obstacle } from "./stale-dialog.ts";

/** A press: a button's value, or that of a select's option. */
const Pressed = z.object({
  actions: z
    .array(
      z.object({
        action_id: z.string(),
        value: z.string().nullish(),
        selected_option: z.object({ value: z.string() }).nullish(),
      }),
    )
    .min(1),
});
const OpenView = z.object({ view: z.object({ id: z.string(), hash: z.string(), private_metadata: z.string() }) });

/** Returns the dialog that a press opens; null: none. */
export function requestedDialog(body: unknown): { dialog: CaseDialog; conversation: number } | null {
  const action = Pressed.safeParse(body).data?.actions[0];
  if (action === undefined) return null;
  const value = ButtonValue.safeParse(jsonOf(action.selected_option?.value ?? action.value ?? "")).data;
  if (value === undefined) return null;
  const dialog = CASE_DIALOGS.find(
    (one) => action.action_id === openOf(one) || (action.action_id === MORE && value.do === one),
  );
  return dialog === undefined ? null : { dialog, conversation: value.c };
}

export async function openDialog(deps: InteractionDeps, { context, body }: Request): Promise<void> {
  const wanted = requestedDialog(body);
  if (wanted === null) return;
  if (context.trigger === null) return showNotice(deps, context, "The dialog could not be opened. Try again.");
  await showView(deps, context.trigger, dialogView(deps, context, wanted));
}

async function dialogView(
  deps: InteractionDeps,
  context: RequestContext,
  { dialog, conversation }: { dialog: CaseDialog; conversation: number },
): Promise<ModalView> {
  const { operator } = context;
  const [shown, mine] = await Promise.all([deps.store.case(operator, conversation), requesterQueues(deps, context)]);
  if (mine.length === 0) return notice("Frontdesk", await noAccessText(deps));
  if (shown === null) return notice("Frontdesk", noSuchCase(conversation));
  const { card } = shown;
  const why = obstacle(card, { dialog, operator });
  if (why !== null) return notice("Frontdesk", why);
  const about = { card, queue: titleOf(deps.store.queues(), card.queue) };
  switch (dialog) {
    case "reply":
      return replyDialog(about, { mine: card.holder?.id === context.operator.id });
    case "note":
      return noteDialog(about);
    case "transfer":
      return transferView(about, deps.store.queues());
    case "merge":
      return mergeDialog(about, await otherCases(deps, operator, card), null);
    case "run":
      return runView(about, deps.store.manual());
  }
}

function transferView(about: AboutCase, queues: readonly Queue[]): ModalView {
  const others = queues.filter(({ id }) => id !== about.card.queue);
  if (others.length === 0) return notice("Frontdesk", "There is no other queue: frontdesk.yaml names just this one.");
  return transferDialog(about, others.map(queueChoice));
}

function runView(about: AboutCase, manual: readonly { id: string; title: string }[]): ModalView {
  if (manual.length === 0) {
    return notice("Frontdesk", "No workflow can be started by hand: none is live with “manual” under on.");
  }
  return runDialog(
    about,
    manual.map(({ id, title }) => ({ value: id, label: title })),
  );
}

/** Lists open cases within the operator's reach, those of the same customer first: they are often one matter. */
async function otherCases({ store }: InteractionDeps, operator: Operator, card: CaseCard): Promise<CaseCard[]> {
  const [same, waiting] = await Promise.all([
    card.customer.trim() === "" ? [] : store.find(operator, card.customer, MAX_SELECT_OPTIONS),
    store.cases(operator, { limit: MAX_SELECT_OPTIONS + 1 }),
  ]);
  return openCasesExcept([...same, ...waiting], card.conversation);
}

function openCasesExcept(found: readonly ShownCase[], conversation: number): CaseCard[] {
  const cards = new Map(found.map(({ card }) => [card.conversation, card]));
  cards.delete(conversation);
  const open = [...cards.values()].filter(
    ({ status, mergedInto }) => status !== "solved" && status !== "with the bot" && mergedInto == null,
  );
  return open.slice(0, MAX_SELECT_OPTIONS);
}

/** Runs the search of the merge dialog: shows the same dialog with the results. */
export async function searchCases(deps: InteractionDeps, { context, body }: Request): Promise<void> {
  const open = OpenView.safeParse(body).data?.view;
  const query = Pressed.safeParse(body).data?.actions[0]?.value?.trim() ?? "";
  const value = DialogValue.safeParse(jsonOf(open?.private_metadata ?? "")).data;
  const { operator } = context;
  if (open === undefined || value === undefined || context.external) return;
  const shown = await deps.store.case(operator, value.c);
  if (shown === null) return;
  const { card } = shown;
  const found =
    query === ""
      ? await otherCases(deps, operator, card)
      : openCasesExcept(await deps.store.find(operator, query, MAX_SELECT_OPTIONS), card.conversation);
  const about = { card, queue: titleOf(deps.store.queues(), card.queue) };
  const view = { ...mergeDialog(about, found, query === "" ? null : query), private_metadata: open.private_metadata };
  await deps.slack((web) => web.views.update({ view_id: open.id, hash: open.hash, view }));
}

/** Opens the dialog "Write to someone"; every operator may. */
export async function openStart(deps: InteractionDeps, { context }: Request): Promise<void> {
  if (context.trigger === null) return showNotice(deps, context, "The dialog could not be opened. Try again.");
  await showView(deps, context.trigger, startView(deps, context));
}

async function startView(deps: InteractionDeps, context: RequestContext): Promise<ModalView> {
  const mine = await requesterQueues(deps, context);
  if (mine.length === 0) return notice("Frontdesk", await noAccessText(deps));
  // People on Slack are not in `reachable`: find-person.ts looks them up.
  const channels = [...new Set([...deps.store.reachable(), deps.channel])];
  return startDialog({
    channels: channels.map((name) => ({ value: name, label: name === deps.channel ? `${name} (Slack)` : name })),
    queues: mine.map(queueChoice),
  });
}

const queueChoice = ({ id, title }: Queue): Choice => ({ value: id, label: title });
