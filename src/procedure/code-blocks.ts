/** Code blocks: run by the shell as soon as all their inputs are known, and their results kept. */
import type { CallResult } from "../domain/call.ts";
import { own } from "../lib/own.ts";
import { over } from "./activation.ts";
import { setField } from "./fields.ts";
import type { OpenAsk } from "./run.ts";
import { active, changeRun, fieldValue, journal, type Move, mint, on, type Work } from "./work.ts";

type CodeAsk = Extract<OpenAsk, { kind: "code" }>;

/** Asks for the blocks whose inputs are known and whose field is not set. True: some are under way. */
export function runCode(work: Work): boolean {
  const here = active(work);
  for (const field of Object.values(here?.procedure.fields ?? {})) {
    if (field.from.kind !== "code" || fieldValue(work, field.name) !== undefined) continue;
    const { block } = field.from;
    const code = here === null ? undefined : own(here.procedure.code, block);
    const inputs = code?.inputs.map((name) => [name, fieldValue(work, name)?.value] as const) ?? [];
    const underWay = work.run.asks.some((one) => one.kind === "code" && one.block === block);
    if (here === null || code === undefined || underWay || inputs.some(([, value]) => value === undefined)) continue;
    const ask = mint(work);
    changeRun(work, { asks: [...work.run.asks, { kind: "code", ask, block }] });
    journal(work, "code.requested", `Ran the code ${block}`);
    work.effects.push({ kind: "code", ask, procedure: here.procedure.id, block, inputs: Object.fromEntries(inputs) });
  }
  return work.run.asks.some(({ kind }) => kind === "code");
}

/** Sets the fields that come from a block; a block that fails leaves the decision to a person. */
export function onCodeResult(work: Work, { block }: CodeAsk, result: CallResult): Move {
  if (!result.ok) {
    const because = `The code ${block} failed: ${result.error.message}`;
    journal(work, "code.failed", because);
    return over(work, { kind: "handoff", to: "", reason: "failure", because, summary: "" });
  }
  journal(work, "code.done", `The code ${block} answered`);
  for (const field of Object.values(active(work)?.procedure.fields ?? {})) {
    if (field.from.kind === "code" && field.from.block === block)
      setField(work, field, { value: result.value, quote: "" });
  }
  changeRun(work, { news: true });
  return on;
}
