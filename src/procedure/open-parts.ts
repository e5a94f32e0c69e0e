/** The parts of a step that its conditions leave open: outside them a model says, sets and ends nothing. */
import { own } from "../lib/own.ts";
import type { Refusal } from "./command.ts";
import type { Block, Branch, Inline } from "./definition.ts";
import { inlinesOf } from "./reading.ts";
import { active, evaluated, refused, type Work } from "./work.ts";

type PartOf<Kind extends Inline["kind"]> = Extract<Inline, { kind: Kind }>;
type Found<Kind extends Inline["kind"]> = { ok: true; part: PartOf<Kind> } | { ok: false; refusal: Refusal };

interface Wanted<Kind extends Inline["kind"]> {
  kind: Kind;
  is: (part: PartOf<Kind>) => boolean;
  /** Names it in a refusal: "The sentence 12:5". */
  named: string;
}

/** Finds a part of the active procedure that is open, in its step first; refuses one that only closed branches hold. */
export function openPart<Kind extends Inline["kind"]>(work: Work, { kind, is, named }: Wanted<Kind>): Found<Kind> {
  const here = active(work);
  const steps = here?.procedure.steps ?? [];
  const ordered = [...steps.filter(({ id }) => id === here?.at.step), ...steps];
  const isWanted = (part: Inline): part is PartOf<Kind> => part.kind === kind && is(part as PartOf<Kind>);
  if (!ordered.some(({ body }) => inlinesOf(body).some(isWanted)))
    return { ok: false, refusal: refused("unknown_name", `${named} does not stand in the file.`) };
  for (const { body } of ordered) {
    const part = openIn(work, body).find(isWanted);
    if (part !== undefined) return { ok: true, part };
  }
  const message = `${named} stands in a branch whose condition does not hold, or is not known yet.`;
  return { ok: false, refusal: refused("only_if", message) };
}

function openIn(work: Work, body: readonly Block[]): readonly Inline[] {
  return body.flatMap((block): readonly Inline[] => {
    switch (block.kind) {
      case "prose":
        return block.parts;
      case "list":
        return block.items.flatMap((item) => openIn(work, item));
      case "branches":
        return openBranches(work, block.branches);
      case "code":
        return [];
    }
  });
}

/** The branches that may be taken. A condition that holds, or is not known, closes those after it. */
function openBranches(work: Work, chain: readonly Branch[]): readonly Inline[] {
  const open: Inline[] = [];
  for (const branch of chain) {
    const holds = isOpen(work, branch);
    if (holds !== false && holds !== "unknown") open.push(...openIn(work, branch.body));
    if (holds === true || holds === "unknown") return open;
  }
  return open;
}

/** `unjudged`: its condition is in words, and the model decides it by acting on it. */
function isOpen(work: Work, { id, test }: Branch): boolean | "unknown" | "unjudged" {
  switch (test.kind) {
    case "else":
      return true;
    case "judged":
      return own(work.run.stack.at(-1)?.judged ?? {}, id)?.holds ?? "unjudged";
    case "condition": {
      const value = evaluated(work, test.if);
      return typeof value === "boolean" ? value : "unknown";
    }
  }
}
