/** Where a run stands, as the texts of a prompt need it. */

import type { Contact } from "../../domain/contact.ts";
import type { Budget } from "../../language/budget.ts";
import type { Values } from "../../language/expression.ts";
import type { ProcedureStep } from "../definition.ts";
import type { Operation, ProcedureRun } from "../run.ts";
import type { Mask, Standing } from "./masking.ts";
import type { Fencing } from "./outside.ts";

/** The part of a run that a model is told. */
export type PromptRun = Pick<
  ProcedureRun,
  "stack" | "heard" | "exchange" | "pending" | "verified" | "replies" | "counted" | "used"
>;

/** The customer, the channel and the time. */
export interface PromptFacts {
  contact: Contact;
  conversation: { id: number; channel: string; tags: readonly string[] };
  /** True where the channel vouches for the customer's address. */
  verified: boolean;
  /** ISO 8601. */
  now: string;
  /** The customer's languages, preferred first. */
  languages: readonly string[];
}

export interface Scene extends Standing {
  /** null: a step that the file has no more. */
  step: ProcedureStep | null;
  run: PromptRun;
  facts: PromptFacts;
  values: Values;
  budget: Budget;
  operation: (name: string) => Operation | null;
  fenced: Fencing;
  mask: Mask;
}
