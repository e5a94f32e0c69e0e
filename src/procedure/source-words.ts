import type { ProcedureField } from "./definition.ts";

/** The only writer of a field, in words for a model and the journal. */
export function sourceWords({ from }: ProcedureField): string {
  switch (from.kind) {
    case "customer":
      return "the customer";
    case "connector":
      return from.operation;
    case "code":
      return `the code ${from.block}`;
    case "contact":
      return "the contact";
    case "human":
      return "a person at the desk";
    case "set":
      return "the file";
  }
}
