/** The arguments of a call: what its caller gave, and what the engine fills in from the contact. */
import type { ConnectorOperation } from "../domain/connector-schema.ts";
import { own } from "../lib/own.ts";
import { fail, ok, type Result } from "../lib/result.ts";
import { readInput } from "./typed.ts";

export interface Given {
  input: unknown;
  /** Values of the contact, by the names of `identity:`; one that the contact does not have is left out. */
  identity?: Readonly<Record<string, string>> | undefined;
}

/** A call that can't be made. `name`: its error's name, "" where it has none. */
export interface BadCall {
  message: string;
  name: string;
}

/** Error of a contact who lacks the attribute that identifies them there. */
const NO_IDENTITY = "no_identity";

/** Checks and joins the arguments, in the order of the manifest, so that equal calls have equal texts. */
export function argumentsOf(
  operation: ConnectorOperation,
  { input, identity = {} }: Given,
): Result<Readonly<Record<string, unknown>>, BadCall> {
  const read = readInput(input, operation.input);
  if (!read.ok) return fail({ message: `${read.fault}.`, name: "" });
  const filled: [string, string][] = [];
  for (const [name, path] of Object.entries(operation.identity)) {
    const value = own(identity, name);
    if (value === undefined || value === "") {
      const message = `The contact has no ${path}, which ${operation.name} needs as ${name}.`;
      return fail({ message, name: NO_IDENTITY });
    }
    filled.push([name, value]);
  }
  return ok({ ...Object.fromEntries(filled), ...read.value });
}
