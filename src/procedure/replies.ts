/** What the bot says in a run: sentences of the file word for word, and a model's words past the reply gate. */
import type { Refusal } from "./command.ts";
import { claimsAnEffect } from "./gate/claims.ts";
import { literalsWithoutOrigin } from "./gate/literals.ts";
import { isRepetition } from "./gate/repetition.ts";
import { openPart } from "./open-parts.ts";
import { placeOf } from "./reading.ts";
import { changeActive, changeRun, journal, refused, rendered, type Work } from "./work.ts";

/** Replies that are kept to tell a repetition. */
const REPLIES_KEPT = 3;

/** Says a sentence of the active procedure word for word; `id` is its place. */
export function saySentence(work: Work, id: string): Refusal | null {
  const found = openPart(work, {
    kind: "said",
    is: ({ position }) => placeOf(position) === id,
    named: `The sentence ${id}`,
  });
  if (!found.ok) return found.refusal;
  const text = rendered(work, found.part.text);
  if (text === "") return refused("bad_value", `The sentence ${id} can't be written yet.`);
  changeActive(work, { done: [...new Set([...(work.run.stack.at(-1)?.done ?? []), id])] });
  utter(work, text);
  return null;
}

/** Says a model's own words, if every literal in them is known and nothing is claimed that was not done. */
export function sayReply(work: Work, text: string): Refusal | null {
  const strange = literalsWithoutOrigin(work, text);
  if (strange.length > 0)
    return refused(
      "not_grounded",
      `Nothing that is known holds ${strange
        .slice(0, 3)
        .map((one) => `“${one}”`)
        .join(", ")}.`,
    );
  if (claimsAnEffect(text) && !hasWritten(work))
    return refused("not_done", "The reply says that something was done, and no call has done it.");
  if (isRepetition(work.run.replies, text))
    return refused("repeated", "This has been said already; say something new, or hand over.");
  utter(work, text);
  return null;
}

/** True if a write was done in this run. */
function hasWritten({ run, world }: Work): boolean {
  return run.stack.some(({ calls }) =>
    Object.entries(calls).some(([name, { outcome }]) => outcome === "done" && world.operation(name)?.kind === "write"),
  );
}

function utter(work: Work, text: string): void {
  introduce(work);
  const { replies, turn } = work.run;
  changeRun(work, { replies: [...replies, text].slice(-REPLIES_KEPT), turn: { ...turn, spoke: true } });
  work.effects.push({ kind: "say", text });
}

/** Says once that no model is at work. */
export function introduce(work: Work): void {
  if (work.run.introduced || work.world.model) return;
  changeRun(work, { introduced: true });
  journal(work, "understudy.introduced", "Told the customer that no language model is at work");
  work.effects.push({ kind: "say", text: work.world.sentences.introduction });
}
