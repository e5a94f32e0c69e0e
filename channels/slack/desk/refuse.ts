/** Keeps a dialog open, with what was written in it, where the case has moved on since it was opened. */
import { jsonOf } from "../json.ts";
import { CASE_DIALOGS, type CaseDialog, callbackOf, DialogValue, FIELDS } from "./actions.ts";
import { type Asked, askedBy } from "./asked.ts";
import type { FrontDeps } from "./front-deps.ts";
import { FIND_BLOCK } from "./modals.ts";
import { movedOn, obstacle } from "./standing.ts";
import { fieldOf, type Refusal, refusal, Submission, type SubmittedView } from "./submission.ts";
import { NOT_AT_THE_DESK, queuesFor, titleOf } from "./workers.ts";

/** The answer that keeps a dialog about a case open; null: what was decided in it still holds. */
export async function refuseDialog(front: FrontDeps, body: unknown): Promise<Refusal | null> {
  const view = Submission.safeParse(body).data?.view;
  const dialog = CASE_DIALOGS.find((one) => callbackOf(one) === view?.callback_id);
  const asked = askedBy(body);
  if (view === undefined || dialog === undefined || asked === null) return null;
  const because = await reason(front, asked, { dialog, view });
  return because === null ? null : refusal(blockOf(dialog, view), because);
}

/** The error must stand at a block that the dialog has. */
function blockOf(dialog: CaseDialog, view: SubmittedView): string {
  return dialog === "merge" && view.state.values["into"] === undefined ? FIND_BLOCK : FIELDS[dialog][0];
}

async function reason(
  front: FrontDeps,
  { operator, external }: Asked,
  { dialog, view }: { dialog: CaseDialog; view: SubmittedView },
): Promise<string | null> {
  const value = DialogValue.safeParse(jsonOf(view.private_metadata)).data;
  if (value === undefined)
    return "This dialog is from another version of Frontdesk. Copy what you wrote and open it again.";
  const [shown, mine] = await Promise.all([front.book.case(value.c), queuesFor(front, operator)]);
  if (external || mine.length === 0) return NOT_AT_THE_DESK;
  if (shown === null) return `There is no case ${value.c} any more.`;
  const { card } = shown;
  const queues = mine.map(({ id }) => id);
  const why = obstacle(card, { dialog, operator, queues: [...queues, value.seen.queue] });
  const moved = movedOn(card, value.seen, titleOf(front.book.queues(), card.queue));
  // A note is one whoever holds the case.
  if (moved !== null && dialog !== "note" && card.status !== "solved" && card.mergedInto == null) return moved;
  return why ?? (dialog === "merge" ? cannotTake(front, value.c, fieldOf(view, "into")) : null);
}

/** Why a case can't be merged into the chosen one. */
async function cannotTake({ book }: FrontDeps, conversation: number, into: string | null): Promise<string | null> {
  if (into === null) return "Choose the case that this one goes on in, or search for it.";
  if (into === String(conversation)) return "A case can't be merged into itself.";
  const other = await book.case(Number(into));
  if (other === null) return `There is no case ${into}.`;
  if (other.card.mergedInto != null) return `Case ${into} was merged into case ${other.card.mergedInto}: choose that.`;
  return other.card.status === "solved" ? `Case ${into} is closed meanwhile: choose another one.` : null;
}
