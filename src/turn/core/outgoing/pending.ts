/** The words of operators that a case keeps (T11 bounds them), and what all who handle them need. */
import { customerName } from "../../../domain/customer-name.ts";
import { cancelAlarm, change, type TransitionContext, tellDeliveryStatus } from "../context.ts";
import {
  type CaseState,
  type PendingReply,
  WAITING_CHARACTERS_MAX,
  WAITING_MAX,
  WITHDRAWN_MAX,
  WORDS_MAX,
} from "../state.ts";

/** Tells whether these are more than can be kept with the others that have not left, or wait for an answer (T11). */
export function tooManyUnsent(open: CaseState, words: PendingReply): boolean {
  const others = open.words.filter(({ stage, ref }) => stage !== "sent" && ref !== words.ref);
  const characters = others.reduce((sum, one) => sum + storedSize(one), storedSize(words));
  return others.length >= WAITING_MAX || characters > WAITING_CHARACTERS_MAX;
}

/** As the state holds them: one control character is six there. */
const storedSize = ({ text, files }: PendingReply): number => JSON.stringify([text, files]).length;

/** They do not leave. */
export function dropPending(context: TransitionContext, words: PendingReply, message: string): void {
  cancelAlarm(context, { kind: "undo", ref: words.ref });
  const open = context.state.case;
  if (open !== null) change(context, { case: { ...open, words: open.words.filter(({ ref }) => ref !== words.ref) } });
  tellDeliveryStatus(context, { ref: words.ref, message, question: null });
}

export const findPending = (context: TransitionContext, ref: string): PendingReply | null =>
  context.state.case?.words.find((words) => words.ref === ref) ?? null;

/** Puts words in their place, or last where they are new; the oldest that have left are forgotten first (T11). */
export function putPending(context: TransitionContext, words: PendingReply): void {
  const open = context.state.case;
  if (open === null) return;
  const known = open.words.some(({ ref }) => ref === words.ref);
  const all = known ? open.words.map((one) => (one.ref === words.ref ? words : one)) : [...open.words, words];
  const oldest = all.findIndex(({ stage }) => stage === "sent");
  change(context, {
    case: { ...open, words: all.length > WORDS_MAX && oldest !== -1 ? all.toSpliced(oldest, 1) : all },
  });
}

/** A note, or words that come only now that they are wanted no more: platforms bring what failed after what came later. */
export function withdraw(context: TransitionContext, ref: string): void {
  const open = context.state.case;
  if (open === null || open.withdrawn.includes(ref)) return;
  change(context, { case: { ...open, withdrawn: [...open.withdrawn, ref].slice(-WITHDRAWN_MAX) } });
}

/** "Dana, sms": to whom it goes. */
export const recipientLabel = ({ state }: TransitionContext): string =>
  `${customerName(state.contact, "the customer")}, ${state.channel}`;
