/** Choosing a procedure by the customer's words, where no model does. */
import { enter, over } from "./activation.ts";
import type { Procedure } from "./definition.ts";
import { askWhich } from "./questions.ts";
import { introduce } from "./replies.ts";
import type { ProcedureWorld } from "./run.ts";
import { matching } from "./understudy/select.ts";
import { changeRun, journal, type Move, type Work, wait } from "./work.ts";

/** The one other procedure that the words mean; null: none, or several. */
export function otherMatter(work: Work, text: string): Procedure | null {
  const meant = matching(eligible(work), text);
  const [only, ...others] = meant.filter((id) => !work.run.stack.some(({ procedure }) => procedure === id));
  return only === undefined || others.length > 0 || meant.length > 1 ? null : work.find(only);
}

/** Finds the procedure that the words mean; several are asked about, and without one the run is over. */
export function selectByWords(work: Work): Move {
  const candidates = matching(eligible(work), work.run.heard.at(-1) ?? "");
  const [first, ...others] = candidates.flatMap((id) => {
    const procedure = work.find(id);
    return procedure === null ? [] : [procedure];
  });
  if (first === undefined) {
    journal(work, "procedure.none", "No procedure is known for these words");
    return over(work, { kind: "untaken" });
  }
  if (others.length === 0) return enter(work, first);
  introduce(work);
  changeRun(work, { news: false });
  askWhich(
    work,
    [first, ...others].slice(0, 4).map(({ id }) => id),
  );
  return wait;
}

/** Live procedures for this channel and this contact. */
export function eligible({
  world,
}: {
  world: Pick<ProcedureWorld, "procedures" | "contact" | "conversation" | "now" | "budget">;
}): readonly Procedure[] {
  const { contact, conversation, now } = world;
  const values = { contact, conversation, message: { text: "" }, now };
  return world.procedures.filter(({ status, audience: { channels, if: condition } }) => {
    if (status !== "live" || (channels !== null && !channels.includes(conversation.channel))) return false;
    return condition === null || condition.evaluate(values, undefined, world.budget) === true;
  });
}
