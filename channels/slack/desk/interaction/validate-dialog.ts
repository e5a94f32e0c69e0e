/**
 * Keeps a dialog open, with what was written in it, where the case has moved on since it was opened; and asks about two
 * people before their cases become one.
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
import { outsiderWords, queuesOfAsked, titleOf } from "./operator-queues.ts";
import { contextOf, type RequestContext } from "./request-context.ts";
import { movedOn, notYours, obstacle } from "./stale-dialog.ts";
import { fieldOf, type Refusal, refusal, Submission, type SubmittedView } from "./submission.ts";

/** Another view in the dialog's place. */
interface Instead {
  response_action: "update";
  view: ModalView;
}

interface HandedIn {
  dialog: CaseDialog;
  view: SubmittedView;
  value: DialogValue;
  /** The case chosen in a merge dialog. */
  into: string | null;
  /** They were asked about the two people. */
  sure: boolean;
}

/** The answer that keeps a dialog about a case open; null: what was decided in it still holds. */
export async function validateDialog(deps: InteractionDeps, body: unknown): Promise<Refusal | Instead | null> {
  const view = Submission.safeParse(body).data?.view;
  const asked = contextOf(body);
  if (view === undefined || asked === null) return null;
  const dialog = dialogOf(view);
  if (dialog === null) return null;
  const handed = read(dialog, view);
  if (handed === null) return said({ dialog, view }, ANOTHER_VERSION);
  const reason = await fault(deps, asked, handed);
  return typeof reason === "string" ? said(handed, reason) : reason;
}

const ANOTHER_VERSION = "This dialog is from another version of Frontdesk. Copy what you wrote and open it again.";

function dialogOf({ callback_id: callback }: SubmittedView): CaseDialog | null {
  if (callback === MERGE_TWO) return "merge";
  return CASE_DIALOGS.find((one) => callbackOf(one) === callback) ?? null;
}

function read(dialog: CaseDialog, view: SubmittedView): HandedIn | null {
  const json = jsonOf(view.private_metadata);
  if (view.callback_id === MERGE_TWO) {
    const value = MergeTwoValue.safeParse(json).data;
    return value === undefined ? null : { dialog, view, value, into: String(value.into), sure: true };
  }
  const value = DialogValue.safeParse(json).data;
  return value === undefined ? null : { dialog, view, value, into: fieldOf(view, "into"), sure: false };
}

/** An error must stand at a block that the dialog has; the question has none, so a notice takes its place. */
function said({ dialog, view }: Pick<HandedIn, "dialog" | "view">, reason: string): Refusal | Instead {
  if (view.callback_id === MERGE_TWO) return { response_action: "update", view: notice("Nothing was merged", reason) };
  const block = dialog === "merge" && view.state.values["into"] === undefined ? FIND_BLOCK : FIELDS[dialog][0];
  return refusal(block, reason);
}

async function fault(deps: InteractionDeps, asked: RequestContext, handed: HandedIn): Promise<string | Instead | null> {
  const { operator } = asked;
  const { dialog, value } = handed;
  const [shown, mine] = await Promise.all([deps.store.case(operator, value.c), queuesOfAsked(deps, asked)]);
  if (mine.length === 0) return outsiderWords(deps);
  if (shown === null) return notYours(value.c);
  const { card } = shown;
  const why = obstacle(card, { dialog, operator });
  const moved = movedOn(card, value.seen, titleOf(deps.store.queues(), card.queue));
  // A note is one whoever holds the case.
  if (moved !== null && dialog !== "note" && card.status !== "solved" && card.mergedInto == null) return moved;
  return why ?? (dialog === "merge" ? merging(deps, asked, { ...handed, shown }) : null);
}

/** Why a case can't be merged into the chosen one, or the question about its two people; null: it can. */
async function merging(
  { store }: InteractionDeps,
  { operator }: RequestContext,
  { shown, into, sure, value }: HandedIn & { shown: ShownCase },
): Promise<string | Instead | null> {
  const { card } = shown;
  if (into === null) return "Choose the case that this one goes on in, or search for it.";
  if (into === String(card.conversation)) return "A case can't be merged into itself.";
  const other = await store.case(operator, Number(into));
  if (other === null) return notYours(into);
  if (other.card.mergedInto != null) return `Case ${into} was merged into case ${other.card.mergedInto}: choose that.`;
  if (other.card.status === "solved") return `Case ${into} is closed meanwhile: choose another one.`;
  if (sure || other.contact === shown.contact) return null;
  const about = { card, queue: titleOf(store.queues(), card.queue) };
  return { response_action: "update", view: mergeTwoDialog(about, other.card, value.seen) };
}
