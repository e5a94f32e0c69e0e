/**
 * Checks a submitted dialog: keeps it open, with its content, if the case has changed since it was opened, and asks for
 * confirmation before the cases of two people are merged.
 */
import type { ModalView } from "@slack/types";
import type { ShownCase } from "../../../../src/desk/desk-store.ts";
import { jsonOf } from "../../inbound/json.ts";
import {
  CASE_DIALOGS,
  type CaseDialog,
  callbackOf,
  DialogValue,
  FIELDS,
  MERGE_TWO,
  MergeTwoValue,
} from "../view/actions.ts";
import { FIND_BLOCK, mergeTwoDialog, notice } from "../view/modals.ts";
import type { InteractionDeps } from "./interaction-deps.ts";
import { noAccessText, requesterQueues, titleOf } from "./operator-queues.ts";
import { contextOf, type RequestContext } from "./request-context.ts";
import { changeSince, noSuchCase, obstacle } from "./stale-dialog.ts";
import { fieldOf, type Refusal, refusal, Submission, type SubmittedView } from "./submission.ts";

/** Answer that replaces the dialog by another view. */
interface ReplaceView {
  response_action: "update";
  view: ModalView;
}

interface SubmittedDialog {
  dialog: CaseDialog;
  view: SubmittedView;
  value: DialogValue;
  /** The case chosen in a merge dialog. */
  into: string | null;
  /** The operator confirmed that the two people's cases become one. */
  confirmed: boolean;
}

/** Returns the answer that keeps a dialog about a case open; null: it can be carried out. */
export async function validateDialog(deps: InteractionDeps, body: unknown): Promise<Refusal | ReplaceView | null> {
  const view = Submission.safeParse(body).data?.view;
  const context = contextOf(body);
  if (view === undefined || context === null) return null;
  const dialog = dialogOf(view);
  if (dialog === null) return null;
  const submitted = readSubmission(dialog, view);
  if (submitted === null) return errorAnswer({ dialog, view }, ANOTHER_VERSION);
  const reason = await checkCase(deps, context, submitted);
  return typeof reason === "string" ? errorAnswer(submitted, reason) : reason;
}

const ANOTHER_VERSION = "This dialog is from another version of Frontdesk. Copy what you wrote and open it again.";

function dialogOf({ callback_id: callback }: SubmittedView): CaseDialog | null {
  if (callback === MERGE_TWO) return "merge";
  return CASE_DIALOGS.find((one) => callbackOf(one) === callback) ?? null;
}

function readSubmission(dialog: CaseDialog, view: SubmittedView): SubmittedDialog | null {
  const json = jsonOf(view.private_metadata);
  if (view.callback_id === MERGE_TWO) {
    const value = MergeTwoValue.safeParse(json).data;
    return value === undefined ? null : { dialog, view, value, into: String(value.into), confirmed: true };
  }
  const value = DialogValue.safeParse(json).data;
  return value === undefined ? null : { dialog, view, value, into: fieldOf(view, "into"), confirmed: false };
}

/** Shows an error at a block of the dialog; the confirmation has no blocks for it, so a notice replaces that one. */
function errorAnswer(
  { dialog, view }: Pick<SubmittedDialog, "dialog" | "view">,
  reason: string,
): Refusal | ReplaceView {
  if (view.callback_id === MERGE_TWO) return { response_action: "update", view: notice("Nothing was merged", reason) };
  const block = dialog === "merge" && view.state.values["into"] === undefined ? FIND_BLOCK : FIELDS[dialog][0];
  return refusal(block, reason);
}

async function checkCase(
  deps: InteractionDeps,
  context: RequestContext,
  submitted: SubmittedDialog,
): Promise<string | ReplaceView | null> {
  const { operator } = context;
  const { dialog, value } = submitted;
  const [shown, mine] = await Promise.all([deps.store.case(operator, value.c), requesterQueues(deps, context)]);
  if (mine.length === 0) return noAccessText(deps);
  if (shown === null) return noSuchCase(value.c);
  const { card } = shown;
  const why = obstacle(card, { dialog, operator });
  const moved = changeSince(card, value.seen, titleOf(deps.store.queues(), card.queue));
  // A note does not depend on the holder.
  if (moved !== null && dialog !== "note" && card.status !== "solved" && card.mergedInto == null) return moved;
  return why ?? (dialog === "merge" ? checkMerge(deps, context, { ...submitted, shown }) : null);
}

/** Returns the reason why a case can't be merged into the chosen one, or the confirmation about two people; null: it can. */
async function checkMerge(
  { store }: InteractionDeps,
  { operator }: RequestContext,
  { shown, into, confirmed, value }: SubmittedDialog & { shown: ShownCase },
): Promise<string | ReplaceView | null> {
  const { card } = shown;
  if (into === null) return "Choose the case to merge into, or search for one.";
  if (into === String(card.conversation)) return "A case can't be merged into itself.";
  const other = await store.case(operator, Number(into));
  if (other === null) return noSuchCase(into);
  if (other.card.mergedInto != null) return `Case ${into} was merged into case ${other.card.mergedInto}: choose that.`;
  if (other.card.status === "solved") return `Case ${into} was closed meanwhile: choose another one.`;
  if (confirmed || other.contact === shown.contact) return null;
  const about = { card, queue: titleOf(store.queues(), card.queue) };
  return { response_action: "update", view: mergeTwoDialog(about, other.card, value.seen) };
}
