import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { parseManifest } from "../../src/connector/manifest.ts";
import { CODES } from "../../src/workflow/codes.ts";
import { parse } from "../../src/workflow/parse.ts";
import { STEP_NAMES } from "../../src/workflow/step-kinds.ts";
import { TRIGGER_NAMES } from "../../src/workflow/triggers.ts";

const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");
const blocks = (text: string): string[] => [...text.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, block = ""]) => block);

const workflows = read("workflows/README.md");
const connectors = read("connectors/README.md");

describe("the format reference", () => {
  test.each(blocks(workflows))("shows a workflow or steps that can be read: %s", (block) => {
    const source = block.startsWith("- ") ? `id: a\non: manual\nsteps:\n${block}` : block;
    expect(parse(source, "workflows/a.yaml").diagnostics).toEqual([]);
  });

  test.each(blocks(connectors))("shows a connector that can be read: %s", (block) => {
    expect(parseManifest(block, "connectors/a.yaml").diagnostics).toEqual([]);
  });

  test.each([...STEP_NAMES])("explains the step %s", (name) => expect(workflows).toContain(`**${name}** `));
  test.each([...TRIGGER_NAMES])("explains the trigger %s", (name) => expect(workflows).toContain(`\n| \`${name}\` | `));
  test.each(CODES.map(({ code, severity, meaning }) => [code, severity, meaning] as const))(
    "explains %s",
    (code, severity, meaning) => {
      expect(workflows).toContain(`| ${code} | ${severity} | ${meaning} |`);
    },
  );
});
