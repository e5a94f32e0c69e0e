/** The runs of a conversation: replacing and stopping them. */
import { giveUpAlarm, remindAlarm } from "../../workflow/prompt-alarms.ts";
import type { Run } from "../../workflow/run.ts";
import { cancelAlarm, change, line, type TransitionContext } from "./context.ts";

export const foregroundRun = (context: TransitionContext): Run | null =>
  context.state.runs.find((run) => run.ground === "foreground") ?? null;

/** Stores a run's new position, or removes it where it is over; a prompt that it no longer waits for goes too. */
export function replaceRun(context: TransitionContext, id: string, run: Run | null): void {
  const others = context.state.runs.filter((other) => other.id !== id);
  change(context, { runs: run === null ? others : [...others, run] });
  const prompt = context.state.prompt;
  const asking = run?.waiting?.kind === "choice" || run?.waiting?.kind === "field";
  if (prompt?.run === id && !asking) change(context, { prompt: null });
}

/** Stops all runs, with their alarms and prompt. */
export function stopRuns(context: TransitionContext, reason: string): void {
  if (context.state.runs.length > 0) line(context, "run.stopped", `Stopped the running workflow, because ${reason}`);
  for (const run of context.state.runs)
    for (const alarm of alarmsOf(run)) cancelAlarm(context, { kind: "run", id: alarm });
  change(context, { runs: [], prompt: null, deferred: [] });
}

/** Stops one run; the others go on. */
export function stopRun(context: TransitionContext, run: Run, reason: string): void {
  line(context, "run.stopped", `Stopped the workflow that was waiting, because ${reason}`);
  for (const alarm of alarmsOf(run)) cancelAlarm(context, { kind: "run", id: alarm });
  replaceRun(context, run.id, null);
}

function alarmsOf(run: Run): string[] {
  const { waiting } = run;
  if (waiting === null) return [];
  switch (waiting.kind) {
    case "alarm":
      return [waiting.alarm];
    case "choice":
    case "field":
      return [remindAlarm(waiting.prompt), giveUpAlarm(waiting.prompt)];
    case "answer":
      return [];
  }
}
