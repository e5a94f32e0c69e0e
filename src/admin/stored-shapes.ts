/** JSON columns as the page needs them. Our own code wrote them, so they are narrowed here, once, and trusted after. */
import { z } from "zod";
import type { FittedPart } from "../adapter/part.ts";

export const asFittedPart = (part: unknown): FittedPart => part as FittedPart;

const Kept = z.object({ state: z.object({ prompt: z.object({ id: z.string() }).nullable() }) });

/** The id of the prompt that is open in a conversation's state, or null. */
export function openPromptOf(state: unknown): string | null {
  return Kept.safeParse(state).data?.state.prompt?.id ?? null;
}

/** `says` is what builds before this one called the message. */
const Lines = z.array(
  z.union([
    z.object({ code: z.string(), message: z.string() }),
    z.object({ code: z.string(), says: z.string() }).transform(({ code, says }) => ({ code, message: says })),
  ]),
);

/** What was decided about an event; empty while it waits. */
export function journalLines(lines: unknown): { code: string; message: string }[] {
  return lines === null ? [] : Lines.parse(lines);
}
