/** A conversation in which a workflow runs a procedure: connectors and code answer from stubs, a model from a script. */
import { parseManifest } from "../../src/connector/manifest.ts";
import type { CallResult } from "../../src/domain/call.ts";
import type { Command } from "../../src/procedure/command.ts";
import type { Connectors } from "../../src/procedure/head.ts";
import { parse } from "../../src/procedure/parse.ts";
import type { Operation, ProcedureRun } from "../../src/procedure/run.ts";
import type { AskRequest } from "../../src/turn/core/ask.ts";
import type { Release } from "../../src/turn/core/catalog.ts";
import type { TransitionOutcome } from "../../src/turn/core/outcome.ts";
import type { Workflow } from "../../src/workflow/definition.ts";
import { catalogOf, codes, release, type Scene, scene, toCustomer } from "../turn/scene.ts";

export type Stub = CallResult | ((request: AskRequest) => CallResult);

export interface Setting {
  /** Procedures by file name, with their text. */
  procedures: Readonly<Record<string, string>>;
  /** Connector files by name. */
  connectors: Readonly<Record<string, string>>;
  /** Answers by operation ("billing.get_subscription"), or by "code NAME". */
  stubs?: Readonly<Record<string, Stub>>;
  /** The model's answers, one after the other; null: it is unavailable. Left out: no model is set. */
  model?: readonly (readonly Command[] | null)[];
  /** Value of the workflow's `procedure:` step. */
  procedure?: string;
  channel?: "chat" | "text";
  /** Stores and loads the state after every event, and brings every answer twice. */
  killed?: true;
}

export interface ProcedureScene {
  play: Scene;
  /** The customer writes; everything that is asked is answered. Returns what they are told. */
  writes(text: string): string[];
  presses(option: string, prompt?: string): string[];
  /** Codes of the journal since the customer wrote last. */
  journal(): string[];
  /** Calls that were made: the operation with its input. */
  calls: { operation: string; input: unknown; key: string }[];
  /** Requests to the model. */
  requests: AskRequest<"model">[];
  run(): ProcedureRun | undefined;
}

export const done = (value: unknown): CallResult => ({ ok: true, value });
export const failed = (name: string, reason: "not_found" | "ambiguous" | "unreachable" = "not_found"): CallResult => ({
  ok: false,
  error: { reason, ...(name === "" ? {} : { name }), message: `it answered ${name || reason}`, retryable: false },
});

export function procedureScene(o: Setting): ProcedureScene {
  const play = scene(catalogOf(procedureRelease(o)), { channel: o.channel ?? "chat" });
  const script = [...(o.model ?? [])];
  const on: ProcedureScene = {
    play,
    calls: [],
    requests: [],
    writes: (text) => settle(play.writes(text)),
    presses: (option, prompt) => settle(play.presses(option, prompt)),
    journal: () => lines,
    run: () => play.state.runs[0]?.procedure,
  };
  let lines: string[] = [];
  const answer = (request: AskRequest): CallResult => {
    switch (request.kind) {
      case "call": {
        const operation = `${request.connector}.${request.operation}`;
        on.calls.push({ operation, input: request.input, key: request.key });
        return stubbed(o, operation, request);
      }
      case "code":
        return stubbed(o, `code ${request.block}`, request);
      case "model": {
        on.requests.push(request);
        const commands = script.shift();
        if (commands === undefined) throw new Error("The script of the model is over");
        if (commands === null) return failed("", "unreachable");
        return done({ commands, model: "scripted", costUsd: 0.001, tokens: { input: 10, cached: 0, output: 5 } });
      }
      case "fetch":
        return failed("", "unreachable");
    }
  };
  const settle = (first: TransitionOutcome): string[] => {
    const said: string[] = [];
    lines = [];
    const open = [first];
    for (let outcome = open.shift(); outcome !== undefined; outcome = open.shift()) {
      if (o.killed === true) play.resume(JSON.parse(JSON.stringify(play.state)) as typeof play.state);
      said.push(...toCustomer(outcome));
      lines.push(...codes(outcome));
      const off = new Set(outcome.calledOff);
      // The customer writes no more.
      const quiet = on.run()?.quiet ?? null;
      for (const { id } of outcome.alarms) if (quiet !== null && id.endsWith(quiet)) open.push(play.rings(id));
      for (const { id, request } of outcome.asks) {
        if (off.has(id)) continue;
        const result = answer(request);
        open.push(play.answers(result, id));
        if (o.killed === true) open.push(play.answers(result, id));
      }
    }
    return said;
  };
  return on;
}

function stubbed({ stubs = {} }: Setting, name: string, request: AskRequest): CallResult {
  const stub = stubs[name];
  if (stub === undefined) throw new Error(`Nothing answers ${name}`);
  return typeof stub === "function" ? stub(request) : stub;
}

function connectorsOf(files: Setting["connectors"]): Connectors {
  const read = Object.entries(files).map(([name, text]) => {
    const { manifest, diagnostics } = parseManifest(text, `connectors/${name}.yaml`);
    if (manifest === null) throw new Error(JSON.stringify(diagnostics, null, 1));
    return [name, manifest] as const;
  });
  return Object.fromEntries(read);
}

/** Releases by their files, since a property plays one hundreds of times. */
const compiled = new Map<string, Release>();

/** The release of these files. */
export function procedureRelease(o: Setting): Release {
  const key = JSON.stringify([o.procedures, o.connectors, o.procedure, o.model !== undefined]);
  const release = compiled.get(key) ?? compile(o, connectorsOf(o.connectors));
  compiled.set(key, release);
  return release;
}

function compile(o: Setting, connectors: Connectors): Release {
  const procedures = Object.entries(o.procedures).map(([name, text]) => {
    const { procedure, diagnostics } = parse(text, `procedures/${name}.md`, connectors);
    if (procedure === null) throw new Error(JSON.stringify(diagnostics, null, 1));
    return { ...procedure, version: "0123456789" };
  });
  const base = release({ help: HELP });
  const named = ({ steps, ...rest }: Workflow): Workflow => ({
    ...rest,
    steps: steps.map((step) => (step.kind === "procedure" ? { ...step, procedure: o.procedure ?? "auto" } : step)),
  });
  const workflows = base.workflows.map(named);
  const all = Object.entries(connectors).flatMap(([id, { operations }]) =>
    Object.values(operations).map((one): Operation => {
      const name = `${id}.${one.name}`;
      return { name, kind: one.kind, description: one.description, input: one.input, identity: {}, confirm: null };
    }),
  );
  const writes = new Set(all.flatMap(({ name, kind }) => (kind === "write" ? [name] : [])));
  return {
    ...base,
    workflows,
    procedures,
    operations: new Map(all.map((one) => [one.name, one])),
    writes,
    models: o.model !== undefined,
  };
}

const HELP = `
title: Help
status: live
on: [conversation.opened, message.received]
steps:
  - procedure: auto
    save: learnt
  - say: "outcome {{ procedure.outcome }}"
`;
