/** The content folder that scenarios are played on. */
import type { CallResult } from "../domain/call.ts";
import type { CodeAsk } from "../turn/core/ask.ts";
import type { Catalog, Release } from "../turn/core/catalog.ts";
import type { Event } from "../turn/core/event.ts";
import type { TransitionOutcome } from "../turn/core/outcome.ts";
import type { State } from "../turn/core/state.ts";
import type { Workflow } from "../workflow/definition.ts";
import { type Parsed, parse } from "../workflow/parse.ts";
import type { Scenario } from "./scenario.ts";

export interface Stage {
  /** Catalog of the checked folder. */
  catalog: Catalog;
  /** The first channel of frontdesk.yaml. */
  channel: string;
  /** Runs a code block. */
  runCode(request: CodeAsk): Promise<CallResult>;
  /** Called with every transition, for measurements. */
  observe?(applied: AppliedEvent): void;
}

/** A transition as it was made: what it started from, and what came of it. */
export interface AppliedEvent {
  before: State;
  event: Event;
  catalog: Catalog;
  outcome: TransitionOutcome;
}

/** Id of the workflow that begins a scenario's procedure; no file can have it, since ids begin with a letter or digit. */
const BEGINS = "_scenario";

/** The catalog for one scenario: what it is about begins when the customer writes, and a model is set where it has lines. */
export function catalogFor({ catalog }: Stage, scenario: Scenario): Catalog {
  const models = scenario.lines.some(({ kind }) => kind === "model");
  const live: Release = { ...catalog.live, models, workflows: workflowsFor(catalog.live, scenario) };
  return { ...catalog, live, undoMs: 0, release: (id) => (id === live.id ? live : null) };
}

/** Workflows that begin with a message are left out, except the one that the scenario is about. */
function workflowsFor({ workflows }: Release, { subject }: Scenario): readonly Workflow[] {
  const others = workflows.filter((one) => !beginsWithMessage(one));
  if (subject.kind === "procedure") return [workflowOf(subject.id), ...others];
  const named = workflows.filter(({ id }) => id === subject.id);
  return [
    ...named.map((one) => ({ ...one, status: "live" as const })),
    ...others.filter(({ id }) => id !== subject.id),
  ];
}

const beginsWithMessage = ({ triggers }: Workflow): boolean =>
  triggers.some(({ on }) => on === "conversation.opened" || on === "message.received");

function workflowOf(procedure: string): Workflow {
  const { partial }: Parsed = parse(
    `id: scenario\ntitle: Scenario\non: [conversation.opened, message.received]\nsteps: [{ procedure: ${procedure} }]\n`,
    "scenario.yaml",
  );
  if (partial === null) throw new Error(`The workflow for ${procedure} can't be read`);
  return { ...partial, id: BEGINS };
}
