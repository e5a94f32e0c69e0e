/** Walks one workflow, "greet", on release 4; `others` are the workflows that it can call. */
import { advance, start } from "../../src/workflow/advance.ts";
import type { Workflow } from "../../src/workflow/definition.ts";
import type { Advanced, Facts, RunInput } from "../../src/workflow/run.ts";
import { type Draft, facts, going, option, texts, the, workflow } from "./build.ts";

export const others = new Map<string, Workflow>();
const outside = (change: Partial<Facts> = {}) => ({
  facts: facts(change),
  find: (id: string) => others.get(id) ?? null,
});

export function begin(
  drafts: readonly Draft[],
  change: Partial<Facts> = {},
  values: Record<string, unknown> = {},
): Advanced {
  const made = workflow("greet", drafts);
  others.set("greet", made);
  return start(made, { id: "e1.0", release: 4, trigger: "conversation.opened", depth: 0, values, ...outside(change) });
}

export const tell = (before: Advanced, input: RunInput, change: Partial<Facts> = {}): Advanced =>
  advance(going(before), input, outside({ idPrefix: "e2", ...change }));

export const answer = (
  before: Advanced,
  result: Extract<RunInput, { kind: "answer" }>["result"],
  change: Partial<Facts> = {},
) => tell(before, { kind: "answer", ask: the(before, "call").ask, result }, change);

export const menu: Extract<Draft, { kind: "ask" }> = {
  kind: "ask",
  text: texts({ en: "What can we help you with?", de: "Worum geht es?" }),
  save: "topic",
  options: [option("billing", { en: "An invoice", de: "Eine Rechnung" }), option("order", "An order")],
};
export const say = (one: string): Draft => ({ kind: "say", text: texts(one) });
export const done: Draft = { kind: "say", text: texts("Topic {{ topic }}, choice {{ choice }}") };
