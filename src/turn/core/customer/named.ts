/** The platform told who the customer is: a name that came after their message was stored (I9). */
import type { Contact } from "../../../domain/contact.ts";
import { customerLabel } from "../../../domain/customer-name.ts";
import { change, line, type TransitionContext } from "../context.ts";
import type { Event } from "../event.ts";

/** Takes over what is known of the contact; a name that is known already changes nothing. */
export function onNamed(context: TransitionContext, { contact }: Extract<Event, { kind: "named" }>): void {
  const { contact: before } = context.state;
  if (contact.id !== before.id) return line(context, "contact.other", "Somebody else of this thread has a name now");
  // The language of their text counts more than their client's setting.
  storeContact(context, { ...contact, language: before.language || contact.language });
  const same = contact.name === before.name;
  line(context, "contact.named", same ? "The customer's name was known already" : "The customer's name is known now");
}

/** Stores the contact, and shows the card again where it calls the customer by another name. */
export function storeContact(context: TransitionContext, contact: Contact): void {
  const before = customerLabel(context.state.contact);
  change(context, { contact });
  if (context.state.case !== null && customerLabel(contact) !== before) context.cardChanged = true;
}
