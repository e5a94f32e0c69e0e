/** Draws a procedure as a Mermaid flowchart: its steps, the ways between them, and the ways out. */
import { createFlowchart, type Flowchart } from "../language/mermaid.ts";
import type { Action, Block, BranchTest, Inline, Procedure, ProcedureStep } from "./definition.ts";
import { leaves } from "./lint-flow.ts";
import { actionsOf } from "./reading.ts";

interface Drawing {
  chart: Flowchart;
  /** Boxes of the steps by id. */
  steps: ReadonlyMap<string, string>;
  /** Boxes of the ways out by their words, so that each is drawn once. */
  ends: Map<string, string>;
  /** Arrows drawn so far. */
  arrows: Set<string>;
}

/** Draws the procedure. */
export function renderProcedure(procedure: Procedure): string {
  const chart = createFlowchart();
  const start = chart.box(procedure.title, "end");
  const steps = new Map(
    procedure.steps.map((step) => [step.id, chart.box(stepLabel(step), step.aside ? "aside" : "step")]),
  );
  const drawing: Drawing = { chart, steps, ends: new Map(), arrows: new Set() };
  const line = procedure.steps.filter(({ aside }) => !aside);
  const [first] = line;
  if (first !== undefined) chart.arrow(start, steps.get(first.id) ?? "");
  for (const step of procedure.steps) {
    const from = steps.get(step.id) ?? "";
    drawWays(step.body, { from, condition: "", drawing });
    const next = step.aside || leaves(step.body) ? undefined : line[line.indexOf(step) + 1];
    if (next !== undefined) drawArrow(drawing, { from, to: steps.get(next.id) ?? "", label: "" });
  }
  return chart.text();
}

/** The heading of a step with what it asks, looks up and sets. */
function stepLabel({ title, body }: ProcedureStep): string {
  const done = actionsOf(body).flatMap((action) => doneText(action) ?? []);
  return [title, ...new Set(done)].join("\n");
}

function doneText(action: Action): string | null {
  switch (action.kind) {
    case "use":
      return `use ${action.operation}`;
    case "ask":
      return `ask ${action.field}`;
    case "set":
      return `set ${action.field}`;
    case "run":
      return `run ${action.procedure}`;
    case "switch":
    case "workflow":
    case "handoff":
    case "note":
    case "tag":
    case "end":
      return null;
  }
}

interface Way {
  /** The box that the way begins at. */
  from: string;
  /** The conditions on it. */
  condition: string;
  drawing: Drawing;
}

function drawWays(body: readonly Block[], way: Way): void {
  for (const block of body) {
    switch (block.kind) {
      case "prose":
        for (const part of block.parts) drawPart(part, way);
        break;
      case "list":
        for (const item of block.items) drawWays(item, way);
        break;
      case "branches":
        for (const branch of block.branches)
          drawWays(branch.body, { ...way, condition: joined(way.condition, branch.test) });
        break;
      case "code":
        break;
    }
  }
}

function joined(before: string, test: BranchTest): string {
  const own = testText(test);
  return before === "" ? own : `${before}, ${own}`;
}

function testText(test: BranchTest): string {
  switch (test.kind) {
    case "condition":
      return test.if.source;
    case "judged":
      return test.when;
    case "else":
      return "else";
  }
}

function drawPart(part: Inline, { from, condition, drawing }: Way): void {
  if (part.kind === "link")
    return drawArrow(drawing, { from, to: drawing.steps.get(part.step) ?? from, label: condition });
  const out = part.kind === "action" ? outText(part.action) : null;
  if (out === null) return;
  const to = drawing.ends.get(out) ?? drawing.chart.box(out, "end");
  drawing.ends.set(out, to);
  drawArrow(drawing, { from, to, label: condition });
}

/** The words for a way out of the procedure; null for an action that is none. */
function outText(action: Action): string | null {
  switch (action.kind) {
    case "switch":
      return `switch to ${action.procedure}`;
    case "workflow":
      return `workflow ${action.workflow}`;
    case "handoff":
      return action.queue === "" ? "handoff" : `handoff to ${action.queue}`;
    case "end":
      return `end: ${action.outcome}`;
    case "use":
    case "ask":
    case "set":
    case "run":
    case "note":
    case "tag":
      return null;
  }
}

function drawArrow({ chart, arrows }: Drawing, { from, to, label }: { from: string; to: string; label: string }): void {
  const key = `${from} ${to} ${label}`;
  if (!arrows.has(key)) chart.arrow(from, to, label);
  arrows.add(key);
}
