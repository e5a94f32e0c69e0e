import { z } from "zod";

/** A choice of names; null where there are none. */
export function choiceOf(names: readonly string[]): NameChoice | null {
  const [first, ...others] = new Set(names);
  return first === undefined ? null : z.enum([first, ...others]);
}

export type NameChoice = z.ZodEnum<Record<string, string>>;
