/** Plays scenarios in compiled JavaScript, in a process of its own. */
import { answerCalls } from "../calls.ts";
import { type EngineTime, engineTimes } from "../engine-time.ts";
import { type PromptSizes, promptSizes } from "../prompt-sizes.ts";

export type PlayedCalls = typeof calls;

const calls = {
  engine: (o: { home: string; repeats: number }): Promise<EngineTime[]> => engineTimes(o),
  prompts: ({ home }: { home: string }): Promise<PromptSizes[]> => promptSizes(home),
};
answerCalls(calls);
