/** Reads the Markdown below the front matter: its title, the guidance before the first step, and the steps. */
import type { Heading, RootContent } from "mdast";
import { didYouMean } from "../language/suggest.ts";
import { report } from "../language/yaml-file.ts";
import { type BodyReading, positionOf } from "./body-reading.ts";
import type { Block, ProcedureStep } from "./definition.ts";
import { flatten, plainText } from "./flat-text.ts";
import { readBlocks } from "./parse-blocks.ts";
import { inlinesOf } from "./reading.ts";
import { slugOf } from "./slug.ts";

/** Our own limit: a procedure of more steps is several. */
const MAX_STEPS = 100;

const ASIDE = /^aside:\s*/i;
const WAS = /^<!--\s*was:\s*([\p{L}\p{N}_-]{1,64})\s*-->$/u;

export interface ReadSteps {
  /** "" where the file has no heading of the first level. */
  title: string;
  intro: readonly Block[];
  steps: readonly ProcedureStep[];
}

interface Section {
  heading: Heading;
  nodes: RootContent[];
  was: string[];
}

/** Reads the nodes of the page. */
export function readSteps(nodes: readonly RootContent[], reading: BodyReading): ReadSteps {
  const { title, intro, sections } = sectionsOf(nodes, reading);
  if (sections.length > MAX_STEPS)
    refuse(reading, sections[MAX_STEPS]?.heading, "001", `more than ${MAX_STEPS} steps; make several procedures of it`);
  const steps = sections.slice(0, MAX_STEPS).map((section) => readStep(section, reading));
  checkIds(sections, steps, reading);
  const before = readBlocks(intro, { path: "intro", depth: 0, reading });
  refuseActions(before, reading);
  return { title, intro: before, steps };
}

function sectionsOf(nodes: readonly RootContent[], reading: BodyReading) {
  const sections: Section[] = [];
  const intro: RootContent[] = [];
  let title = "";
  for (const node of nodes) {
    const section = sections.at(-1);
    if (node.type === "heading" && node.depth === 1) {
      if (title !== "" || section !== undefined)
        refuse(
          reading,
          node,
          "020",
          "a file has one title (#), at the top; steps are headings of the second level (##)",
        );
      else title = plainText(flatten(node.children, reading.yaml));
    } else if (node.type === "heading" && node.depth === 2) sections.push({ heading: node, nodes: [], was: [] });
    else if (node.type === "html" && section !== undefined && WAS.test(node.value.trim()))
      section.was.push(WAS.exec(node.value.trim())?.[1] ?? "");
    else (section?.nodes ?? intro).push(node);
  }
  return { title, intro, sections };
}

function readStep({ heading, nodes, was }: Section, reading: BodyReading): ProcedureStep {
  const words = plainText(flatten(heading.children, reading.yaml));
  const id = slugOf(words);
  if (id === "") refuse(reading, heading, "020", "a step's heading needs letters or digits, of which its id is made");
  return {
    id,
    title: words.replace(ASIDE, ""),
    was,
    aside: ASIDE.test(words),
    body: readBlocks(nodes, { path: id, depth: 0, reading }),
    position: positionOf(heading, reading),
  };
}

/** Ids of steps, former ones included, stand for one step each. */
function checkIds(sections: readonly Section[], steps: readonly ProcedureStep[], reading: BodyReading): void {
  const taken = new Set<string>();
  for (const [index, { id, title }] of steps.entries()) {
    if (taken.has(id)) refuse(reading, sections[index]?.heading, "015", `there is a step "${title}" already (#${id})`);
    taken.add(id);
  }
  for (const [index, { was }] of steps.entries()) {
    for (const former of was) {
      if (taken.has(former))
        refuse(reading, sections[index]?.heading, "015", `<!-- was: ${former} --> names a step that there is already`);
      taken.add(former);
    }
  }
}

function refuseActions(intro: readonly Block[], reading: BodyReading): void {
  for (const part of inlinesOf(intro)) {
    if (part.kind !== "action") continue;
    const message = "an action stands in a step; put a heading (##) before it";
    report(reading.yaml, { at: part.position, number: "020", message });
  }
}

/** Points links at the present ids of steps, and reports those to steps that are not there. */
export function resolveLinks({ intro, steps }: ReadSteps, reading: BodyReading): void {
  const ids = new Map(steps.flatMap(({ id, was }) => [id, ...was].map((one) => [one, id] as const)));
  for (const part of inlinesOf([...intro, ...steps.flatMap(({ body }) => body)])) {
    if (part.kind !== "link") continue;
    const id = ids.get(part.step);
    const message = `there is no step #${part.step}${didYouMean(part.step, ids.keys())}`;
    if (id === undefined) report(reading.yaml, { at: part.position, number: "105", message });
    else part.step = id;
  }
}

function refuse(reading: BodyReading, node: RootContent | undefined, number: string, message: string): void {
  report(reading.yaml, { at: node?.position?.start.offset ?? 0, number, message });
}
