import { change, line, type TransitionContext } from "../context.ts";
import { NOTE_CHARACTERS_MAX, NOTES_MAX } from "../state.ts";

/** Keeps a note until there is a case to show it in. T11: long and old notes are only in the journal. */
export function keepNote(context: TransitionContext, text: string): void {
  const { notes } = context.state;
  const short = text.length > NOTE_CHARACTERS_MAX ? `${text.slice(0, NOTE_CHARACTERS_MAX).toWellFormed()} …` : text;
  if (short !== text) line(context, "note.whole", text);
  if (notes.length >= NOTES_MAX) line(context, "note.left_out", `An older note is not kept: ${notes[0]}`);
  change(context, { notes: [...notes, short].slice(-NOTES_MAX) });
}
