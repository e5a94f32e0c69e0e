/** Procedure files for tests: a sound one, of which a test changes one part. */
import { readFileSync } from "node:fs";
import { parseManifest } from "../../src/connector/manifest.ts";
import type { Connectors } from "../../src/procedure/head.ts";
import { type ParsedProcedure, parse } from "../../src/procedure/parse.ts";

export const readFixture = (name: string): string => readFileSync(new URL(`files/${name}`, import.meta.url), "utf8");

/** The connector `billing`, as its file has it. */
export function billing(): Connectors {
  const { manifest } = parseManifest(readFixture("billing.yaml"), "connectors/billing.yaml");
  if (manifest === null) throw new Error("The connector of the fixtures cannot be read.");
  return { billing: manifest };
}

const TRIGGER = `trigger:
  when: The customer wants to cancel their plan.
  examples: [please cancel my plan, stop my subscription, I want to quit]
`;
const FIELDS = `fields:
  reason: { type: enum, values: [price, quality, other], ask: Ask why., question: Why? }
  tries: { type: number, from: set }
  name: { type: text, ask: Ask for their name. }
  sub: { type: billing.Subscription, from: billing.get_subscription }
`;
const CONNECTORS = `connectors:
  billing.get_subscription: read
  billing.cancel_subscription: { only_if: sub.status == "active", confirm: customer, with: { id: sub.id } }
`;
const STEPS = `# Cancel

## Ask

Find out \`@ask reason\` and \`@ask name\`. \`@set tries = 1\`

- **If** \`reason == "price" && tries < 3\`: be brief with {{ name }}.
- **Else**: call \`@use billing.get_subscription\`.

## Cancel

\`@use billing.cancel_subscription\` and \`@end cancelled\`.
`;

export interface Parts {
  /** Lines of front matter before the trigger. */
  head?: string;
  trigger?: string;
  fields?: string;
  connectors?: string;
  /** Lines of front matter after the connectors. */
  more?: string;
  steps?: string;
}

/** A file with these parts in place of the sound ones. */
export function written({ head = "id: cancel", trigger, fields, connectors, more = "", steps }: Parts): string {
  const front = [`${head}\n`, trigger ?? TRIGGER, fields ?? FIELDS, connectors ?? CONNECTORS, more];
  return `---\n${front.join("")}---\n\n${steps ?? STEPS}`;
}

/** The sound front matter with these lines as the only step. */
export const step = (text: string): string => written({ steps: `## Ask\n\n${text}\n` });

export const parsed = (source: string): ParsedProcedure => parse(source, "procedures/cancel.md", billing());
