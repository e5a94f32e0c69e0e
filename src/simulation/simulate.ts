/** Plays a scenario from its first line to its last, and gives the verdict. */
import type { Position } from "../language/diagnostic.ts";
import type { Happened } from "./happened.ts";
import { begin, customerDoes, endTurn, modelAnswers, operatorDoes, type Playing, standing, waitFor } from "./play.ts";
import type { Assertion, Line, Scenario } from "./scenario.ts";
import type { Stage } from "./stage.ts";
import { verify } from "./verify.ts";

export interface Verdict {
  id: string;
  file: string;
  passed: boolean;
  failures: readonly Failure[];
  /** All that happened, in order. */
  happened: readonly Happened[];
}

/** A verdict with the time that it took, milliseconds. */
export type TimedVerdict = Verdict & { ms: number };

/** `expected`: an assertion as it stands; "" where the scenario could not be played on. */
export interface Failure {
  position: Position;
  expected: string;
  /** What happened instead. */
  instead: string;
  /** What happened since the customer's line before. */
  since: readonly Happened[];
}

const START: Position = { line: 1, column: 1 };

/** Plays a scenario. It ends early where a line can't be played. */
export async function simulate(scenario: Scenario, stage: Stage): Promise<Verdict> {
  const on = begin(scenario, stage);
  const failures: Failure[] = [];
  let from = 0;
  for (const [index, line] of scenario.lines.entries()) {
    if (line.kind === "customer") from = on.happened.length;
    await play(on, line, { modelFollows: modelFollows(scenario.lines, index) });
    const since = on.happened.slice(from);
    if (line.kind === "expect") failures.push(...failuresOf(on, line.assertions, { happened: since, since }));
    failures.push(...faultsOf(on, { position: line.position, since }));
    if (failures.some(({ expected }) => expected === "")) return verdict(on, failures);
  }
  await endTurn(on);
  failures.push(
    ...faultsOf(on, { position: scenario.lines.at(-1)?.position ?? START, since: on.happened.slice(from) }),
  );
  failures.push(...failuresOf(on, scenario.mustHold, { happened: on.happened, since: on.happened }));
  return verdict(on, failures);
}

/** Guards are looked at in every scenario, also where it does not say so. */
function verdict(on: Playing, failures: readonly Failure[]): Verdict {
  const { id, file } = on.scenario;
  const unsaid = failures.some(({ expected }) => expected === GUARDS.text)
    ? []
    : failuresOf(on, [GUARDS], { happened: on.happened, since: on.happened });
  const all = [...failures, ...unsaid];
  return { id, file, passed: all.length === 0, failures: all, happened: on.happened };
}

const GUARDS: Assertion = { text: "no guard broken", position: START, test: { kind: "guards" } };

/** True where a `model:` line comes before somebody speaks again. */
function modelFollows(lines: readonly Line[], index: number): boolean {
  const next = lines.slice(index + 1).find(({ kind }) => kind !== "expect");
  return next?.kind === "model";
}

async function play(on: Playing, line: Line, { modelFollows }: { modelFollows: boolean }): Promise<void> {
  switch (line.kind) {
    case "customer":
      return customerDoes(on, line);
    case "model":
      return modelAnswers(on, line.answer);
    case "operator":
      return operatorDoes(on, line.command);
    case "wait":
      return waitFor(on, line.ms);
    case "expect":
      return modelFollows ? undefined : endTurn(on);
  }
}

function failuresOf(
  on: Playing,
  assertions: readonly Assertion[],
  { happened, since }: { happened: readonly Happened[]; since: readonly Happened[] },
): Failure[] {
  return assertions.flatMap(({ text, position, test }): Failure[] => {
    const instead = verify(test, { happened, now: standing(on) });
    return instead === null ? [] : [{ position, expected: text, instead, since }];
  });
}

/** Faults of the scenario itself; the last ones are taken off. */
function faultsOf(on: Playing, { position, since }: { position: Position; since: readonly Happened[] }): Failure[] {
  return on.faults.splice(0).map((instead) => ({ position, expected: "", instead, since }));
}
