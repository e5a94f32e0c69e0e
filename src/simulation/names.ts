/** The names that a scenario may use: those of the content folder that it is played against. */
import type { Procedure } from "../procedure/definition.ts";
import type { Connectors } from "../procedure/head.ts";
import { actionsOf } from "../procedure/reading.ts";

export interface ScenarioWorld {
  channels: readonly string[];
  queues: readonly string[];
  workflows: readonly string[];
  procedures: readonly Procedure[];
  connectors: Connectors;
}

/** Outcomes that the engine itself gives. */
const OWN_OUTCOMES = ["dropped", "none", "workflow"];

export const fieldsOf = ({ procedures }: ScenarioWorld): string[] =>
  procedures.flatMap(({ fields }) => Object.keys(fields));

export const stepsOf = ({ procedures }: ScenarioWorld): string[] =>
  procedures.flatMap(({ steps }) => steps.map(({ id }) => id));

export const operationsOf = ({ connectors }: ScenarioWorld): string[] =>
  Object.entries(connectors).flatMap(([id, { operations }]) => Object.keys(operations).map((name) => `${id}.${name}`));

export const outcomesOf = ({ procedures }: ScenarioWorld): string[] => [
  ...procedures.flatMap(({ steps }) =>
    steps.flatMap(({ body }) => actionsOf(body).flatMap((one) => (one.kind === "end" ? [one.outcome] : []))),
  ),
  ...OWN_OUTCOMES,
];
