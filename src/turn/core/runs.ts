/** The runs of a conversation: replacing and stopping them. */
import { giveUpAlarm, remindAlarm } from "../../workflow/prompt-alarms.ts";
import type { Run, RunInput, Wait } from "../../workflow/run.ts";
import { cancelAlarm, change, line, type TransitionContext } from "./context.ts";

export const foregroundRun = (context: TransitionContext): Run | null =>
  context.state.runs.find((run) => run.ground === "foreground") ?? null;

/** Stores a run's new position, or removes it where it is over; a prompt that it no longer waits for goes too. */
export function replaceRun(context: TransitionContext, id: string, run: Run | null): void {
  const others = context.state.runs.filter((other) => other.id !== id);
  change(context, { runs: run === null ? others : [...others, run] });
  const prompt = context.state.prompt;
  const asking = run?.waits.some(({ kind }) => kind === "choice" || kind === "field");
  if (prompt?.run === id && asking !== true) change(context, { prompt: null });
}

/** Stops all runs, with their alarms and prompt. */
export function stopRuns(context: TransitionContext, reason: string): void {
  if (context.state.runs.length > 0) line(context, "run.stopped", `Stopped the running workflow, because ${reason}`);
  for (const run of context.state.runs) dropWaits(context, run);
  change(context, { runs: [], prompt: null, deferred: [] });
}

/** Stops one run; the others go on. */
export function stopRun(context: TransitionContext, run: Run, reason: string): void {
  line(context, "run.stopped", `Stopped the workflow that was waiting, because ${reason}`);
  dropWaits(context, run);
  replaceRun(context, run.id, null);
}

/** Cancels the alarms of a run, and calls off its asks; people are told of the writes among them (E4). */
function dropWaits(context: TransitionContext, run: Run): void {
  for (const alarm of alarmsOf(run)) cancelAlarm(context, { kind: "run", id: alarm });
  for (const wait of run.waits) if (wait.kind === "answer") dropAsk(context, run, wait);
}

function dropAsk(context: TransitionContext, run: Run, { ask, operation }: Extract<Wait, { kind: "answer" }>): void {
  const isWrite = context.catalog.release(run.release)?.writes.has(operation) === true;
  const answer = deferredAnswer(context, ask);
  if (answer !== null) {
    if (isWrite) context.unheard.push({ operation, result: answer.result });
    return;
  }
  context.calledOff.add(ask);
  if (!isWrite) return;
  line(context, "call.off", `Called off ${operation}, unless it has left already`);
  change(context, { calledOff: [...context.state.calledOff, { ask, operation }] });
}

/** The answer that has come for a run that was not free to read it; null: none. */
function deferredAnswer({ state }: TransitionContext, ask: string): Extract<RunInput, { kind: "answer" }> | null {
  for (const { input } of state.deferred) if (input.kind === "answer" && input.ask === ask) return input;
  return null;
}

/** True where a run waits for this answer, or this alarm of its own or of its question. */
export function isAwaited(run: Run, input: RunInput): boolean {
  if (input.kind === "alarm") return alarmsOf(run).includes(input.alarm);
  return input.kind === "answer" && run.waits.some((wait) => wait.kind === "answer" && wait.ask === input.ask);
}

const alarmsOf = ({ waits }: Run): string[] => waits.flatMap(alarmsOfWait);

function alarmsOfWait(wait: Wait): string[] {
  switch (wait.kind) {
    case "alarm":
      return [wait.alarm];
    case "choice":
    case "field":
      return [remindAlarm(wait.prompt), giveUpAlarm(wait.prompt)];
    case "answer":
    case "words":
      return [];
  }
}
