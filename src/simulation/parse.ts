/**
 * Reads a scenario: a Markdown file with front matter, `# Turns` and `# Must hold`.
 *
 * Any text gives a scenario, or diagnostics of all its faults; nothing is thrown.
 */
import { type Diagnostic, inFileOrder } from "../language/diagnostic.ts";
import { didYouMean } from "../language/suggest.ts";
import { rootEntry } from "../language/yaml-entry.ts";
import { MAX_FILE_CHARACTERS, openYaml, report } from "../language/yaml-file.ts";
import { frontMatterOf } from "../procedure/front-matter.ts";
import type { ScenarioWorld } from "./names.ts";
import { readHead } from "./parse-head.ts";
import { type LineReading, readAssertions, readLine } from "./parse-lines.ts";
import type { Assertion, Line, Scenario } from "./scenario.ts";
import { type Section, sectionsOf } from "./sections.ts";

export interface ParsedScenario {
  /** null if the file has a fault. */
  scenario: Scenario | null;
  id: string;
  diagnostics: readonly Diagnostic[];
}

const TURNS = "Turns";
const MUST_HOLD = "Must hold";
const LATER: readonly string[] = ["Customer", "Judged"];

/** Reads one file. `world`: null where the content folder has faults, so that no name is checked. */
export function parse(source: string, file: string, world: ScenarioWorld | null): ParsedScenario {
  const huge = source.length > MAX_FILE_CHARACTERS;
  const bounds = huge ? null : frontMatterOf(source);
  const { yaml, root } = openYaml(source, { file, letter: "S", end: bounds?.end ?? 0 });
  if (bounds === null && !huge) {
    const message = "a scenario begins with front matter: a line ---, keys such as id: and procedure:, and a line ---";
    yaml.diagnostics.splice(0, yaml.diagnostics.length);
    report(yaml, { at: 0, number: "001", message });
  }
  const head = root === null || bounds === null ? null : readHead(rootEntry(yaml, root), world);
  const body = bounds === null ? { lines: [], mustHold: [] } : readBody(bounds.bodyStart, { yaml, world });
  const sound = yaml.diagnostics.length === 0 && head !== null;
  return {
    scenario: sound ? { ...head, file, ...body } : null,
    id: head?.id ?? "",
    diagnostics: yaml.diagnostics.toSorted(inFileOrder),
  };
}

function readBody(from: number, reading: LineReading): Pick<Scenario, "lines" | "mustHold"> {
  const { yaml } = reading;
  const { sections, stray } = sectionsOf(yaml.source, from);
  for (const { at, text } of stray) {
    const message = `“${text.slice(0, 40)}” is no line of a list, so it is neither played nor checked`;
    report(yaml, { at, number: "020", message });
  }
  for (const section of sections) checkTitle(section, reading);
  const titled = (title: string): readonly Section[] => sections.filter((one) => one.title === title);
  const items = titled(TURNS).flatMap((one) => one.items);
  if (items.length === 0)
    report(yaml, { at: from, number: "020", message: "a scenario has lines under a heading “# Turns”" });
  const lines = items.flatMap((item): Line[] => {
    const line = readLine(item, reading);
    return line === null ? [] : [line];
  });
  checkOrder(lines, reading);
  const mustHold = titled(MUST_HOLD).flatMap(({ items: all }): Assertion[] =>
    all.flatMap((item) => readAssertions({ ...item, text: item.text.trimEnd() }, reading)),
  );
  return { lines, mustHold };
}

function checkTitle({ title, at }: Section, { yaml }: LineReading): void {
  const known = [TURNS, MUST_HOLD];
  if (known.includes(title)) return;
  if (LATER.includes(title))
    return report(yaml, {
      at,
      number: "008",
      message: `# ${title} comes later; write the customer's lines under # Turns`,
    });
  report(yaml, {
    at,
    number: "020",
    message: `a scenario has no section ${title}${didYouMean(title, [...known, ...LATER])}`,
  });
}

/** A model is asked, and things happen, only after somebody spoke. */
function checkOrder(lines: readonly Line[], { yaml }: LineReading): void {
  const first = lines.findIndex(({ kind }) => kind === "customer");
  for (const { kind, position } of first === -1 ? lines : lines.slice(0, first)) {
    if (kind === "wait") continue;
    report(yaml, {
      at: position,
      number: "024",
      message: `${kind}: comes before the customer's first line, when nothing has happened yet`,
    });
  }
}
