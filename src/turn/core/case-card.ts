/** The card of a case after a transition. */

import type { CaseCard } from "../../domain/case.ts";
import { customerLabel } from "../../domain/customer-name.ts";
import type { TransitionContext } from "./context.ts";
import type { Tell } from "./outcome.ts";

/** Builds the card of the case; null where there is no case. */
export function cardOf(context: TransitionContext): CaseCard | null {
  const { state } = context;
  if (state.case === null) return null;
  const link = context.catalog.link(context.conversation);
  const { held: _held, shownUntil: _until, words: _words, lastSpeaker: _last, ...rest } = state.case;
  const { withdrawn: _gone, suspended: _suspended, ...shown } = rest;
  return {
    ...shown,
    ...(state.trust === null ? {} : { trust: state.trust }),
    ...(link === "" ? {} : { link }),
    conversation: context.conversation,
    customer: customerLabel(state.contact),
    channel: state.channel,
    tags: state.tags,
  };
}

/** Puts the card first, since a thread begins with it. */
export function withCard(tells: readonly Tell[], card: CaseCard): Tell[] {
  const moved = tells.map((tell) =>
    tell.kind === "desk" && tell.mirrors !== null ? { ...tell, mirrors: tell.mirrors + 1 } : tell,
  );
  return [{ kind: "desk", part: { kind: "card", card }, mirrors: null }, ...moved];
}
