/** Plays scenarios of the example company and keeps their transitions, to measure them. */
import { adapters } from "../channels/index.ts";
import { checkFiles, readHome } from "../src/cli/content-check.ts";
import { stageOf } from "../src/cli/simulate.ts";
import type { Procedure } from "../src/procedure/definition.ts";
import { openSandbox } from "../src/sandbox/sandbox.ts";
import type { Scenario } from "../src/simulation/scenario.ts";
import { simulate } from "../src/simulation/simulate.ts";
import type { AppliedEvent, Stage } from "../src/simulation/stage.ts";

/** One turn: what the customer did, and all answers until the next time they did something. */
export type PlayedTurn = readonly AppliedEvent[];

export interface Played {
  scenario: string;
  turns: readonly PlayedTurn[];
}

export interface PlayOptions {
  /** The folder with frontdesk.yaml. */
  home: string;
  scenarios: (all: readonly Scenario[]) => readonly Scenario[];
  /** Procedures of the release, made of those of the folder. */
  procedures?: (all: readonly Procedure[]) => readonly Procedure[];
}

/** Plays the scenarios. Throws where one does not hold: its figures would be those of something else. */
export async function playScenarios({ home, scenarios, procedures = (all) => all }: PlayOptions): Promise<Played[]> {
  const { files } = await readHome(home);
  const { content, scenarios: all } = await checkFiles(files, adapters);
  if (content === null) throw new Error("The content has faults; run `npm run frontdesk -- check`.");
  await using sandbox = openSandbox();
  const stage = await stageOf(content, { adapters, sandbox });
  const { live } = stage.catalog;
  const catalog = { ...stage.catalog, live: { ...live, procedures: procedures(live.procedures) } };
  const played: Played[] = [];
  for (const one of scenarios(all)) played.push(await play(one, { ...stage, catalog }));
  return played;
}

async function play(scenario: Scenario, stage: Stage): Promise<Played> {
  const turns: AppliedEvent[][] = [];
  const observe = (applied: AppliedEvent): void => {
    const { kind } = applied.event;
    if (kind === "message" || kind === "choice") turns.push([]);
    turns.at(-1)?.push(applied);
  };
  const { passed, failures } = await simulate(scenario, { ...stage, observe });
  if (!passed) throw new Error(`${scenario.id}: ${failures[0]?.expected} ${failures[0]?.instead}`);
  return { scenario: scenario.id, turns };
}
