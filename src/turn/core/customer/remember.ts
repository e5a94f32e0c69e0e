/** Stores what a customer's message tells about them. */

import { guessLanguage } from "../../../adapter/language-guess.ts";
import { senderName } from "../../../domain/customer-name.ts";
import { change, changeCase, line, type TransitionContext } from "../context.ts";
import type { Event } from "../event.ts";
import { LAST_TEXT_MAX } from "../state.ts";
import { storeContact } from "./named.ts";
import { isFromContact, type Spoken } from "./prompt.ts";

/** Messages of a customer, including words on which a carrier acts. */
export type CustomerEvent = Extract<Event, { kind: "message" | "choice" | "opt_out" | "opt_in" | "help" }>;

/** Stores their text, their name, and the language that they clearly write in. */
export function remember(context: TransitionContext, event: CustomerEvent): void {
  const at = event.at.toISOString();
  // Half of a surrogate pair could not be stored.
  const lastText = event.text.slice(0, LAST_TEXT_MAX).toWellFormed();
  const { contact, displayName } = event.from;
  // In a thread with several people the contact stays the one who began it.
  if (!isFromContact(context, event)) return change(context, { lastText, lastCustomerAt: at });
  // A message that was stored while the name was looked up comes without it.
  const name = contact.name || displayName || context.state.contact.name;
  // The language of their text counts more than their client's setting.
  const language = context.state.contact.language || languageOf(context, event) || contact.language;
  const named = { ...contact, language, name, first_name: contact.first_name || (name.split(" ")[0] ?? "") };
  change(context, { lastText, lastCustomerAt: at, trust: event.from.trust });
  storeContact(context, named);
}

/** Guesses the language from the customer's text; "" where that is not clear. */
function languageOf(context: TransitionContext, event: CustomerEvent): string {
  const guessed = event.kind === "message" ? guessLanguage(event.text) : null;
  if (guessed === null) return "";
  line(context, "contact.language", `The customer writes ${guessed === "de" ? "German" : "English"}`);
  return guessed;
}

/** Marks the case as waiting for an answer. */
export function markWaiting(context: TransitionContext): void {
  const { case: open } = context.state;
  if (open === null) return;
  const waitingSince = open.waitingSince ?? context.event.at.toISOString();
  changeCase(context, { status: open.holder === null ? "new" : "with us", waitingSince, lastSpeaker: null });
}

/** The sender's name, for the desk. */
export const senderNameOf = ({ state }: TransitionContext, { from }: Pick<Spoken, "from">): string =>
  senderName(from, state.contact);
