/** Draws a workflow as a Mermaid flowchart: its steps and the ways between them. */
import { createFlowchart, type Flowchart } from "../language/mermaid.ts";
import type { Step, Texts, Workflow } from "./definition.ts";
import { definitionOf } from "./step-kinds.ts";

/** Where a way comes from, and the words on it. */
interface End {
  from: string;
  label: string;
}

interface Drawing {
  chart: Flowchart;
  /** Boxes of steps that have an id. */
  named: Map<string, string>;
  jumps: { ends: readonly End[]; target: string }[];
}

/** Draws the workflow. */
export function renderWorkflow(workflow: Workflow): string {
  const chart = createFlowchart();
  const drawing: Drawing = { chart, named: new Map(), jumps: [] };
  const triggers = workflow.triggers.map(({ on }) => on).join(", ");
  const start = chart.box(`${workflow.title}\non ${triggers}`, "end");
  const open = drawList(workflow.steps, [{ from: start, label: "" }], drawing);
  if (open.length > 0) connect(drawing, open, chart.box("stop", "end"));
  for (const { ends, target } of drawing.jumps) {
    const box = drawing.named.get(target);
    if (box !== undefined) connect(drawing, ends, box);
  }
  return chart.text();
}

/** Draws a list of steps after these ends; returns the ends of ways that lead on from it. */
function drawList(steps: readonly Step[], before: readonly End[], drawing: Drawing): readonly End[] {
  let open = before;
  for (const step of steps) open = drawStep(step, open, drawing);
  return open;
}

function drawStep(step: Step, before: readonly End[], drawing: Drawing): readonly End[] {
  if (step.kind === "goto") {
    drawing.jumps.push({ ends: before, target: step.target });
    return step.if === null ? [] : before;
  }
  const lists = listsOf(step);
  const flow = definitionOf(step.kind).flow(step);
  const shape = flow.kind === "ends" ? "end" : lists.length > 0 ? "choice" : "step";
  const box = drawing.chart.box(stepText(step), shape);
  if (step.id !== null) drawing.named.set(step.id, box);
  const entered =
    step.if === null ? before : before.map((end) => ({ ...end, label: joined(end.label, step.if?.source) }));
  connect(drawing, entered, box);
  const inner = lists.flatMap(({ label, steps }) => drawList(steps, [{ from: box, label }], drawing));
  const failed = step.onError === null ? [] : drawList(step.onError, [{ from: box, label: "on error" }], drawing);
  const past =
    step.if === null ? [] : before.map((end) => ({ ...end, label: joined(end.label, `not ${step.if?.source}`) }));
  const onward = flow.kind === "ends" || flow.kind === "branches" ? [] : ways(box, lists.length > 0);
  return [...inner, ...failed, ...onward, ...past];
}

const ways = (from: string, branching: boolean): readonly End[] => [{ from, label: branching ? "otherwise" : "" }];

const joined = (before: string, after = ""): string => (before === "" ? after : `${before}, ${after}`);

function connect({ chart }: Drawing, ends: readonly End[], to: string): void {
  for (const { from, label } of ends) chart.arrow(from, to, label);
}

/** The lists of steps in a step, each with the words on the way to it. */
function listsOf(step: Step): readonly { label: string; steps: readonly Step[] }[] {
  switch (step.kind) {
    case "if":
      return [
        { label: "yes", steps: step.then },
        { label: "no", steps: step.else },
      ];
    case "switch":
      return [
        ...Object.entries(step.cases).map(([label, steps]) => ({ label, steps })),
        { label: "else", steps: step.else },
      ];
    case "ask":
      return [
        ...step.options.flatMap(({ id, then }) => (then === null ? [] : [{ label: id, steps: then }])),
        ...(step.onGiveUp === null ? [] : [{ label: "no answer", steps: step.onGiveUp }]),
      ];
    case "collect":
      return step.onGiveUp === null ? [] : [{ label: "no answer", steps: step.onGiveUp }];
    case "say":
    case "set":
    case "tag":
    case "note":
    case "use":
    case "procedure":
    case "workflow":
    case "handoff":
    case "wait":
    case "close":
    case "goto":
    case "stop":
      return [];
  }
}

const MINUTE_MS = 60_000;

function stepText(step: Step): string {
  switch (step.kind) {
    case "say":
      return `say ${firstText(step.text)}`;
    case "ask":
      return `ask ${firstText(step.text)}`;
    case "collect":
      return `collect ${step.fields.map(({ name }) => name).join(", ")}`;
    case "if":
      return `if ${step.condition.source}`;
    case "switch":
      return `switch ${step.value.source}`;
    case "set":
      return `set ${Object.keys(step.values).join(", ")}`;
    case "tag":
      return `tag ${step.add.map(({ source }) => source).join(", ")}`;
    case "note":
      return "note";
    case "use":
      return `use ${step.connector}.${step.operation}`;
    case "procedure":
      return `procedure ${step.procedure}`;
    case "workflow":
      return `workflow ${step.workflow}`;
    case "handoff":
      return `handoff to ${step.queue}`;
    case "wait":
      return `wait ${Math.round(step.forMs / MINUTE_MS)} min`;
    case "close":
      return `close: ${step.resolution}`;
    case "goto":
      return `goto ${step.target}`;
    case "stop":
      return "stop";
  }
}

const firstText = (texts: Texts): string => Object.values(texts)[0]?.source ?? "";
