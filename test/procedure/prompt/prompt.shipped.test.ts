/** The prompts of the procedures that we ship, at every step. */
import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { parseManifest } from "../../../src/connector/manifest.ts";
import { type ConnectorManifest, operationOf } from "../../../src/domain/connector-schema.ts";
import type { Procedure } from "../../../src/procedure/definition.ts";
import { parse } from "../../../src/procedure/parse.ts";
import type { Operation } from "../../../src/procedure/run.ts";
import { chatRequestFaults } from "../../support/openai-rules.ts";
import { customer, promptOf, serialised, standing, tailOf } from "./scene.ts";

const filesOf = (folder: string, ending: string): [string, string][] =>
  readdirSync(folder)
    .filter((name) => name.endsWith(ending) && name !== "README.md")
    .map((name) => [`${folder}/${name}`, readFileSync(`${folder}/${name}`, "utf8")]);

const connectors: Record<string, ConnectorManifest> = Object.fromEntries(
  filesOf("connectors", ".yaml").flatMap(([path, source]) => {
    const { manifest } = parseManifest(source, path);
    return manifest === null ? [] : [[manifest.id, manifest]];
  }),
);
const shipped: Procedure[] = filesOf("procedures", ".md").flatMap(
  ([path, source]) => parse(source, path, connectors).procedure ?? [],
);

function operation(name: string): Operation | null {
  const [connector = "", id = ""] = name.split(".");
  const manifest = connectors[connector];
  const found = manifest === undefined ? undefined : operationOf(manifest, id);
  if (found === undefined) return null;
  const { kind, description, input, identity } = found;
  return { name, kind, description, input, identity, confirm: null };
}

/** Characters of a prompt without a conversation: some 5,000 tokens, of which nearly all are cached. */
const PROMPT_MAX = 20_000;
/** Characters of the state, which are never cached. */
const TAIL_MAX = 2_500;

describe("the prompts of the procedures that we ship", () => {
  test.each(shipped.flatMap((procedure) => procedure.steps.map((step) => [procedure.id, step.id, procedure] as const)))(
    "%s, %s",
    (_, step, procedure) => {
      const prompt = promptOf({
        procedures: shipped,
        said: [customer("hello")],
        run: { stack: [standing(procedure, { step })] },
        more: { release: { id: 1, procedures: shipped, operation, voice: "" } },
      });
      const tools = prompt.tools.map(({ arguments: _parser, ...tool }) => ({ type: "function", function: tool }));
      expect(chatRequestFaults({ model: "gpt-test", messages: prompt.messages, tools })).toEqual([]);
      for (const used of Object.keys(procedure.uses))
        expect(prompt.tools.map(({ name }) => name)).toContain(`use_${used.replace(".", "_")}`);
      expect(tailOf(prompt)).toContain(`Step: ${step} (`);
      expect(tailOf(prompt).length).toBeLessThan(TAIL_MAX);
      expect(serialised(prompt).length).toBeLessThan(PROMPT_MAX);
    },
  );
});
