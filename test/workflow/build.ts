/* oxlint-disable unicorn/no-thenable -- `then` is a key of the file format and always a list */
/** Builds workflows with real conditions and texts, for tests that are not about the file format. */
import { compileExpression } from "../../src/language/cel.ts";
import type { Expression, Template } from "../../src/language/expression.ts";
import { compileTemplate } from "../../src/language/template.ts";
import type { Field, FieldType, Given, Option, Step, Texts, Workflow } from "../../src/workflow/definition.ts";
import type { Advanced, Effect, Facts, Run, RunInput } from "../../src/workflow/run.ts";

const locate = () => ({ line: 1, column: 1 });

export function cel(source: string): Expression {
  const made = compileExpression(source, { locate });
  if (!made.ok) throw new Error(made.fault.message);
  return made.value;
}

export function liquid(source: string): Template {
  const made = compileTemplate(source, { locate });
  if (!made.ok) throw new Error(made.fault.message);
  return made.value;
}

export const texts = (said: string | Record<string, string>): Texts =>
  Object.fromEntries(
    Object.entries(typeof said === "string" ? { "": said } : said).map(([tag, one]) => [tag, liquid(one)]),
  );

/** A step as tests write it: without a path, which `workflow` adds, and without its usual values. */
export type Draft = { [Kind in Step["kind"]]: Partial<Extract<Step, { kind: Kind }>> & { kind: Kind } }[Step["kind"]];

const USUAL = {
  say: { perChannel: {} },
  ask: {
    save: null,
    options: [],
    freeText: "match",
    person: true,
    remindAfterMs: null,
    giveUpAfterMs: null,
    onGiveUp: null,
  },
  collect: { save: null, giveUpAfterMs: null, onGiveUp: null },
  if: { then: [], else: [] },
  switch: { cases: {}, else: [] },
  set: {},
  tag: {},
  note: {},
  use: { with: {}, save: null },
  workflow: { with: {} },
  handoff: { priority: null, say: null, summary: null },
  wait: { unlessReplied: false },
  close: { say: null, resolution: "solved by bot" },
  goto: {},
  procedure: { save: null },
  stop: {},
} as const;

const NESTED = ["then", "else", "onGiveUp", "onError"] as const;

export function workflow(id: string, drafts: readonly Draft[]): Workflow {
  const steps = listed(drafts, "steps");
  return {
    id,
    title: id,
    status: "live",
    triggers: [],
    channels: null,
    if: null,
    priority: 0,
    steps,
    file: `${id}.yaml`,
    places: new Map(),
  };
}

function listed(drafts: readonly object[], under: string): Step[] {
  return drafts.map((draft, at) => complete(draft as Draft, `${under}.${at}`));
}

function complete(draft: Draft, path: string): Step {
  const base = {
    path,
    position: { line: 1, column: 1 },
    id: null,
    if: null,
    retry: null,
    timeoutMs: null,
    onError: null,
  };
  const step: Record<string, unknown> = { ...base, ...USUAL[draft.kind], ...draft };
  for (const slot of NESTED) if (Array.isArray(step[slot])) step[slot] = listed(step[slot], `${path}.${slot}`);
  if (draft.kind === "switch") {
    const cases = Object.entries(draft.cases ?? {});
    step["cases"] = Object.fromEntries(cases.map(([name, list]) => [name, listed(list, `${path}.cases.${name}`)]));
  }
  if (draft.kind === "ask") {
    step["options"] = (draft.options ?? []).map((option) => ({
      ...option,
      then: option.then === null ? null : listed(option.then, `${path}.options.${option.id}.then`),
    }));
  }
  return step as unknown as Step;
}

export const option = (
  id: string,
  label: string | Record<string, string>,
  then: readonly Draft[] | null = null,
): Option => ({
  id,
  label: texts(label),
  aliases: [],
  destructive: false,
  then: then as unknown as readonly Step[] | null,
});

export const field = (name: string, type: FieldType, rest: Partial<Field> = {}): Field => ({
  name,
  type,
  ask: texts(`Your ${name}?`),
  check: null,
  checkSay: null,
  pattern: null,
  options: [],
  retries: 1,
  sensitive: false,
  ...rest,
});

export const inner = (drafts: readonly Draft[]): readonly Step[] => drafts as unknown as readonly Step[];
export const literal = (value: unknown): Given => ({ kind: "literal", value });
export const template = (source: string): Given => ({ kind: "template", template: liquid(source) });

export const facts = (change: Partial<Facts> = {}): Facts => ({
  contact: {
    id: 7,
    name: "Dana Smith",
    first_name: "Dana",
    email: "dana@acme.example",
    phone: "",
    language: "en",
    blocked: false,
    attributes: {},
  },
  conversation: { id: 3, channel: "sms", tags: [], opened_at: "2026-11-20T10:00:00Z", link: "http://desk.example/3" },
  message: { text: "hello" },
  event: {},
  queue: { "front-line": { open: true, opens_at: "" } },
  now: "2026-11-20T10:00:00+01:00",
  languages: ["en"],
  idPrefix: "e1",
  buttons: false,
  ...change,
});

/** A reply that was read as an option. */
export const chose = (id: string): RunInput => ({
  kind: "reply",
  text: id,
  choice: { option: id, via: "label" },
  attachments: [],
});
/** A reply that was read as no option. */
export const wrote = (text: string): RunInput => ({
  kind: "reply",
  text,
  choice: { option: null, why: "free_text" },
  attachments: [],
});

export const said = ({ effects }: Advanced): string[] =>
  effects.flatMap((one) => (one.kind === "say" ? [one.text] : []));
export const told = ({ effects }: Advanced): string[] =>
  effects.flatMap((one) => (one.kind === "journal" ? [one.message] : []));
export const deeds = ({ effects }: Advanced): Effect[] => effects.filter(({ kind }) => kind !== "journal");

export function the<Kind extends Effect["kind"]>(advanced: Advanced, kind: Kind): Extract<Effect, { kind: Kind }> {
  const all = advanced.effects.filter((one): one is Extract<Effect, { kind: Kind }> => one.kind === kind);
  if (all.length !== 1 || all[0] === undefined) throw new Error(`There are ${all.length} ${kind} effects.`);
  return all[0];
}

export function going({ run }: Advanced): Run {
  if (run === null) throw new Error("The run is over.");
  return run;
}
