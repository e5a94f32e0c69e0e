/** Reads and changes the operators' words kept in a case (T11 limits them). */
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

/** True when these words do not fit beside the others that are unsent or wait for a decision (T11). */
export function tooManyUnsent(open: CaseState, words: PendingReply): boolean {
  const others = open.words.filter(({ stage, ref }) => stage !== "sent" && ref !== words.ref);
  const characters = others.reduce((sum, one) => sum + storedSize(one), storedSize(words));
  return others.length >= WAITING_MAX || characters > WAITING_CHARACTERS_MAX;
}

/** Characters in the stored state, where one control character takes six. */
const storedSize = ({ text, files }: PendingReply): number => JSON.stringify([text, files]).length;

/** Drops words that are not to leave, and shows the message as their delivery. */
export function dropPending(context: TransitionContext, words: PendingReply, message: string): void {
  cancelAlarm(context, { kind: "undo", ref: words.ref });
  const open = context.state.case;
  if (open !== null) change(context, { case: { ...open, words: open.words.filter(({ ref }) => ref !== words.ref) } });
  tellDeliveryStatus(context, { ref: words.ref, message, question: null });
}

export const findPending = (context: TransitionContext, ref: string): PendingReply | null =>
  context.state.case?.words.find((words) => words.ref === ref) ?? null;

/** Replaces words, or appends new ones. Beyond the limit the oldest sent ones are dropped (T11). */
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

/**
 * Remembers an edit or deletion of unknown words: they may be a note, or come later, since platforms retry failed
 * deliveries out of order.
 */
export function withdraw(context: TransitionContext, ref: string): void {
  const open = context.state.case;
  if (open === null || open.withdrawn.includes(ref)) return;
  change(context, { case: { ...open, withdrawn: [...open.withdrawn, ref].slice(-WITHDRAWN_MAX) } });
}

/** The recipient, as in "Dana, sms". */
export const recipientLabel = ({ state }: TransitionContext): string =>
  `${customerName(state.contact, "the customer")}, ${state.channel}`;
