/** Taking one step: what it says and where it leads. */
import { ask } from "./ask.ts";
import { collect } from "./collect.ts";
import type { Step } from "./definition.ts";
import { given, givenMap } from "./given.ts";
import { stepPositions } from "./step-positions.ts";
import { call } from "./use.ts";
import { merged, valueAt, without } from "./values.ts";
import {
  end,
  evaluated,
  failure,
  journal,
  mint,
  next,
  type Outcome,
  rendered,
  save,
  saveAll,
  text,
  type Walk,
  written,
} from "./walk.ts";

type StepOf<Kind extends Step["kind"]> = Extract<Step, { kind: Kind }>;

/** Workflows that call one another, this deep; deeper is taken for a circle. */
const MAX_FRAMES = 10;

/** Takes the step, unless its `if:` holds it back. */
export function take(walk: Walk, step: Step): Outcome {
  if (step.if !== null) {
    const holds = evaluated(walk, step.if);
    if (holds !== true) {
      journal(
        walk,
        "step.skipped",
        `Skipped ${titleOf(step)}, because the condition ${step.if.source} was ${truth(holds)}`,
      );
      return next;
    }
  }
  switch (step.kind) {
    case "say":
      return say(walk, step);
    case "ask":
      return ask(walk, step);
    case "collect":
      return collect(walk, step);
    case "if":
      return branch(walk, step);
    case "switch":
      return switched(walk, step);
    case "set":
      return set(walk, step);
    case "tag":
      return tag(walk, step);
    case "note":
      return note(walk, step);
    case "use":
      return call(walk, step);
    case "workflow":
      return enter(walk, step);
    case "handoff":
      return handoff(walk, step);
    case "wait":
      return wait(walk, step);
    case "close":
      return close(walk, step);
    case "goto":
      return goTo(walk, step);
    case "stop":
      journal(walk, "step.stop", "Stopped the workflow");
      return end;
  }
}

const titleOf = (step: Step): string => (step.id === null ? `a “${step.kind}” step` : `“${step.id}”`);

/** A condition's outcome in words; a missing value makes it unknown, and unknown counts as false. */
const truth = (value: unknown): string => (value === true ? "true" : value === false ? "false" : "unknown");

function say(walk: Walk, step: StepOf<"say">): Outcome {
  const { channel } = walk.facts.conversation;
  const variant = Object.hasOwn(step.perChannel, channel) ? step.perChannel[channel] : undefined;
  const said = text(walk, variant ?? step.text);
  if (said === "") {
    journal(walk, "step.say", "Said nothing, because the text was empty");
    return next;
  }
  walk.effects.push({ kind: "say", text: said });
  journal(walk, "step.say", `Said “${said}”`);
  return next;
}

function branch(walk: Walk, step: StepOf<"if">): Outcome {
  const holds = evaluated(walk, step.condition);
  const taken =
    holds === true ? "went on with its steps" : step.else.length > 0 ? "took the other branch" : "went past it";
  journal(walk, "step.if", `The condition ${step.condition.source} was ${truth(holds)}, so ${taken}`);
  return { kind: "into", steps: holds === true ? step.then : step.else };
}

function switched(walk: Walk, step: StepOf<"switch">): Outcome {
  const value = evaluated(walk, step.value);
  const key = ["string", "number", "boolean", "bigint"].includes(typeof value) ? String(value) : null;
  const steps = key !== null && Object.hasOwn(step.cases, key) ? step.cases[key] : undefined;
  const was = key === null ? "unknown" : JSON.stringify(key);
  const taken = steps === undefined ? "no case fitted and it took “else”" : `took the case ${key}`;
  journal(walk, "step.switch", `${step.value.source} was ${was}, so ${taken}`);
  return { kind: "into", steps: steps ?? step.else };
}

function set(walk: Walk, step: StepOf<"set">): Outcome {
  for (const [path, value] of Object.entries(step.values)) {
    const fresh = given(value, (template) => written(walk, template));
    const fault = save(walk, path, merged(valueAt(walk.values, path), fresh));
    if (fault !== null) return failure(fault);
  }
  journal(walk, "step.set", `Set ${Object.keys(step.values).join(", ")}`);
  return next;
}

function tag(walk: Walk, step: StepOf<"tag">): Outcome {
  const tags = step.add.map((template) => rendered(walk, template)).filter((name) => name !== "");
  if (tags.length > 0) walk.effects.push({ kind: "tag", tags });
  const named = tags.map((name) => `“${name}”`).join(", ");
  journal(walk, "step.tag", tags.length > 0 ? `Tagged ${named}` : "Tagged nothing, because the tag was empty");
  return next;
}

function note(walk: Walk, step: StepOf<"note">): Outcome {
  walk.effects.push({ kind: "note", text: rendered(walk, step.text) });
  journal(walk, "step.note", "Left a note for the operators");
  return next;
}

function enter(walk: Walk, step: StepOf<"workflow">): Outcome {
  const workflow = walk.find(step.workflow);
  if (workflow === null) return failure(`There is no workflow “${step.workflow}” in this release.`);
  if (walk.frames.length >= MAX_FRAMES) return failure(`Workflows called one another more than ${MAX_FRAMES} deep.`);
  const fault = saveAll(
    walk,
    givenMap(step.with, (template) => written(walk, template)),
  );
  if (fault !== null) return failure(fault);
  journal(walk, "step.workflow", `Went into the workflow “${workflow.title}”`);
  return { kind: "workflow", workflow };
}

function handoff(walk: Walk, step: StepOf<"handoff">): Outcome {
  const priority = step.priority ?? "normal";
  walk.effects.push({
    kind: "handoff",
    queue: step.queue,
    priority,
    say: step.say === null ? null : text(walk, step.say),
    summary: step.summary === null ? null : rendered(walk, step.summary),
    escalation: "policy",
    known: walk.values,
  });
  return end;
}

function wait(walk: Walk, step: StepOf<"wait">): Outcome {
  const alarm = mint(walk);
  walk.effects.push({ kind: "alarm", alarm, afterMs: step.forMs });
  const unless = step.unlessReplied ? ", or until the customer writes" : "";
  journal(walk, "step.wait", `Waits ${step.forMs / 1_000} seconds${unless}`);
  return { kind: "wait", waiting: { kind: "alarm", alarm, unlessReplied: step.unlessReplied } };
}

function close(walk: Walk, step: StepOf<"close">): Outcome {
  const say = step.say === null ? null : text(walk, step.say);
  walk.effects.push({ kind: "close", say, resolution: step.resolution });
  return end;
}

/** Going to a question means asking it again, so what it had saved is forgotten. */
function goTo(walk: Walk, step: StepOf<"goto">): Outcome {
  const workflow = walk.find(walk.frames.at(-1)?.workflow ?? "");
  const target = workflow === null ? undefined : stepPositions(workflow).byId.get(step.target)?.step;
  if (target === undefined) return failure(`There is no step “${step.target}” to go to.`);
  if (target.kind === "ask" && target.save !== null) walk.values = without(walk.values, target.save);
  if (target.kind === "collect") {
    for (const { name } of target.fields) {
      walk.values = without(walk.values, target.save === null ? name : `${target.save}.${name}`);
    }
  }
  journal(walk, "step.goto", `Went to “${step.target}”`);
  return { kind: "path", path: target.path };
}
