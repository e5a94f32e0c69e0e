/** Types JSON columns for the page. Our own code wrote them, so they are narrowed once here. */
import { z } from "zod";
import type { FittedPart } from "../adapter/part.ts";

export const asFittedPart = (part: unknown): FittedPart => part as FittedPart;

const Kept = z.object({ state: z.object({ prompt: z.object({ id: z.string() }).nullable() }) });

/** Returns the id of the prompt open in a conversation's state, or null. */
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

/** Returns the lines decided about an event; empty while it waits. */
export function journalLines(lines: unknown): { code: string; message: string }[] {
  return lines === null ? [] : Lines.parse(lines);
}
