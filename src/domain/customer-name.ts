/** The names by which people at the desk know a customer, each with one order of preference. */
import type { Contact } from "./contact.ts";

type Named = Pick<Contact, "name">;

/** Stands for a customer whose name is not known, where a name stands alone. */
export const UNNAMED = "Customer";

/** The contact's name, or words that fit the sentence it stands in. */
export const customerName = ({ name }: Named, otherwise: string = UNNAMED): string => name || otherwise;

/** The name of whoever wrote: their contact's, else the one that their platform shows, else that of the conversation's. */
export const senderName = (from: { contact: Named; displayName: string }, conversation: Named): string =>
  from.contact.name || from.displayName || customerName(conversation);

/** Names a contact on a card: by where they write from, where no name is known. */
export const customerLabel = ({ name, phone, email }: Pick<Contact, "name" | "phone" | "email">): string =>
  name || phone || email || UNKNOWN_CUSTOMER;

export const UNKNOWN_CUSTOMER = "Unknown customer";
