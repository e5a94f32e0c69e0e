import type { ContactId } from "./ids.ts";

/** A person or company we support, as workflows see it. Every field has a default, so conditions find no absent value. */
export interface Contact {
  id: ContactId;
  name: string;
  first_name: string;
  email: string;
  phone: string;
  /** BCP 47 primary subtag, "" when unknown. */
  language: string;
  blocked: boolean;
  attributes: Record<string, unknown>;
}
