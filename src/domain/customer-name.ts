/** Display names of customers at the desk, each with one order of preference. */
import type { Contact } from "./contact.ts";

type Named = Pick<Contact, "name">;

/** Label of a customer without a name. */
export const UNNAMED = "Customer";

/** Returns the contact's name, else `otherwise`, which has to fit the sentence. */
export const customerName = ({ name }: Named, otherwise: string = UNNAMED): string => name || otherwise;

/** Returns the sender's name: the contact's, else the platform's display name, else the conversation's. */
export const senderName = (from: { contact: Named; displayName: string }, conversation: Named): string =>
  from.contact.name || from.displayName || customerName(conversation);

/** Returns a contact's label on a card: the name, else the phone number, else the mail address. */
export const customerLabel = ({ name, phone, email }: Pick<Contact, "name" | "phone" | "email">): string =>
  name || phone || email || UNKNOWN_CUSTOMER;

export const UNKNOWN_CUSTOMER = "Unknown customer";
