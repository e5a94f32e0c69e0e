/** The rules that end a run for people: escalations of the file, limits, and turns that bring nothing (3.5). */
import { over } from "./activation.ts";
import { active, changeRun, evaluated, journal, type Move, type Work } from "./work.ts";

/** Clarifying questions in a row, after which a person takes over. */
export const CLARIFICATIONS_MAX = 2;

/** The handoff that a rule demands now; null: none does. */
export function dueHandoff(work: Work): Move | null {
  const here = active(work);
  if (here === null) return null;
  const { counts } = work.run;
  const { limits, escalate } = here.procedure;
  for (const rule of escalate) {
    if (rule.kind !== "condition" || evaluated(work, rule.if) !== true) continue;
    journal(work, "procedure.escalated", `${rule.if.source} holds, so it goes to ${rule.to}`);
    return over(work, {
      kind: "handoff",
      to: rule.to,
      reason: "policy",
      because: `Rule: ${rule.if.source}`,
      summary: "",
    });
  }
  if (counts.turns > limits.turns) return stuck(work, `${limits.turns} messages did not settle it`);
  if (counts.costUsd > limits.costUsd) return stuck(work, `It has cost more than $${limits.costUsd}`);
  return null;
}

/** The handoff at the end of a turn that is one too many without anything new; null: none is due. */
export function stalledHandoff(work: Work): Move | null {
  const { counts, turn } = work.run;
  const limit = active(work)?.procedure.limits.stalledTurns;
  if (limit === undefined || turn.progress || counts.stalled + 1 < limit) return null;
  return stuck(work, `${counts.stalled + 1} messages in a row brought nothing new`);
}

/** Hands over because the run gets nowhere. */
export function stuck(work: Work, because: string): Move {
  journal(work, "procedure.stuck", `${because}, so a person takes over`);
  return over(work, { kind: "handoff", to: "", reason: "stuck", because, summary: "" });
}

/** Begins a turn with the customer's words; the one before counts as stalled if it brought nothing. */
export function beginTurn(work: Work): void {
  const { counts, turn } = work.run;
  const stalled = counts.turns === 0 || turn.progress ? 0 : counts.stalled + 1;
  changeRun(work, {
    counts: { ...counts, turns: counts.turns + 1, stalled },
    turn: { decisions: 0, refusals: 0, progress: false, spoke: false, asked: false, understudy: false },
    exchange: [],
  });
}
