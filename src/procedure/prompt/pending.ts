import type { Procedure } from "../definition.ts";
import type { Pending } from "../run.ts";
import { operationToolNames } from "./tools/operation-names.ts";

/** The question that is open, and what to do about words beside it; empty: none is. */
export function pendingText(pending: Pending | null, uses: Procedure["uses"]): string[] {
  switch (pending?.kind) {
    case undefined:
      return [];
    case "field":
      return [
        `Open question: for ${pending.field}. The customer's latest words were not read as its answer. If they hold one, ` +
          "set the field. Else help them, and the engine shows the question again.",
      ];
    case "confirm": {
      const { operation } = pending.call;
      return [
        `Open question: does the customer agree to ${operationToolNames(Object.keys(uses)).get(operation) ?? operation}? ` +
          "The engine has asked it, and only their own yes or no settles it. Their latest words were neither. Help them " +
          "with what they say, and the engine shows the question again; if they want something else, go on with that.",
      ];
    }
    case "which":
      return [
        `Open question: which of these is meant: ${pending.candidates.join(", ")}? If the customer's latest words tell, start it.`,
      ];
  }
}
