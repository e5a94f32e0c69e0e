/** The questions that a customer was shown, and their options. */
import type { NumberedOption } from "../domain/option.ts";
import { didYouMean } from "../language/suggest.ts";
import { fail, ok, type Result } from "../lib/result.ts";
import type { State } from "../turn/core/state.ts";
import type { CustomerAct } from "./scenario.ts";

export interface ShownPrompt {
  id: string;
  options: readonly NumberedOption[];
}

export interface Pressed {
  prompt: string;
  option: NumberedOption;
}

/** The questions shown so far, with that of this state. */
export function promptsWith(prompts: readonly ShownPrompt[], { prompt }: State): readonly ShownPrompt[] {
  if (prompt === null) return prompts;
  const { id, options } = prompt;
  return [...prompts.filter((one) => one.id !== id), { id, options }];
}

/** The option with a number of the question shown last. */
export function chosenOption(prompts: readonly ShownPrompt[], n: number): Result<Pressed, string> {
  const prompt = prompts.at(-1);
  const option = prompt?.options.find((one) => one.n === n);
  if (prompt !== undefined && option !== undefined) return ok({ prompt: prompt.id, option });
  return fail(prompt === undefined ? "no question was shown" : `the question has no number ${n}; ${shown(prompt)}`);
}

/** An option by its id or label: of the open question, else of the latest one that has it. */
export function pressedOption(
  { prompts, state }: { prompts: readonly ShownPrompt[]; state: State },
  { option: wanted, earlier }: Extract<CustomerAct, { kind: "press" }>,
): Result<Pressed, string> {
  const latestFirst = prompts.filter(({ id }) => !earlier || id !== state.prompt?.id).toReversed();
  for (const prompt of latestFirst) {
    const option = prompt.options.find(
      ({ id, label }) => id === wanted || label.toLowerCase() === wanted.toLowerCase(),
    );
    if (option !== undefined) return ok({ prompt: prompt.id, option });
  }
  const [latest] = latestFirst;
  if (latest === undefined) return fail(earlier ? "no question was shown before" : "no question was shown");
  return fail(
    `no question has the option ${wanted}${didYouMean(
      wanted,
      latest.options.map(({ id }) => id),
    )}; ${shown(latest)}`,
  );
}

const shown = ({ options }: ShownPrompt): string => `it has ${options.map(({ n, id }) => `${n} ${id}`).join(", ")}`;
