/**
 * The request to a model: its order is made for the caches of servers, which reuse the longest beginning that two requests
 * share (https://platform.openai.com/docs/guides/prompt-caching).
 *
 * 1. Tools, rules, voice, channel, catalogue and the active procedure's file come first, and change only with the file.
 * 2. The conversation grows at its end. What is left out of a long one goes in large pieces.
 * 3. This turn's commands and results follow, then the state, in which alone a clock stands.
 * 4. Everything from outside stands between fences (outside.ts).
 */
import type { ModelMessage, ToolSpec } from "../../domain/model.ts";
import { newBudget } from "../../language/budget.ts";
import type { Procedure } from "../definition.ts";
import type { Operation } from "../run.ts";
import { eligible } from "../selection.ts";
import { valuesOf } from "../work.ts";
import { catalogueText } from "./catalogue.ts";
import { conversationMessages, type Spoken } from "./conversation.ts";
import { exchangeMessages } from "./exchange.ts";
import { fileText } from "./file-text.ts";
import { maskOf, type Standing } from "./masking.ts";
import { createFencing } from "./outside.ts";
import { RULES } from "./rules.ts";
import type { PromptFacts, PromptRun } from "./scene.ts";
import { procedureTail, selectionTail } from "./tail.ts";
import { toolsOf } from "./tools/tools.ts";

export interface PromptInput {
  run: PromptRun;
  facts: PromptFacts;
  spoken: Spoken;
  release: PromptRelease;
  channel: PromptChannel;
}

/** The release of the run. */
export interface PromptRelease {
  id: number;
  procedures: readonly Procedure[];
  operation: (name: string) => Operation | null;
  /** The company's wishes about tone; "" where it has none. */
  voice: string;
}

/** What the channel shows. */
export interface PromptChannel {
  name: string;
  /** Characters of one message. */
  maxCharacters: number;
  markdown: boolean;
}

export interface Prompt {
  messages: readonly ModelMessage[];
  tools: readonly ToolSpec[];
  /** The same for prompts that begin alike. */
  cacheKey: string;
  /** The procedure that it is for; null: the choice of one. */
  procedure: Procedure | null;
}

/** Writes the prompt for the next commands of a run. */
export function promptFor(input: PromptInput): Prompt {
  const { run, facts, release, spoken } = input;
  const standing = run.stack.flatMap((at): Standing[] => {
    const procedure = release.procedures.find(({ id }) => id === at.procedure);
    return procedure === undefined ? [] : [{ procedure, at }];
  });
  const active = standing.at(-1) ?? null;
  const procedure = active?.procedure ?? null;
  const o = { fenced: createFencing(String(facts.conversation.id)), mask: maskOf(standing) };
  const { operation } = release;
  return {
    messages: [
      { role: "system", content: beginning(input, active) },
      ...conversationMessages(spoken, { ...o, said: run.replies }),
      ...exchangeMessages(run.exchange, { ...o, procedure, operation }),
      { role: "user", content: active === null ? selectionTail({ run, facts }) : tailOf(input, active, o) },
    ],
    tools: toolsOf(procedure, operation),
    cacheKey: procedure === null ? `catalogue.${release.id}` : `${procedure.id}.${procedure.version.slice(0, 16)}`,
    procedure,
  };
}

function beginning({ facts, release, channel }: PromptInput, active: Standing | null): string {
  const { contact, conversation, now } = facts;
  const world = { procedures: release.procedures, contact, conversation, now, budget: newBudget() };
  const file = active === null ? [] : [`# The active procedure\n\n${fileText(active.procedure, active.at.step)}`];
  return [
    RULES,
    ...(release.voice === "" ? [] : [`# Voice\n\n${release.voice}`]),
    `# Channel\n\n${channelText(channel)}`,
    `# Catalogue of procedures\n\n${catalogueText(eligible({ world }))}`,
    ...file,
  ].join("\n\n");
}

function channelText({ name, maxCharacters, markdown }: PromptChannel): string {
  const form = markdown ? "Markdown is shown as it is meant." : "Only plain text is shown: no Markdown, no headings.";
  return `The customer writes on ${name}. ${form} A reply has at most ${maxCharacters} characters; shorter is better.`;
}

type TailOptions = Pick<Parameters<typeof procedureTail>[0], "fenced" | "mask">;

function tailOf({ run, facts, release }: PromptInput, active: Standing, o: TailOptions): string {
  const step = active.procedure.steps.find(({ id }) => id === active.at.step) ?? null;
  const find = (id: string): Procedure | null => release.procedures.find((one) => one.id === id) ?? null;
  const values = valuesOf({ run, world: facts, find });
  return procedureTail({
    ...active,
    ...o,
    step,
    run,
    facts,
    values,
    budget: newBudget(),
    operation: release.operation,
  });
}
