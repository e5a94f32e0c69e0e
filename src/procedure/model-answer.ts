/** The model's answer: commands to be checked one by one, or the reason why there is none. */
import type { CallResult } from "../domain/call.ts";
import type { Command } from "./command.ts";
import { changeRun, journal, type Move, on, type Work } from "./work.ts";

/** The value of a successful answer; parsed where it was journalled. */
export interface ModelAnswer {
  commands: readonly Command[];
  model: string;
  costUsd: number;
  tokens: { input: number; cached: number; output: number };
}

/** Queues the commands. Where no model answers, the understudy decides for the rest of this turn. */
export function onModelAnswer(work: Work, result: CallResult): Move {
  if (!result.ok) {
    journal(work, "model.unavailable", `No model answered, so the understudy decides: ${result.error.message}`);
    changeRun(work, { news: true, turn: { ...work.run.turn, understudy: true } });
    return on;
  }
  const { commands, model, costUsd, tokens } = result.value as ModelAnswer;
  const { counts } = work.run;
  changeRun(work, { queue: commands, counts: { ...counts, costUsd: counts.costUsd + costUsd } });
  const used = `${tokens.input} tokens in (${tokens.cached} cached), ${tokens.output} out, $${costUsd.toFixed(4)}`;
  const asked = commands.map(({ kind }) => kind).join(", ") || "nothing";
  journal(work, "model.answered", `${model} asked for ${asked} (${used})`);
  return on;
}
