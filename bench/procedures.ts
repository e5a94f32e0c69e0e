/** The cost of procedures: the engine's time, the model's tokens, and what waiting for a model costs others (G8). */
import { type EngineTime, WHO } from "./engine-time.ts";
import { EXAMPLE_HOME } from "./home.ts";
import type { Measured, Sizes } from "./measurement.ts";
import { measureModelWaiters } from "./model-waiters.ts";
import type { PromptSizes } from "./prompt-sizes.ts";
import { startPlayer } from "./subjects.ts";

export async function measureProcedures(sizes: Sizes): Promise<Measured> {
  const { engine, prompts } = await played(sizes);
  const waiters = await measureModelWaiters(sizes);
  return {
    figures: { engine, prompts, waiters: waiters.figures },
    lines: [...engineLines(engine), "", ...promptLines(prompts), "", ...waiters.lines],
    goals: waiters.goals,
  };
}

async function played({ repeats, say }: Sizes): Promise<{ engine: EngineTime[]; prompts: PromptSizes[] }> {
  await using player = startPlayer();
  const engine = await player.call("engine", { home: EXAMPLE_HOME, repeats });
  say("the engine's time is measured");
  return { engine, prompts: await player.call("prompts", { home: EXAMPLE_HOME }) };
}

function engineLines(engine: readonly EngineTime[]): string[] {
  const rows = engine.map(({ who, procedures, answer, turn, transitionsPerTurn }) => {
    const live = `${procedures} live`.padEnd(9);
    const figures = [answer.median, answer.p95, turn.median, turn.p95].map((ms) => ms.toFixed(2).padStart(8));
    return `  ${who.padEnd(12)}${live}${figures.join("")}${transitionsPerTurn.toFixed(1).padStart(13)}`;
  });
  return [
    `engine's time in turns of a procedure (${Object.values(WHO).join(", ")}), ms`,
    `${"".padEnd(23)}  answer: median, p95   turn: median, p95   transitions a turn`,
    ...rows,
  ];
}

function promptLines(prompts: readonly PromptSizes[]): string[] {
  const rows = prompts.map(({ scenario, turns, calls, tokens, cached }) => {
    const figures = [calls / turns, tokens / turns, tokens / calls, cached * 100];
    const digits = [1, 0, 0, 0];
    const cells = figures.map((figure, at) => figure.toFixed(digits[at]).padStart(12));
    return `  ${scenario.padEnd(22)}${String(turns).padStart(5)}${cells.join("")}`;
  });
  return [
    "calls of a scripted model; input tokens as the gateway estimates them (a third of the bytes)",
    `${"".padEnd(24)}turns  calls/turn tokens/turn tokens/call  % cached from the second turn on`,
    ...rows,
  ];
}
