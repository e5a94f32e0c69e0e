/** Workflow files, checked in a folder of their own. */
import type { Capabilities } from "../../src/adapter/capabilities.ts";
import { parseManifest } from "../../src/connector/manifest.ts";
import { lint } from "../../src/workflow/lint.ts";
import type { LintWorld } from "../../src/workflow/lint-subject.ts";
import { parse } from "../../src/workflow/parse.ts";

const sms: Capabilities = {
  text: { max: 160, unit: "septets" },
  options: { support: "fallback", max: 4, maxLabel: 20 },
  reservedWords: ["stop", "cancel", "end", "quit", "yes", "help", "info"],
  attachments: { support: "dropped", maxBytes: 0 },
  edit: "rejected",
  hint: "dropped",
  typing: "dropped",
  reconcile: "dropped",
  receipts: "native",
  quietMs: 0,
};
const slack: Capabilities = { ...sms, options: { support: "native", max: 25, maxLabel: 75 }, reservedWords: [] };

const CRM = `id: crm
base_url: https://crm.example
operations:
  get_account:
    kind: read
    request: GET /accounts
    input: { email: string, limit: number?, sort: "string?", since: date?, tags: list of string? }
    returns: { id: string, tier: [free, pro, enterprise] }
`;

/** A folder of these workflows, with two queues, two channels and the connector `crm`. */
export function world(...sources: string[]): LintWorld {
  const { manifest } = parseManifest(CRM, "connectors/crm.yaml");
  const workflows = sources.flatMap((source, index) => parse(source, `workflows/${index}.yaml`).partial ?? []);
  return {
    queues: ["front-line", "leads"],
    connectors: manifest === null ? {} : { crm: manifest },
    workflows,
    channels: { sms, slack },
    procedures: [{ id: "cancel-subscription" }],
  };
}

/** Parses and checks the first file; every fault as "line:column CODE". */
export function faults(source: string, ...others: string[]): string[] {
  const { workflow, partial, diagnostics } = parse(source, "workflows/0.yaml");
  const found = partial === null ? [] : lint(partial, world(source, ...others), { partial: workflow === null });
  return [...diagnostics, ...found].map(({ line, column, code }) => `${line}:${column} ${code}`);
}

/** A file with these steps. */
export const steps = (text: string): string => `id: a\non: conversation.opened\nsteps:\n${text}`;
