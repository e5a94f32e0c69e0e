/** The engine's own time: transitions of played scenarios, repeated with few and with many procedures in the release. */
import type { Procedure } from "../src/procedure/definition.ts";
import { transition } from "../src/turn/core/transition.ts";
import { type Played, type PlayedTurn, playScenarios } from "./played.ts";
import { quantile } from "./statistics.ts";

/** Live procedures of the release. */
export const PROCEDURES = [1, 30] as const;
/** The procedure that is measured, and the scenarios that do it: the understudy's, and a scripted model's. */
const PROCEDURE = "cancel-subscription";
export const WHO = { understudy: "cancel-corrects-twice", model: "cancel-with-model" } as const;

/** Milliseconds. */
export interface Durations {
  median: number;
  p95: number;
}

export interface EngineTime {
  who: keyof typeof WHO;
  procedures: number;
  /** The transition in which a running procedure takes what the customer wrote or pressed. */
  answer: Durations;
  /** All transitions of such a turn, to the last answer of a connector, a code block or the model. */
  turn: Durations;
  transitionsPerTurn: number;
}

interface Prepared {
  who: keyof typeof WHO;
  procedures: number;
  turns: readonly PlayedTurn[];
  answerMs: number[];
  turnMs: number[];
}

/** Measures all combinations in turn. */
export async function engineTimes({ home, repeats }: { home: string; repeats: number }): Promise<EngineTime[]> {
  const prepared: Prepared[] = [];
  for (const procedures of PROCEDURES)
    for (const who of ["understudy", "model"] as const) prepared.push(await prepare(home, who, procedures));
  // The first half warms the compiler up, and is not counted.
  for (let n = 0; n < repeats; n++) for (const one of prepared) repeat(one);
  for (const { answerMs, turnMs } of prepared) answerMs.length = turnMs.length = 0;
  for (let n = 0; n < repeats; n++) for (const one of prepared) repeat(one);
  return prepared.map(({ who, procedures, turns, answerMs, turnMs }) => ({
    who,
    procedures,
    answer: durations(answerMs),
    turn: durations(turnMs),
    transitionsPerTurn: turns.flat().length / turns.length,
  }));
}

async function prepare(home: string, who: keyof typeof WHO, procedures: number): Promise<Prepared> {
  const [played] = await playScenarios({
    home,
    scenarios: (all) => all.filter(({ id }) => id === WHO[who]),
    procedures: (all) => severalOf(all, procedures),
  });
  if (played === undefined) throw new Error(`There is no scenario ${WHO[who]}.`);
  return { who, procedures, turns: answered(played), answerMs: [], turnMs: [] };
}

/** The procedure, and copies of all of the folder's with ids, titles and examples of their own. */
function severalOf(all: readonly Procedure[], count: number): readonly Procedure[] {
  const own = all.filter(({ id }) => id === PROCEDURE);
  const copies = Array.from({ length: count - own.length }, (_, n): Procedure[] => {
    const of = all[n % all.length];
    return of === undefined ? [] : [copyOf(of, n + 1)];
  });
  return [...own, ...copies.flat()];
}

function copyOf(procedure: Procedure, n: number): Procedure {
  const { id, title, trigger } = procedure;
  // Words of its own, so that the customer's words fit the procedure itself best.
  const examples = trigger.examples.map((example) => `branch${n} ${example} at branch${n} of area${n}`);
  return { ...procedure, id: `${id}-${n}`, title: `${title} at branch ${n}`, trigger: { ...trigger, examples } };
}

/** Turns in which the procedure was under way when the customer spoke. */
const answered = ({ turns }: Played): readonly PlayedTurn[] =>
  turns.filter(([first]) => first?.before.runs.some(({ procedure }) => procedure !== undefined));

/** Repeats every turn, on copies of its states, as a turn reads them from the database. */
function repeat({ turns, answerMs, turnMs }: Prepared): void {
  for (const turn of turns) {
    let sum = 0;
    for (const [at, { before, event, catalog }] of turn.entries()) {
      const state = structuredClone(before);
      const from = performance.now();
      transition(state, event, { catalog, conversation: 1 });
      const took = performance.now() - from;
      if (at === 0) answerMs.push(took);
      sum += took;
    }
    turnMs.push(sum);
  }
}

const durations = (values: readonly number[]): Durations => ({
  median: quantile(values, 0.5),
  p95: quantile(values, 0.95),
});
