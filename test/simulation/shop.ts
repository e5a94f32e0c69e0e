/** A shop with one procedure, as scenarios of tests see it. */
import { parseManifest } from "../../src/connector/manifest.ts";
import { parse as parseProcedure } from "../../src/procedure/parse.ts";
import type { ScenarioWorld } from "../../src/simulation/names.ts";
import { parse } from "../../src/simulation/parse.ts";
import type { Scenario } from "../../src/simulation/scenario.ts";
import type { Stage } from "../../src/simulation/stage.ts";
import { BILLING, CANCEL, SUB } from "../procedure/cancel.ts";
import { procedureRelease } from "../procedure/scene.ts";
import { catalogOf } from "../turn/scene.ts";

function connectors(): ScenarioWorld["connectors"] {
  const { manifest, diagnostics } = parseManifest(BILLING, "connectors/billing.yaml");
  if (manifest === null) throw new Error(JSON.stringify(diagnostics));
  return { billing: manifest };
}

/** The names of the shop. */
export function shopWorld(): ScenarioWorld {
  const { procedure, diagnostics } = parseProcedure(CANCEL, "procedures/cancel.md", connectors());
  if (procedure === null) throw new Error(JSON.stringify(diagnostics));
  return {
    channels: ["chat", "text"],
    queues: ["front-line", "billing"],
    workflows: ["help"],
    procedures: [procedure],
    connectors: connectors(),
  };
}

const ANSWERS = `  billing.get_subscription: ${JSON.stringify(SUB)}
  billing.cancel_subscription: done
  billing.apply_offer: done
  code choose-offer: { percent: 20 }
`;

const list = (items: readonly string[]): string => items.map((item) => `- ${item}\n`).join("");

/** The text of a scenario. `turns`: its lines without the dash. */
export function written(o: {
  turns: readonly string[];
  hold?: readonly string[];
  head?: string;
  answers?: string;
}): string {
  return `---
id: trial
procedure: cancel
${o.head ?? ""}connectors:
${o.answers ?? ANSWERS}---

# Turns

${list(o.turns)}
# Must hold

${list(o.hold ?? ["`no guard broken`"])}`;
}

/** A scenario of the shop. Throws with its faults. */
export function scenarioOf(text: string): Scenario {
  const { scenario, diagnostics } = parse(text, "scenarios/trial.md", shopWorld());
  if (scenario === null) throw new Error(JSON.stringify(diagnostics, null, 1));
  return scenario;
}

/** The shop as a stage. Its code block has to be answered by the scenario. */
export const shopStage = (procedure = CANCEL): Stage => ({
  catalog: catalogOf(procedureRelease({ procedures: { cancel: procedure }, connectors: { billing: BILLING } })),
  channel: "chat",
  runCode: ({ block }) => Promise.reject(new Error(`The scenario has no answer for the code ${block}`)),
});
