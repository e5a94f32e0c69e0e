/** Builds the text of a Mermaid flowchart (https://mermaid.js.org/syntax/flowchart.html). */

/** Shapes of boxes: a step, a decision, an end. */
const SHAPES = { step: ["[", "]"], choice: ["{", "}"], end: ["([", "])"], aside: ["[[", "]]"] } as const;

export interface Flowchart {
  /** Adds a box, and returns its name. */
  box(label: string, shape?: keyof typeof SHAPES): string;
  arrow(from: string, to: string, label?: string): void;
  text(): string;
}

/** Our own choice; the file has the whole text. */
const MAX_LABEL = 80;

export function createFlowchart(): Flowchart {
  const lines: string[] = ["flowchart TD"];
  let boxes = 0;
  return {
    box(label, shape = "step") {
      const [open, close] = SHAPES[shape];
      const name = `n${boxes++}`;
      lines.push(`  ${name}${open}"${labelText(label)}"${close}`);
      return name;
    },
    arrow(from, to, label = "") {
      lines.push(label === "" ? `  ${from} --> ${to}` : `  ${from} -- "${labelText(label)}" --> ${to}`);
    },
    text: () => `${lines.join("\n")}\n`,
  };
}

/** A label on lines that the diagram breaks at; characters that mean something to Mermaid become entities. */
function labelText(label: string): string {
  const lines = label.split("\n").map((line) => {
    const shown = Array.from(line.replaceAll(/\s+/g, " ").trim());
    const short = shown.length > MAX_LABEL ? `${shown.slice(0, MAX_LABEL).join("")}…` : shown.join("");
    return short.replaceAll(/[#"<>&`{}[\]|\\]/g, (char) => `#${char.codePointAt(0)};`);
  });
  return lines.join("<br/>");
}
